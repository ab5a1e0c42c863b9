"""Writes the server's settings into ``package.json``, which declares them to VS Code.

usage: python -P -E editors/vscode/settings.py     (with a Python that has codenook)
"""  # noqa: INP001

import enum
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from codenook.server.config import Settings
from codenook.server.review.team import TeamRule

MANIFEST = Path(__file__).with_name("package.json")

OF_THE_EXTENSION = {
    "codenook.python": {
        "order": 0,
        "scope": "machine",
        "type": "string",
        "default": "",
        "markdownDescription": "The Python that codenook is installed in. Empty means the one beside the "
        "command `codenook` on the PATH, or else `python3` (on Windows `python`).",
    }
}


def declared() -> dict[str, Any]:
    """Return all settings as ``contributes.configuration.properties`` holds them."""
    servers = enumerate(attrs.fields(Settings), start=1)
    return OF_THE_EXTENSION | {
        f"codenook.{setting.name}": {"order": place} | _declaration(setting) for place, setting in servers
    }


def _declaration(setting: "attrs.Attribute[Any]") -> Mapping[str, Any]:
    about = setting.metadata
    return {
        "scope": "machine" if about["user_only"] else "window",
        **_values(setting),
        "description": f"{about['description'][:-1]} ({about['unit']})."
        if about["unit"]
        else about["description"],
    }


def _values(setting: "attrs.Attribute[Any]") -> Mapping[str, Any]:
    kind: Any = setting.type
    if kind is bool:
        return {"type": "boolean", "default": setting.default}
    if kind is str:
        return {"type": "string", "default": setting.default}
    if kind is int:
        limits: Any = setting.validator
        most = {} if limits.most is None else {"maximum": limits.most}
        return {"type": "integer", "default": setting.default, "minimum": limits.least, **most}
    if kind == tuple[str, ...]:
        return {"type": "array", "items": {"type": "string"}, "default": list(setting.default)}
    if kind == tuple[TeamRule, ...]:
        return {"type": "array", "items": {"type": "object"}, "default": []}
    if issubclass(kind, enum.StrEnum):
        return {"type": "string", "enum": list(kind), "default": str(setting.default)}
    raise TypeError(f"{setting.name}: say here how {kind} is declared to VS Code")


if __name__ == "__main__":
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    manifest["contributes"]["configuration"]["properties"] = declared()
    MANIFEST.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
