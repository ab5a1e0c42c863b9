"""A class of 300 lines and a module of ten functions go through, with progress, a report, and an end."""

import asyncio
import re

import pytest
from making_bodies import filling_in, said, scripted_chat
from scripted_running import ScriptedRunning, parts_with, translate

from codenook.server.tasks.jobs import Strategy
from codenook.server.translate_report import rows
from codenook.server.translation.result import Level

N_METHODS, N_FUNCTIONS = 29, 10
METHOD = '''\
    def step_{n}(self, price: int, names: list[str]) -> int:
        """Step {n} of the plan.

        Prices below zero are refused.
        """
        if price < 0:
            raise ValueError("a price below zero")
        found = {before}
        return found + len(names) + {n}

'''
CLASS = (
    'class Plan:\n    """A plan in steps."""\n\n'
    "    def __init__(self, limit: int) -> None:\n        self.limit = limit\n\n"
    + "".join(
        METHOD.format(n=n, before=f"self.step_{n - 1}(price, names)" if n else "self.limit")
        for n in range(N_METHODS)
    )
)
MODULE = "\n\n".join(
    f'def part_{n}(price: int) -> int:\n    """Part {n}."""\n    return '
    + (f"part_{n + 1}(price) + {n}\n" if n < N_FUNCTIONS - 1 else "price\n")
    for n in range(N_FUNCTIONS)
)


@pytest.fixture(autouse=True)
def has_sandbox(monkeypatch):
    async def nothing(_outside=None):
        return ""

    monkeypatch.setattr("codenook.server.tasks.translation.why_not", nothing)


async def test_a_class_of_300_lines_goes_through():
    assert CLASS.count("\n") > 290
    told, engine = [], scripted_chat(said("this.limit = limit;"), said("return 1;"))
    result = await translate(engine, parts_with(), text=CLASS, symbol="Plan", told=told.append)
    assert len(result.functions) == N_METHODS + 1 == len(engine.asked)
    assert (result.reason, {each.level for each in result.functions}) == (None, {Level.AGREES})
    assert "class Plan {" in result.text
    assert result.text.count("return 1;") == N_METHODS
    assert "not translated" not in result.text
    assert len({each.done for each in told}) > N_METHODS / 2
    report = list(rows(result, verbose=False))
    assert report[0].startswith("prices.py:Plan to Java: 30 of 30 functions proved (scripted 1.0)")
    assert sum(row.startswith("  Plan.step_") for row in report) == N_METHODS
    assert any(row.startswith("  Plan.step_7 (step7): agrees on ") for row in report)


async def test_methods_are_translated_after_those_that_they_call():
    engine = scripted_chat(said("this.limit = limit;"), said("return 1;"))
    await translate(engine, parts_with(), text=CLASS, symbol="Plan")
    asked = [re.search(r"This is Plan\.(\w+) in", each.messages[3].text)[1] for each in engine.asked]
    assert asked == ["__init__", *(f"step_{n}" for n in range(N_METHODS))]


@pytest.mark.parametrize("is_base", [True, False])
async def test_a_module_of_ten_functions_goes_through(is_base):
    engine = filling_in(["        return price;\n"]) if is_base else scripted_chat(said("return price;"))
    result = await translate(engine, parts_with(), text=MODULE, symbol="")
    assert (result.reason, len(result.functions)) == (None, N_FUNCTIONS)
    assert result.strategy is (Strategy.INFILL if is_base else Strategy.CHAT)
    assert [each.symbol for each in result.functions] == [f"part_{n}" for n in range(N_FUNCTIONS)]
    assert result.text.count("return price;") == N_FUNCTIONS


async def test_it_ends_at_once_when_it_is_cancelled():
    class Counting(ScriptedRunning):
        async def run(self, program, calls):
            if len(self.texts) == 4:
                work.cancel()
            return await super().run(program, calls)

    engine, runs = scripted_chat(said("return price;")), Counting()
    work = asyncio.ensure_future(translate(engine, parts_with(translation=runs), text=MODULE, symbol=""))
    with pytest.raises(asyncio.CancelledError):
        await work
    assert len(runs.texts) == 5
    assert len(engine.asked) in {5, 6}


async def test_one_that_is_wrong_spoils_only_what_reads_it():
    def says(_number, request):
        is_six = "This is part_6" in request.messages[3].text
        return said("return price; // wrong" if is_six else "return price;")

    engine = scripted_chat("")
    engine._says = says
    result = await translate(engine, parts_with(), text=MODULE, symbol="")
    levels = [each.level for each in result.functions]
    assert levels == [*[Level.COMPILES] * 6, Level.NOTHING, *[Level.AGREES] * 3]
    assert result.functions[0].why == "it reads part_6, which was not translated"
    assert (result.reason, "part_6 was not translated" in result.text) == ("partly_translated", True)


async def test_functions_that_call_each_other_are_compared_as_far_as_that_can_be():
    text = (
        "def even(n: int) -> bool:\n    return n == 0 or odd(n - 1)\n\n\n"
        "def odd(n: int) -> bool:\n    return n != 0 and even(n - 1)\n"
    )
    result = await translate(scripted_chat(said("return true;")), parts_with(), text=text, symbol="")
    levels = {each.level: each.why for each in result.functions}
    assert levels.keys() == {Level.AGREES, Level.COMPILES}
    assert "read each other" in levels[Level.COMPILES]
    assert result.reason == "not_proved"
