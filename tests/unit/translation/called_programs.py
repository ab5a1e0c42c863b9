"""Programs of Rust and Go in tests: their signatures are read, and they are called in the sandbox."""

import asyncio
import shutil

import pytest

from codenook.context.code import outline_of
from codenook.server.sandbox.run import why_not
from codenook.server.translation.languages.language import Program
from codenook.server.translation.outcome import Call


def needs(program):
    """Skip where a toolchain or the sandbox is missing."""
    missing = "" if shutil.which(program) else f"there is no {program} on PATH"
    reason = missing or asyncio.run(why_not())
    return pytest.mark.skipif(bool(reason), reason=reason or "it is there")


def read(reading, path, text, symbol):
    """The signature of a definition; None where it has none."""
    found = outline_of(path, text.encode()).definitions
    return reading.signature(text, next(each for each in found if each.symbol == symbol))


def ran(running, signature, text, *calls, made_with=()):
    """What comes of calls with these arguments."""
    asked = [Call(arguments, made_with=made_with) for arguments in calls]
    return asyncio.run(running.run(Program(text, signature), asked))
