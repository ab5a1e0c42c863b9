"""The settings: one class, and the places that a value can come from.

Strongest first: command line, the editor's settings, those that the editor keeps for the machine, the
project's ``.codenook.toml``, the user's ``config.toml``, the defaults below. A value that cannot be used
is named in a message and the next place is asked; settings never keep codenook from starting.
"""

import difflib
import json
import os
import re
import reprlib
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import attrs
import cattrs
import platformdirs
from attrs import field, frozen

from codenook.models.engine.options import EngineOptions
from codenook.models.engine.room import QUIET_S, WAIT_S, BothModels
from codenook.models.hub import store
from codenook.models.hub.catalog import Role, catalog
from codenook.server import globs
from codenook.server.globs import BrokenGlobs
from codenook.server.review.team import BrokenRules, TeamRule, rules_of
from codenook.server.toml import tables

PROJECT_FILE = ".codenook.toml"
USER_FILE_VARIABLE = "CODENOOK_CONFIG_FILE"
_MAX_PROJECT_BYTES = 1 << 20

LINTERS = ("ruff", "flake8", "pylint", "mypy", "pyright", "eslint", "tsc", "clippy")
"""The linters that a review knows; `review/sources/linters/table.py` has what it knows of them."""


class LogLevel(StrEnum):
    """How much codenook writes to stderr; no level writes source text."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    DEBUG = "debug"


class OnBattery(StrEnum):
    """What codenook does while the machine runs on its battery."""

    FULL = "full"
    EXPLICIT = "explicit"
    OFF = "off"


@frozen
class Within:
    """Validator of a whole number; ``most`` None means no upper end."""

    least: int
    most: int | None = None

    def __call__(self, _settings: object, _field: object, value: int) -> None:
        """Raise ValueError for a number outside."""
        if value < self.least or (self.most is not None and value > self.most):
            raise ValueError(f"outside {self}")

    def __str__(self) -> str:
        return f"from {self.least}" + (f" to {self.most}" if self.most is not None else "")


def _are_globs(_settings: object, _field: object, patterns: Sequence[str]) -> None:
    """Raise ValueError for patterns that .gitignore would not take, or that take too long."""
    globs.check(patterns)


def _are_severities(_settings: object, _field: object, pairs: Sequence[str]) -> None:
    """Raise ValueError for what is no ``rule=severity``."""
    for pair in pairs:
        if not re.fullmatch(r"[\w/-]+=(?:hint|info|warning|error)", pair):
            raise ValueError(pair)


def _are_linters(_settings: object, _field: object, names: Sequence[str]) -> None:
    """Raise ValueError for a linter that no review knows."""
    if unknown := set(names) - set(LINTERS):
        raise ValueError(", ".join(sorted(unknown)))


def _about(description: str, *, unit: str = "", user_only: bool = False) -> Mapping[str, Any]:
    """Describe a setting; one for the ``user_only`` is refused where a project may have written it."""
    return {"description": description, "unit": unit, "user_only": user_only}


@frozen
class Settings:
    """What a user can set. Names carry the unit: ``*_ms``, ``*_s``, ``n_*`` for counts."""

    enabled: bool = field(default=True, metadata=_about("Whether codenook offers completions."))
    languages_off: tuple[str, ...] = field(
        default=(),
        metadata=_about("Languages in which it offers none.", unit="language ids, as LSP spells them"),
    )
    files_off: tuple[str, ...] = field(
        default=(),
        validator=_are_globs,
        metadata=_about(
            "Files in which it offers none, by their path in the workspace folder; outside of one, by their "
            "whole path.",
            unit="globs as in .gitignore",
        ),
    )
    on_battery: OnBattery = field(
        default=OnBattery.FULL,
        metadata=_about(
            "What codenook does while the machine runs on its battery: all it does otherwise, only what it "
            "is asked for on purpose, or nothing."
        ),
    )
    index: bool = field(
        default=True,
        metadata=_about(
            "Whether codenook keeps an index of the workspace on disk, in the user's cache folder: what the "
            "files define, import and mention. Without one, files are read when they are asked about."
        ),
    )
    memory: bool = field(
        default=True,
        metadata=_about(
            "Whether the engine remembers the workspace: what follows the same code in its files is mixed "
            "with what the model expects, as far as that has proved right there. Kept on disk, in the user's "
            "cache folder."
        ),
    )
    stale_docs: bool = field(
        default=True,
        metadata=_about(
            "Whether documentation that the code has left behind is shown as diagnostics: parameters that "
            "are gone or missing, wrong defaults, exceptions that can't be raised, results of functions that "
            "return nothing."
        ),
    )
    review_off: tuple[str, ...] = field(
        default=(),
        metadata=_about(
            "What a review does not tell.", unit="ids of rules, or categories such as unused or style"
        ),
    )
    review_severities: tuple[str, ...] = field(
        default=(),
        validator=_are_severities,
        metadata=_about(
            "How severe a review takes a rule, or all rules of a category; of both, the rule's counts.",
            unit="rule=severity, the severity hint, info, warning or error",
        ),
    )
    review_files_off: tuple[str, ...] = field(
        default=(),
        validator=_are_globs,
        metadata=_about("Files that a review does not look at.", unit="globs as in .gitignore"),
    )
    review_rules: tuple[TeamRule, ...] = field(
        default=(),
        metadata=_about(
            "Rules of the team that a chat model checks changes for, in words; in a file each is a table "
            "`[[review.rules]]`.",
            unit="as review.md describes them",
        ),
    )
    review_linters: tuple[str, ...] = field(
        default=(),
        validator=_are_linters,
        metadata=_about(
            "The linters and type checkers that a review asks; without any, those that the project "
            "configures. They run in a sandbox, and in trusted folders alone.",
            unit=f"of {', '.join(LINTERS)}",
        ),
    )
    trusted_folders: tuple[str, ...] = field(
        default=(),
        metadata=_about(
            "Folders whose projects you trust: their own tools may run there, in a sandbox, for a review the "
            "linters that they configure.",
            unit="absolute paths, or from ~ on",
            user_only=True,
        ),
    )
    unit_tests_time_s: int = field(
        default=60,
        validator=Within(5, 3600),
        metadata=_about(
            "How long making unit tests of one definition may take. When the time is up, what is there is "
            "kept, and it is said how many faults were not tried.",
            unit="s",
        ),
    )
    translation_time_s: int = field(
        default=300,
        validator=Within(5, 86_400),
        metadata=_about(
            "How long translating one definition or file may take. When the time is up, what is there is "
            "shown for what it is, and the rest is named.",
            unit="s",
        ),
    )
    comment_lenses: bool = field(
        default=False,
        metadata=_about(
            "Whether a code lens above each definition without documentation offers to write it."
        ),
    )
    model: str = field(
        default="",
        metadata=_about(
            "The model of the role fim, which completes: a name of `codenook models list` that was pulled, "
            "or the path of a GGUF file with fill-in-the-middle tokens; empty means the bundled one.",
            user_only=True,
        ),
    )
    chat_model: str = field(
        default="",
        metadata=_about(
            "The model of the role chat, which follows instructions: a name or a path as for `model`; empty "
            "means the same as `model`.",
            user_only=True,
        ),
    )
    both_models: BothModels = field(
        default=BothModels.WHEN_THEY_FIT,
        metadata=_about(
            "What happens when the engine of one of the two is to be started while the other's runs. "
            "`when_they_fit`: it is started beside the other if its file, its KV cache and 0.3 GB fit the "
            "memory that is available then; if they don't, the other engine is ended first. "
            "`one_at_a_time`: the other engine is ended first in any case. `always`: it never is. "
            f"An engine is ended only after {QUIET_S:.0f} s without a request of any window; if that does "
            f"not come about within {WAIT_S:.0f} s, the reason is `model_waits`.",
            user_only=True,
        ),
    )
    n_candidates: int = field(
        default=3, validator=Within(1, 8), metadata=_about("How many different candidates to offer.")
    )
    n_max_tokens: int = field(
        default=64,
        validator=Within(1, 1024),
        metadata=_about("How long one candidate can get.", unit="tokens of the model"),
    )
    n_prompt_tokens: int = field(
        default=1024,
        validator=Within(64, 1_000_000),
        metadata=_about("How much the model reads for one request, at most.", unit="tokens of the model"),
    )
    n_context_tokens: int = field(
        default=512,
        validator=Within(0, 100_000),
        metadata=_about(
            "How much of that may come from other files: signatures of what this one imports and uses.",
            unit="tokens of the model",
        ),
    )
    debounce_min_ms: int = field(
        default=20,
        validator=Within(0, 10_000),
        metadata=_about("The shortest wait before an automatic request reaches the model.", unit="ms"),
    )
    debounce_max_ms: int = field(
        default=250,
        validator=Within(0, 10_000),
        metadata=_about("The longest such wait, while keys follow fast on a slow model.", unit="ms"),
    )
    engine_idle_s: int = field(
        default=600,
        validator=Within(1),
        metadata=_about(
            "How long the engine keeps the model in memory after its last request.", unit="s", user_only=True
        ),
    )
    n_threads: int = field(
        default=0,
        validator=Within(0, 512),
        metadata=_about(
            "Processor threads of the engine; 0 means one for each physical core.", user_only=True
        ),
    )
    n_gpu_layers: int = field(
        default=-1,
        validator=Within(-1),
        metadata=_about(
            "Layers of the model that a GPU takes over, where llama.cpp was built for one; -1 means all.",
            user_only=True,
        ),
    )
    n_kv_cells: int = field(
        default=8192,
        validator=Within(512, 1 << 20),
        metadata=_about(
            "Size of the engine's memory of prompts (its KV cache), shared by all windows. A small model "
            "has a cache as long as its context for each prompt instead.",
            unit="tokens of the model",
            user_only=True,
        ),
    )
    log_level: LogLevel = field(
        default=LogLevel.WARNING, metadata=_about("What codenook writes to stderr; never source text.")
    )

    @property
    def model_path(self) -> Path:
        """Where the model that completes is, or should be."""
        return store.locate(self.model)

    def model_path_of(self, role: Role) -> Path:
        """Return where the model of ``role`` is, or should be."""
        return self.model_path if role is Role.FIM else store.locate(self.chat_model or self.model)

    @property
    def engine_options(self) -> EngineOptions:
        """How the engine is started; windows with equal ones share an engine."""
        return EngineOptions(
            n_threads=self.n_threads,
            n_gpu_layers=self.n_gpu_layers,
            n_kv_cells=self.n_kv_cells,
            idle_exit_s=self.engine_idle_s,
        )


@frozen
class Source:
    """One place that settings come from: its name for messages, and what it says.

    ``is_users`` is False where what an opened project contains can end up in the values.
    """

    name: str
    values: Mapping[str, object]
    is_users: bool = True


def merge(sources: Sequence[Source]) -> tuple[Settings, list[str]]:
    """Lay ``sources`` over the defaults, the strongest last; each message names a value that was ignored."""
    settings, problems = Settings(), []
    for source in sources:
        for name, value in source.values.items():
            if value is None:
                continue
            try:
                settings = _with(settings, name, value, is_users=source.is_users)
            except ValueError as error:
                problems.append(f"{source.name}: {error}; ignored")
    return settings, problems


def load(
    *,
    overrides: Mapping[str, object] | None = None,
    client: Mapping[str, object] | None = None,
    machine: Mapping[str, object] | None = None,
    workspace: Path | None = None,
) -> tuple[Settings, list[str]]:
    """Read the files and merge everything; each message names a value or file that was ignored.

    ``client`` are the editor's settings, which a workspace may have a part in; ``machine`` are those of
    which the editor says that no workspace has. One that ``client`` only repeats is passed over.
    """
    problems: list[str] = []
    user, project = user_file(), workspace / PROJECT_FILE if workspace else None
    machine = machine or {}
    others = {name: value for name, value in (client or {}).items() if machine.get(name) != value}
    sources = [
        Source(f"user settings {user}", _read(user, problems)),
        Source(f"project settings {project}", _read(project, problems, within=workspace), is_users=False),
        Source("editor settings of this machine", machine),
        Source("editor settings", others, is_users=False),
        Source("command line", overrides or {}),
    ]
    settings, ignored = merge(sources)
    problems += [
        f"{name} is not on this machine: codenook models pull {name}"
        for name in dict.fromkeys((settings.model, settings.chat_model))
        if name in catalog() and not store.path_of(name).is_file()
    ]
    return settings, problems + ignored


def user_file() -> Path:
    """Where the user's own settings are read from."""
    if elsewhere := os.environ.get(USER_FILE_VARIABLE):
        return Path(elsewhere)
    return platformdirs.user_config_path("codenook") / "config.toml"


def _read(path: Path | None, problems: list[str], within: Path | None = None) -> Mapping[str, object]:
    """What a file says; one of a project, which anybody may have written, is small and ``within`` it."""
    if path is None:
        return {}
    try:
        if within is not None:
            _check(path, within)
        return _flat(tables(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        problems.append(f"{path}: cannot be read ({error}); ignored")
        return {}


def _check(path: Path, within: Path) -> None:
    """Raises OSError, or ValueError for what isn't a small file in the folder."""
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(within)):
        raise ValueError("it is a link that leads outside of the project")
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("it is not a file")
    if status.st_size > _MAX_PROJECT_BYTES:
        raise ValueError(f"it is larger than {_MAX_PROJECT_BYTES >> 20} MB")


def _flat(values: Mapping[str, object]) -> Mapping[str, object]:
    """The values with those of a table ``[review]`` under their whole names: ``off`` is ``review_off``."""
    flat: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat |= {f"{name}_{key}": each for key, each in value.items()}
        else:
            flat[name] = value
    return flat


def _with(settings: Settings, name: str, value: object, *, is_users: bool) -> Settings:
    """Set one value; the ValueError says what is wrong with it."""
    setting = _SETTINGS.get(name)
    if setting is None:
        near = difflib.get_close_matches(name, _SETTINGS, n=1)
        raise ValueError(f"unknown setting {name!r}" + (f", did you mean {near[0]!r}?" if near else ""))
    if setting.metadata["user_only"] and not is_users:
        raise ValueError(
            f"{name!r} cannot be set by a project or a workspace, only by the user: in {user_file()} "
            "or in the editor's machine settings"
        )
    kind: Any = setting.type
    try:
        return attrs.evolve(settings, **{name: _CONVERTER.structure(value, kind)})
    except (BrokenRules, BrokenGlobs) as error:
        raise ValueError(f"{name!r}: {error}") from None
    except (ValueError, TypeError):
        raise ValueError(f"{name!r} is {reprlib.repr(value)}, but should be {_takes(setting)}") from None


def _exactly(value: object, kind: type) -> Any:
    """Take a value of the very type: ``true`` is no number and ``"3"`` is none either."""
    if type(value) is not kind:
        raise TypeError(f"not a {kind.__name__}")
    return value


def _texts(value: object, _kind: object) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise TypeError("not a list")
    return tuple(_exactly(text, str) for text in value)


def _takes(setting: "attrs.Attribute[Any]") -> str:
    return ", ".join(part for part in (_expected(setting), setting.metadata["unit"]) if part)


def _expected(setting: "attrs.Attribute[Any]") -> str:
    kind: Any = setting.type
    if kind is bool:
        return "true or false"
    if kind is str:
        return "a text"
    if kind == tuple[str, ...]:
        return "a list of texts"
    if kind == tuple[TeamRule, ...]:
        return "a list of tables"
    if kind in _CHOICES:
        return "one of " + ", ".join(kind)
    return f"a whole number {setting.validator}"


_SETTINGS: Mapping[str, "attrs.Attribute[Any]"] = attrs.fields_dict(Settings)
_CHOICES = (BothModels, LogLevel, OnBattery)
_CONVERTER = cattrs.Converter()
for _kind in (bool, int, str):
    _CONVERTER.register_structure_hook(_kind, _exactly)
for _choice in _CHOICES:
    _CONVERTER.register_structure_hook(_choice, lambda value, kind: kind(value))
_CONVERTER.register_structure_hook_func(lambda kind: kind == tuple[str, ...], _texts)
_CONVERTER.register_structure_hook_func(
    lambda kind: kind == tuple[TeamRule, ...], lambda value, _kind: rules_of(value)
)


_PAGE = """\
# Settings

One class holds every setting: `Settings` in `server/config.py`. This page is written from it
(`python -m codenook.server.config`), and a test keeps the two equal.

A value is taken from the first of these places that has one:

1. the command line;
2. the editor: `initializationOptions`, the section `codenook` of `workspace/configuration`, and
   `workspace/didChangeConfiguration`, except settings marked *user only*;
3. the editor's settings for this machine: the object `machine` in `initializationOptions`, and
   `codenook/didChangeMachineSettings`;
4. the project: `.codenook.toml` in the workspace's root folder, except settings marked *user only*;
5. the user: `config.toml` in codenook's configuration folder (`~/.config/codenook/` on Linux,
   `~/Library/Application Support/codenook/` on macOS), or the file that the environment variable
   `CODENOOK_CONFIG_FILE` names;
6. the default.

A project that you open must not choose what runs on your machine: settings marked *user only* count on the
command line, in the user's file and in what the editor passes as `machine`. In its other settings an editor
may mix values from the opened workspace, so one found there is named in a message and ignored. How an editor
passes `machine` is in [lsp.md](lsp.md#settings-of-the-machine). A project's file is read up to 1 MB, and not
through a link that leads outside of the project.

Names are the same everywhere, for example `n_candidates = 5` in a file. Settings that begin alike may stand
in a table of a file: `off` below `[review]` is `review_off`. An unknown name or an unusable value
is shown in a message, and the next place is asked; it never keeps codenook from starting. Null means not set.
Changes in the editor count at once; changed files are read again with the editor's next change.

| setting | default | takes | meaning |
| --- | --- | --- | --- |
"""


def settings_page() -> str:
    """Write ``docs/settings.md``."""
    return _PAGE + "".join(_rows())


def _rows() -> Iterator[str]:
    for name, setting in _SETTINGS.items():
        default = json.dumps(setting.default)
        only = " *User only.*" if setting.metadata["user_only"] else ""
        yield f"| `{name}` | `{default}` | {_takes(setting)} | {setting.metadata['description']}{only} |\n"


if __name__ == "__main__":
    sys.stdout.write(settings_page())
