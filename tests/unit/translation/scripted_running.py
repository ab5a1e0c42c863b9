"""Runners that a test tells what comes of a program, and files to translate."""

from pathlib import Path

from attrs import evolve
from making_bodies import said, scripted_chat

from codenook.server.config import Settings
from codenook.server.tasks.document import Document
from codenook.server.tasks.translation import Translation, TranslationRequest
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.translation.languages.language import Ran, Refusal, Stage
from codenook.server.translation.outcome import How, Outcome
from codenook.server.translation.parts import PARTS

MODULE = '''\
"""Prices."""

LIMIT = 10


def rebate(price: int, is_member: bool = False) -> int:
    """What is taken off a price.

    >>> rebate(200)
    20
    """
    if price < 0:
        raise ValueError("a price can't be negative")
    return half(price) if is_member else price // LIMIT


def half(price: int) -> int:
    """Half of a price."""
    return price // 2


def printed(cart: "Cart") -> str:
    """A cart as a text."""
    return str(cart)
'''


class ScriptedRunning:
    """Everything gives 1; what has ``wrong`` in its text gives 2, what has ``broken`` doesn't compile."""

    def __init__(self, name="scripted 1.0"):
        self.name, self.texts = name, []

    def toolchain(self):
        return self.name

    async def refusal(self, text):
        self.texts.append(text)
        if "broken" not in text:
            return None
        line = text[: text.index("broken")].count("\n") + 1
        return Refusal(Stage.COMPILE, "cannot find symbol", line)

    async def run(self, program, calls):
        refusal = await self.refusal(program.text)
        if refusal is not None:
            return Ran(refusal=refusal)
        value = 2 if "wrong" in program.text else 1
        return Ran(tuple(Outcome(How.RETURNED, value) for _ in calls))


class Never:
    """What runs nothing, as nothing may be run."""

    def toolchain(self):
        raise AssertionError("a toolchain was looked for")

    run = refusal = toolchain


def parts_with(original=None, translation=None, language="java", **more):
    runs = {"python": original or ScriptedRunning(), language: translation or ScriptedRunning()}
    return evolve(PARTS, runnings={**runs, **more})


async def translate(engine, parts=PARTS, *, text=MODULE, symbol="half", target="java", told=None, **more):
    """Have a file translated."""
    path = more.pop("path", Path("/nowhere/shop/prices.py"))
    workspaces = Workspaces()
    document = Document(path.as_uri(), path, text, more.pop("language", "python"))
    job = Translation(engine, Settings(), workspaces, parts=parts)
    request = TranslationRequest(document, target, symbol, **more)
    try:
        return await (job(request, told) if told else job(request))
    finally:
        workspaces.close_all()


RIGHT = said("return price / 2;")
WRONG = said("return price; // wrong")
BROKEN = said("return broken;")

__all__ = ["BROKEN", "MODULE", "RIGHT", "WRONG", "Never", "ScriptedRunning", "scripted_chat"]
