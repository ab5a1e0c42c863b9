"""Findings that a team dismissed: a file in the workspace that is committed with it, read by content.

A finding is known by its rule, what it is about and the line that it quotes, not by where that stands. In
another file it is another one, unless the file that is named is gone: then it was renamed.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from codenook.context.files.repository import text_of
from codenook.server.review.finding import Finding
from codenook.server.review.merge import line_of
from codenook.server.review.scope.change import Change
from codenook.server.tasks.saving import NotSaved, save
from codenook.server.toml import tables

FILE = ".codenook/dismissed.toml"

_HEAD = """\
# Findings of `codenook review` that are not told again, as long as the line stays as it is.
# Written by `codenook review --dismiss FILE:LINE`; lines may be moved, edited and taken out by hand.
"""
_NAMES = ("rule", "path", "line", "subject")


@frozen
class Dismissal:
    """A finding that is not told again, and why."""

    rule: str
    path: str
    line: str
    subject: str = ""
    why: str = ""

    @classmethod
    def of(cls, change: Change, finding: Finding, why: str = "") -> "Dismissal":
        """The dismissal of a finding."""
        file = change.by_path.get(finding.path)
        line = line_of(file, finding) if file else ""
        return cls(finding.rule.id, finding.path, line, finding.subject, why)

    def means(self, other: "Dismissal", root: Path) -> bool:
        """Whether ``other`` is of the same finding."""
        same = (self.rule, self.line, self.subject) == (other.rule, other.line, other.subject)
        return same and (self.path == other.path or not os.path.exists(root / self.path))  # noqa: PTH110 - pathlib's may raise


@frozen
class Dismissed:
    """What is dismissed in a workspace; ``problems`` says what of the file can't be read, a line each."""

    root: Path
    dismissals: tuple[Dismissal, ...] = ()
    problems: tuple[str, ...] = ()

    @classmethod
    def read(cls, root: Path) -> "Dismissed":
        """Read the file of the workspace at ``root``; without one nothing is dismissed."""
        text = text_of(root / FILE)
        try:
            listed = tables(text).get("dismissed", [])
        except ValueError as error:
            return cls(root, problems=(f"{FILE} can't be read, nothing is dismissed: {error}",))
        found: list[Dismissal] = []
        problems: list[str] = []
        for number, each in enumerate(listed if isinstance(listed, list) else [listed], start=1):
            given = {name: each.get(name, "") for name in (*_NAMES, "why")} if isinstance(each, dict) else {}
            if (
                given.get("rule")
                and given["line"]
                and all(isinstance(value, str) for value in given.values())
            ):
                found.append(Dismissal(**given))
            else:
                problems.append(f"{FILE}: entry {number} needs the texts rule, path and line; it is ignored")
        return cls(root, tuple(found), tuple(problems))

    def without(self, change: Change, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings that are not dismissed."""

        def is_dismissed(finding: Finding) -> bool:
            own = Dismissal.of(change, finding)
            return any(each.means(own, self.root) for each in self.dismissals)

        return tuple(finding for finding in findings if not is_dismissed(finding))

    def add(self, change: Change, findings: Sequence[Finding], why: str = "") -> int:
        """Write more dismissals to the file, and return how many are new.

        Raises NotSaved when it can't be written, has a problem, or doesn't stand there itself: what stands
        in the place of a link may be anything, and is not the team's list.
        """
        if self.problems:
            raise NotSaved(self.problems[0])
        path = self.root / FILE
        if Path(os.path.realpath(path)) != Path(os.path.realpath(self.root), FILE):
            raise NotSaved(f"{FILE} is a link, or in a folder that is one; nothing is written through it")
        new = dict.fromkeys(Dismissal.of(change, finding, why) for finding in findings)
        new = {
            each: None for each in new if not any(known.means(each, self.root) for known in self.dismissals)
        }
        if new:
            before = _begun(path)
            save(path, before, before.rstrip("\n") + "\n" + "".join(map(_written, new)))
        return len(new)


def _begun(path: Path) -> str:
    """The text of the file, which is made where there is none; raises NotSaved."""
    try:
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            path.write_text(_HEAD, encoding="utf-8", newline="")
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise NotSaved(f"{FILE} can't be written: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise NotSaved(f"{FILE} is not UTF-8; it is left as it is") from None


def _written(dismissal: Dismissal) -> str:
    rows = [f"{name} = {_text(getattr(dismissal, name))}" for name in _NAMES if getattr(dismissal, name)]
    if dismissal.why:
        rows.append(f"why = {_text(dismissal.why)}")
    return "\n[[dismissed]]\n" + "\n".join(rows) + "\n"


def _text(value: str) -> str:
    """A basic string of TOML: JSON's, with the one character escaped that only TOML forbids."""
    return json.dumps(value.encode("utf-8", "replace").decode(), ensure_ascii=False).replace(
        "\x7f", "\\u007f"
    )
