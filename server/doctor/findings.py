"""What a check found: how bad it is, and what to do about it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from attrs import asdict, field, frozen


class Check(StrEnum):
    """What was looked at; docs/cli.md says what for."""

    PYTHON = "python"
    SETTINGS = "settings"
    SOCKETS = "sockets"
    ENGINE = "engine"
    LLAMA_CPP = "llama_cpp"
    MODEL = "model"
    FIM = "fim"
    SPEED = "speed"
    CHAT_MODEL = "chat_model"
    SANDBOX = "sandbox"
    GIT = "git"
    EDITORS = "editors"
    COMPLETION = "completion"
    REVIEW = "review"
    COMMENT = "comment"
    TRANSLATE = "translate"
    UNIT_TESTS = "unit_tests"


class Level(StrEnum):
    """How bad a finding is: not at all, worth knowing, or to be mended."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@frozen
class Finding:
    """``message`` and ``advice`` are for a person, ``facts`` for a program; one that is ok has no advice."""

    check: Check
    level: Level
    message: str
    advice: str = ""
    facts: Mapping[str, Any] = field(factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON."""
        return asdict(self)


def ok(check: Check, message: str, **facts: object) -> Finding:
    """Say that all is well."""
    return Finding(check, Level.OK, message, facts=facts)


def note(check: Check, message: str, advice: str, **facts: object) -> Finding:
    """Say what is worth knowing, but keeps nothing from working that is there today."""
    return Finding(check, Level.NOTE, message, advice, facts)


def problem(check: Check, message: str, advice: str, **facts: object) -> Finding:
    """Say what needs mending."""
    return Finding(check, Level.PROBLEM, message, advice, facts)
