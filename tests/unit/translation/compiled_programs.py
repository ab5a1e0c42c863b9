"""What the tests of languages with a compiler share: signatures, and programs that are run."""

import asyncio
import shutil
import sys

import pytest

from codenook.context.parse import encode, language_named, parse
from codenook.server.sandbox.run import why_not
from codenook.server.translation.languages.language import Program, Ran
from codenook.server.translation.outcome import Call


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skip tests where there is no sandbox, or one of these compilers is missing."""
    missing = [name for name in programs if shutil.which(name) is None]
    is_sandboxed = sys.platform == "linux" and not asyncio.run(why_not())
    reason = f"not on this machine: {', '.join(missing) or 'a sandbox'}"
    return pytest.mark.skipif(bool(missing) or not is_sandboxed, reason=reason)


def definitions(language_id: str, text: str):
    language = language_named(language_id)
    return language.reader.outline(parse(language, encode(text))).definitions


def signature(reading, language_id: str, text: str, symbol: str):
    found = next(each for each in definitions(language_id, text) if each.symbol == symbol)
    return reading.signature(text, found)


def ran(running, program: Program, *calls: tuple | Call) -> Ran:
    """What comes of calls, given by their arguments."""
    made = [each if isinstance(each, Call) else Call(each) for each in calls]
    return asyncio.run(running.run(program, made))
