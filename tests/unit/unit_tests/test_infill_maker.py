"""Inputs from a base model that goes on in a test file: how it is asked, and what is read of its answers."""

import pytest
from attrs import evolve
from making_parts import CODE, MARKERS, material_of, model_of, project_of, target_of

from codenook.context.parse import encode, language_named, parse
from codenook.models.engine.errors import EngineDied
from codenook.models.engine.messages import Candidate, Counters, Finish, Generation, Timings
from codenook.models.prompts.fim import Special
from codenook.server.documentation.languages import subjects
from codenook.server.tasks.jobs import Strategy
from codenook.server.unit_tests.case import Call, Check, Kind, Origin, Test
from codenook.server.unit_tests.making.beginnings import beginnings
from codenook.server.unit_tests.making.infill_maker import (
    N_BEGINNINGS,
    N_BEGINNINGS_OF_LARGE,
    N_WRITTEN,
    N_WRITTEN_OF_LARGE,
    InfillMaker,
)
from codenook.server.unit_tests.making.refusals import Refusal


class Scripted:
    """Goes on from a prompt with the texts that ``says(prompt)`` returns."""

    def __init__(self, says, finish=Finish.STOP_RULE):
        self.says, self.finish, self.requests = says, finish, []

    async def count_tokens(self, texts):
        return [len(text) // 4 + 1 for text in texts]

    async def generate(self, request, finished=None):
        self.requests.append(request)
        texts = self.says(prompt_of(request))
        if isinstance(texts, Exception):
            raise texts
        candidates = tuple(Candidate(text, -1.0, 1, self.finish) for text in texts)
        return Generation(candidates, Timings(), Counters(prompt=1, generated=len(texts)))


def prompt_of(request):
    return "".join(part for part in request.prompt if not isinstance(part, Special))


def begun(request):
    """The line at which the model goes on, and the name of the test."""
    prompt = prompt_of(request)
    return prompt.rpartition("\n")[2].strip(), prompt.rpartition("def test_")[2].partition("(")[0]


def subject_of(target):
    found = subjects(parse(language_named("python"), encode(target.text)))
    return next(each for each in found if each.symbol == target.symbol)


async def test_each_branch_and_error_has_a_beginning():
    engine = Scripted(lambda _prompt: [])
    await InfillMaker(material_of(engine)).made(0, ())
    assert [begun(request) for request in engine.requests] == [
        ("assert slugify(", "slugify"),
        ("slugify(", "slugify_raises_value_error"),
        ("assert slugify(", "slugify_not_text"),
        ("assert slugify(", "slugify_limit_above_0"),
    ]


async def test_one_value_of_a_known_call_is_written_anew():
    """A small model hardly knows what a function takes."""
    known = [Call("'A b', limit=2", Origin.TYPES), Call("['C']", Origin.TYPES)]
    texts = ["c', limit=9)", "c' == 2", "d", ""]
    engine = Scripted(lambda prompt: texts if prompt.endswith("slugify('") else [])
    made = await InfillMaker(material_of(engine, calls=known)).made(0, ())
    assert [begun(request) for request in engine.requests] == [
        ("assert slugify('", "slugify"),
        ("slugify(['", "slugify_raises_value_error"),
        ("assert slugify('A b', limit=", "slugify_not_text"),
        ("assert slugify([", "slugify_limit_above_0"),
        ("assert slugify(", "slugify"),
        ("slugify(", "slugify_raises_value_error"),
        ("assert slugify(", "slugify_not_text"),
        ("assert slugify(", "slugify_limit_above_0"),
    ]
    assert [call.arguments for call in made.calls] == ["'c', limit=2"]
    assert sorted(made.refused) == [Refusal.NOT_A_CALL] * 3


async def test_calls_that_the_function_does_not_take_are_refused():
    engine = Scripted(lambda _prompt: ['"a", 1, 2)', ")", '"a", other=1)', '"a", 1)'])
    made = await InfillMaker(material_of(engine)).made(0, ())
    assert [call.arguments for call in made.calls] == ["'a', 1"]
    assert made.refused.count(Refusal.MISFITS) == 3 * len(engine.requests)


async def test_the_model_reads_the_target_and_then_the_test_file():
    engine = Scripted(lambda _prompt: [])
    await InfillMaker(material_of(engine)).made(0, ())
    prompt = prompt_of(engine.requests[0])
    source, test = prompt.index("def slugify(text"), prompt.index("from shop.texts import slugify")
    assert prompt.index("shop/texts.py\n") < source < prompt.index("tests/test_texts.py\n") < test
    assert not {*MARKERS[:3]} & {*engine.requests[0].prompt}
    assert "with pytest.raises(ValueError):\n        slugify(" in prompt_of(engine.requests[1])


async def test_one_slot_and_one_request_for_all_candidates():
    """The engine reads what is the same once, and decodes the candidates together."""
    engine = Scripted(lambda _prompt: [])
    await InfillMaker(material_of(engine)).made(0, ())
    assert {(request.slot, request.n, request.greedy_first) for request in engine.requests} == {
        ("a test", N_WRITTEN, True)
    }
    await InfillMaker(material_of(engine)).made(1, ())
    again = engine.requests[-1]
    assert (again.greedy_first, again.temperature > engine.requests[0].temperature) == (False, True)


async def test_what_it_writes_becomes_calls():
    texts = ['"A b") == "a-b"', '"A b", limit=1) == "a"', '"A b") == "other"', "x) == 1", "(((", ""]
    engine = Scripted(
        lambda prompt: texts if prompt.endswith("def test_slugify():\n    assert slugify(") else []
    )
    made = await InfillMaker(material_of(engine)).made(0, ())
    assert [call.arguments for call in made.calls] == ["'A b'", "'A b', limit=1"]
    assert {(call.origin, call.evidence, call.expected) for call in made.calls} == {
        (Origin.MODEL, "scripted", "")  # what so small a model expects is worth nothing
    }
    assert sorted(made.refused) == [Refusal.KNOWN, *[Refusal.NOT_A_CALL] * 3]
    assert made.tests == ()
    assert made.counters.generated == len(texts)


async def test_a_large_model_is_asked_less_and_its_expectations_count():
    engine = Scripted(lambda _prompt: ['"A b") == "a-b"'])
    large = model_of(n_params=1_000_000_000)
    made = await InfillMaker(material_of(engine, model=large)).made(0, ())
    assert made.calls[0].expected == "'a-b'"
    assert len(engine.requests) == N_BEGINNINGS_OF_LARGE
    assert engine.requests[0].n == N_WRITTEN_OF_LARGE


async def test_known_calls_are_not_proposed_again():
    engine = Scripted(lambda _prompt: ['"A b")'])
    known = [Call("'A b'", Origin.TYPES)]
    maker = InfillMaker(material_of(engine, calls=known))
    assert (await maker.made(0, ())).calls == ()
    maker = InfillMaker(material_of(engine))
    assert len((await maker.made(0, ())).calls) == 1
    assert (await maker.made(1, ())).calls == ()


async def test_a_method_is_called_on_objects_that_are_known():
    known = [
        Call("", Origin.CALL_SITE, receiver="cart", setup=("cart = Cart([1, 2])",), fixtures=("basket",)),
        Call("0.5", Origin.CALL_SITE, receiver="Cart([1])", imports=("from decimal import Decimal",)),
    ]
    engine = Scripted(lambda _prompt: ["0.25) == 1"])
    made = await InfillMaker(material_of(engine, "Cart.total", calls=known)).made(0, ())
    assert [(call.receiver, call.arguments, call.setup, call.fixtures) for call in made.calls] == [
        ("Cart([1])", "0.25", (), ()),
        ("cart", "0.25", ("cart = Cart([1, 2])",), ("basket",)),
    ]
    assert made.calls[0].imports == ("from decimal import Decimal",)
    assert "    cart = Cart([1, 2])\n    assert cart.total(" in prompt_of(engine.requests[-1])


async def test_without_an_object_the_model_makes_one():
    engine = Scripted(lambda _prompt: ["[1, 2]).total(0.5) == 1.5"])
    made = await InfillMaker(material_of(engine, "Cart.total")).made(0, ())
    assert begun(engine.requests[0])[0] == "assert Cart("
    assert [(call.receiver, call.arguments) for call in made.calls] == [("Cart([1, 2])", "0.5")]


async def test_a_constructor_is_called_by_its_class():
    engine = Scripted(lambda _prompt: [])
    await InfillMaker(material_of(engine, "Cart.__init__")).made(0, ())
    assert begun(engine.requests[0])[0] == "assert Cart("


async def test_examples_are_shown():
    example = Test("slugify_of_two", Origin.TYPES, checks=(Check(Kind.EQUAL, "slugify('A b')", "'a-b'"),))
    engine = Scripted(lambda _prompt: [])
    await InfillMaker(material_of(engine, examples=[example])).made(0, ())
    assert "assert slugify('A b') == 'a-b'\n" in prompt_of(engine.requests[0])


async def test_a_long_function_and_a_long_test_file_fit_the_model():
    body = "".join(f"    text = text.replace('{n}', '')\n" for n in range(400))
    code = f"def slugify(text):\n{body}    return text\n"
    project = project_of(text="".join(f"def test_{n}():\n    assert True\n\n\n" for n in range(500)))
    engine = Scripted(lambda _prompt: [])
    await InfillMaker(material_of(engine, code=code, project=project)).made(0, ())
    prompt = prompt_of(engine.requests[0])
    assert sum(await engine.count_tokens([prompt])) < 1024
    assert "def slugify(text):" in prompt
    assert "def test_499():" in prompt
    assert prompt.endswith("    assert slugify(")


async def test_a_call_that_was_cut_off_loses_its_last_line():
    engine = Scripted(lambda _prompt: ['[\n"a",\n"b'], Finish.MAX_TOKENS)
    material = material_of(engine)
    read = []
    material.kit.read_call = lambda _target, written: read.append(written)
    await InfillMaker(material).made(0, ())
    assert read[0] == 'assert slugify([\n"a",'


async def test_failures_of_the_engine_are_told():
    with pytest.raises(EngineDied):
        await InfillMaker(material_of(Scripted(lambda _prompt: EngineDied("gone")))).made(0, ())


async def test_a_model_without_markers_reads_plain_text():
    engine = Scripted(lambda _prompt: [])
    await InfillMaker(material_of(engine, model=model_of(family=""))).made(0, ())
    assert len(engine.requests[0].prompt) == 1


def test_beginnings_of_many_branches_are_bounded_by_what_is_asked():
    code = "def slugify(a):\n" + "".join(f"    if a == {n}:\n        return {n}\n" for n in range(100))
    target = target_of(code)
    assert len(beginnings(target, subject_of(target), ())) > N_BEGINNINGS


async def test_no_more_is_asked_than_may_be():
    code = "def slugify(a):\n" + "".join(f"    if a == {n}:\n        return {n}\n" for n in range(100))
    engine = Scripted(lambda _prompt: [])
    await InfillMaker(material_of(engine, code=code)).made(0, ())
    assert len(engine.requests) == N_BEGINNINGS


def test_a_language_that_is_not_described_has_its_beginnings():
    target = target_of(CODE)
    (only,) = beginnings(target, None, ())[:1]
    assert only.test.checks[0].actual.startswith("slugify(")


async def test_its_strategy_has_a_name():
    assert InfillMaker(material_of(Scripted(lambda _prompt: []))).strategy is Strategy.INFILL


async def test_a_test_file_that_cannot_be_read_is_not_gone_on_with():
    material = material_of(Scripted(lambda _prompt: []))

    def render(*_given):
        raise ValueError("it can't be read")

    material.project.framework.render = render
    made = await InfillMaker(material).made(0, ())
    assert (made.calls, material.engine.requests) == ((), [])


async def test_a_line_that_the_framework_wraps_is_read_from_the_call():
    engine = Scripted(lambda prompt: ['"a") == "a"'] if prompt.endswith("(\n        ") else [])
    material = material_of(engine)
    plain = material.project.framework.render
    wrap = plain.__func__

    def render(*given):
        rendered = wrap(material.project.framework, *given)
        return evolve(rendered, text=rendered.text.replace("slugify(codenook", "slugify(\n        codenook"))

    material.project.framework.render = render
    made = await InfillMaker(material).made(0, ())
    assert [call.arguments for call in made.calls] == ["'a'"]
