"""HumanEvalPack: summaries beside those that people wrote, and beside the function's name in words."""

import difflib
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import define

from codenook.models.hub.catalog import Role
from codenook.server.config import Settings
from codenook.server.engines import Engines
from codenook.server.tasks.blanks import Part
from codenook.server.tasks.comment import Comment, CommentRequest
from codenook.server.tasks.document import Document
from codenook.server.tasks.workspaces import Workspaces


@define
class Compared:
    """Sums over the problems; ``similarity`` and ``naive`` are means over those that were applied."""

    problems: int = 0
    applied: int = 0
    parameters: int = 0
    covered: int = 0
    similarity: float = 0.0
    naive: float = 0.0


async def compare(settings: Settings, data: Path, n: int) -> Compared:
    """Document the right solutions without their docstrings, and compare."""
    compared, engines, workspaces = Compared(), Engines(settings), Workspaces()
    comment = Comment(engines.of(Role.FIM), settings, workspaces)
    for problem in list(problems(data / "humanevalpack_python.jsonl.gz"))[:n]:
        path = Path(f"/{problem['task_id']}.py")
        text = problem["declaration"] + problem["canonical_solution"]
        document = Document(path.as_uri(), path, text, "python")
        result = await comment(CommentRequest(document, problem["entry_point"]))
        names = re.findall(
            r"(\w+)\s*(?::[^,()]*(?:\[[^\]]*\])?)?\s*(?:,|\))", problem["signature"].split("->")[0]
        )
        compared.problems += 1
        compared.parameters += len(names)
        if result.edit is None:
            continue
        compared.applied += 1
        compared.covered += sum(words.part is Part.PARAMETER for words in result.words)
        summary = next(words.text for words in result.words if words.part is Part.SUMMARY)
        reference = problem["docstring"].split(">>>")[0]
        compared.similarity += similarity(summary, reference)
        compared.naive += similarity(problem["entry_point"].replace("_", " "), reference)
    await engines.close()
    compared.similarity /= max(1, compared.applied)
    compared.naive /= max(1, compared.applied)
    return compared


def problems(path: Path) -> Iterator[dict[str, Any]]:
    """The problems in a file with a JSON object on each line."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def similarity(said: str, reference: str) -> float:
    """The share of words in common, in order: the ratio of difflib over words."""
    words = [re.findall(r"[a-z]+", text.lower()) for text in (said, reference)]
    return difflib.SequenceMatcher(None, *words, autojunk=False).ratio()
