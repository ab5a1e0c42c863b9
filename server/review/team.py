"""Rules of a team in words: ``[[review.rules]]`` in a project's settings, each a question to a chat model.

What a repository says here is text that a model reads, in a conversation of its own: it can run nothing,
choose no model and take back no finding. So it counts in every workspace; its amount is limited.
"""

import reprlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from attrs import field, frozen
from pathspec import GitIgnoreSpec

from codenook.context.parse import language_named
from codenook.server import globs
from codenook.server.globs import BrokenGlobs
from codenook.server.review.finding import Category, Rule, Severity, SourceName
from codenook.server.review.scope.change import ChangedFile

PREFIX = "team/"

N_RULES = 20
"""How many rules a project may have: each is asked about every hunk that it concerns."""

MAX_CHARACTERS, MAX_EXAMPLE = 400, 1500
"""How long a rule may be, and an example of it."""

_ID = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_TEXTS = ("id", "says", "severity", "category", "good", "bad")
_LISTS = ("paths", "languages")


class BrokenRules(ValueError):
    """A list of rules can't be used; the message says which one and why, without a full stop."""


@frozen
class TeamRule:
    """One rule: what it ``says``, the files that it concerns, and code that keeps it (``good``) or not.

    ``paths`` are globs as in .gitignore, ``languages`` ids as LSP spells them; empty for all files.
    """

    id: str
    says: str
    severity: Severity = Severity.WARNING
    category: Category = Category.STYLE
    paths: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    good: str = ""
    bad: str = ""
    rule: Rule = field(init=False)

    @rule.default
    def _as_rule(self) -> Rule:
        return Rule(
            f"{PREFIX}{self.id}",
            " ".join(self.says.split()),
            "A rule of the team, which the project's `.codenook.toml` has in words.",
            self.category,
            self.severity,
            SourceName.READING,
        )

    def concerns(self, file: ChangedFile) -> bool:
        """Whether the file is one that it is about; where it doesn't say, one in a language that is read."""
        language = file.language.id if file.language else ""
        if self.languages and language not in self.languages:
            return False
        if self.paths:
            return GitIgnoreSpec.from_lines(self.paths).match_file(file.path)
        return bool(language)

    @property
    def example_path(self) -> str:
        """A name for examples of it, by which their language is told."""
        known = language_named(self.languages[0] if self.languages else "python")
        suffix = known.extensions[0] if known else ""
        named = next((PurePosixPath(path).suffix for path in self.paths if PurePosixPath(path).suffix), "")
        return f"example{suffix if self.languages else named or suffix}"


def rules_of(value: object) -> tuple[TeamRule, ...]:
    """The rules of a list of tables, as TOML and JSON give it. Raises BrokenRules."""
    if not isinstance(value, list | tuple):
        raise BrokenRules(f"is {reprlib.repr(value)}, but should be a list of tables")
    if len(value) > N_RULES:
        raise BrokenRules(f"has {len(value)} rules, but may have {N_RULES}")
    found: dict[str, TeamRule] = {}
    for number, table in enumerate(value, start=1):
        try:
            rule = _rule(table)
        except ValueError as error:
            raise BrokenRules(f"rule {number}{_named(table)}: {error}") from None
        if rule.id in found:
            raise BrokenRules(f"rule {number} has the id of another one, {rule.id!r}")
        found[rule.id] = rule
    return tuple(found.values())


def _named(table: object) -> str:
    name = table.get("id") if isinstance(table, Mapping) else None
    return f" ({reprlib.repr(name)})" if isinstance(name, str) else ""


def _rule(table: object) -> TeamRule:
    """Read one table; the ValueError says what is wrong with it."""
    if not isinstance(table, Mapping):
        raise ValueError("is no table")  # noqa: TRY004 - a setting's
    if unknown := sorted(map(str, table.keys() - {*_TEXTS, *_LISTS})):
        raise ValueError(f"{unknown[0]!r} is none of {', '.join((*_TEXTS, *_LISTS))}")
    given: dict[str, Any] = {name: _text(name, table[name]) for name in _TEXTS if name in table}
    given |= {name: _texts(name, table[name]) for name in _LISTS if name in table}
    if not given.get("id") or not set(given["id"]) <= _ID:
        raise ValueError("needs an `id` of small letters, digits and hyphens")
    if not given.get("says", "").strip():
        raise ValueError("needs `says`, the rule in words")
    for name, kind in (("severity", Severity), ("category", Category)):
        if name in given:
            given[name] = _one_of(name, given[name], kind)
    if unread := [name for name in given.get("languages", ()) if language_named(name) is None]:
        raise ValueError(f"`languages` has {unread[0]!r}, which codenook does not read")
    try:
        globs.check(given.get("paths", ()))
    except BrokenGlobs as error:
        raise ValueError(f"`paths` {error}") from None
    except ValueError:
        raise ValueError("`paths` should be globs as in .gitignore") from None
    return TeamRule(**given)


def _text(name: str, value: object) -> str:
    most = MAX_EXAMPLE if name in {"good", "bad"} else MAX_CHARACTERS
    if not isinstance(value, str):
        raise ValueError(f"`{name}` is {reprlib.repr(value)}, but should be a text")  # noqa: TRY004 - a setting's
    if len(value) > most:
        raise ValueError(f"`{name}` is longer than {most} characters")
    return value


def _texts(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
        raise ValueError(f"`{name}` is {reprlib.repr(value)}, but should be a list of texts")
    return tuple(value)


def _one_of(name: str, value: str, kind: type[Severity] | type[Category]) -> Severity | Category:
    try:
        return kind(value)
    except ValueError:
        raise ValueError(
            f"`{name}` is {reprlib.repr(value)}, but should be one of {', '.join(kind)}"
        ) from None
