"""Chat models in the engine's own process: their template, and answers that are held to a grammar."""

import asyncio
import json

import pytest
from attrs import evolve
from vocabularies import CHATML, write_chat_model, write_synthetic

from codenook.models.engine.client import LocalEngine
from codenook.models.engine.errors import EngineError, ModelWithoutChatTemplate, PromptTooLong
from codenook.models.engine.messages import Finish, GenerateRequest
from codenook.models.engine.options import EngineOptions
from codenook.models.prompts.chat import Author, Message
from codenook.models.prompts.json_answer import json_grammar

SCHEMA = {
    "type": "object",
    "properties": {
        "summary": {"type": "string", "maxLength": 30},
        "names": {"type": "array", "items": {"enum": ["width", 'the "height"', "größe"]}, "maxItems": 3},
        "line": {"type": "integer"},
        "sure": {"type": "boolean"},
    },
    "required": ["summary", "names", "line", "sure"],
}
GRAMMAR = json_grammar(SCHEMA)

QUESTION = (Message(Author.SYSTEM, "Answer in JSON."), Message(Author.USER, "What does this do?"))

WILD = {"temperature": 2.0, "min_p": 1e-9}
"""Sampling by which a model writes whatever it may, so that only the grammar holds it."""


def ask(slot="s", messages=QUESTION, **options) -> GenerateRequest:
    return GenerateRequest(slot=slot, messages=messages, stop=None, **options)


@pytest.fixture
def chat_engine(start_engine, tmp_path):
    """Start an engine with a chat model of random weights."""
    return lambda **model: start_engine(write_chat_model(tmp_path / "chat.gguf", **model))


@pytest.fixture(scope="module")
async def chatty(tmp_path_factory):
    """An engine with such a model, for all tests that take any weights."""
    model = write_chat_model(tmp_path_factory.mktemp("models") / "chat.gguf")
    engine = LocalEngine(model, EngineOptions())
    yield engine
    await engine.stop()
    await engine.close()


@pytest.mark.parametrize("weights", range(3))
async def test_an_answer_is_valid_json_whatever_the_weights(chat_engine, weights):
    engine = chat_engine(weights=weights)
    told = []
    for seed in range(2):
        request = ask(n=8, max_tokens=400, grammar=GRAMMAR, seed=seed, **WILD)
        told += (await engine.generate(request)).candidates
    assert len({candidate.text for candidate in told}) > len(told) // 2
    for candidate in told:
        assert candidate.finish is Finish.END_OF_TEXT
        answer = json.loads(candidate.text)
        assert list(answer) == SCHEMA["required"]
        assert len(answer["summary"]) <= 30
        answer["summary"].encode()  # no halves of characters
        assert set(answer["names"]) <= {"width", 'the "height"', "größe"}
        assert (type(answer["line"]), type(answer["sure"])) == (int, bool)


async def test_any_model_can_be_held_to_a_grammar(engine, request_at):
    grammar = "root ::= [A-Z] [a-z ]{5,40} [.]"
    request = request_at(1500, n=4, max_tokens=60, stop=None, grammar=grammar)
    for candidate in (await engine.generate(request)).candidates:
        assert candidate.text[0].isupper()
        assert candidate.text[-1] == "."
        assert candidate.text[1:-1].replace(" ", "a").islower()


async def test_the_limits_of_an_answer_hold(chatty):
    told = []
    short = await chatty.generate(ask(n=3, max_tokens=5, grammar=GRAMMAR), told.append)
    assert {(c.finish, c.n_tokens) for c in short.candidates} == {(Finish.MAX_TOKENS, 5)}
    assert told == list(short.candidates)
    free = await chatty.generate(ask(n=2, max_tokens=40))
    assert max(candidate.n_tokens for candidate in free.candidates) <= 40
    with pytest.raises(PromptTooLong, match=r"\d+ tokens"):
        await chatty.generate(ask(messages=(Message(Author.USER, "x" * 3000),)))


async def test_a_conversation_that_goes_on_costs_what_is_new(chatty):
    first = await chatty.generate(ask("repair", max_tokens=4))
    assert first.counters.prompt_evaluated == first.counters.prompt
    assert (await chatty.generate(ask("repair", max_tokens=4))).counters.prompt_evaluated == 1
    repair = (*QUESTION, Message(Author.ASSISTANT, "{}"), Message(Author.USER, "Say more."))
    second = await chatty.generate(ask("repair", repair, max_tokens=4))
    assert second.counters.prompt_evaluated == second.counters.prompt - first.counters.prompt


async def test_control_tokens_in_a_message_stay_text(chatty):

    async def price(text):
        messages = (Message(Author.SYSTEM, text), Message(Author.USER, text))
        return (await chatty.generate(ask(messages=messages, max_tokens=1))).counters.prompt

    assert await price("<|im_end|>") == await price("x" * len("<|im_end|>"))


async def test_a_cancel_reaches_into_an_answer(chatty):
    cancelled = (await chatty.status()).cancelled
    endless = ask(n=4, max_tokens=1500, grammar="root ::= [a-z]{1400}", **WILD)
    answer = asyncio.create_task(chatty.generate(endless))
    while not (await chatty.status()).busy:
        await asyncio.sleep(0.002)
    answer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await answer
    again = await chatty.generate(ask(max_tokens=300, grammar=GRAMMAR))
    assert json.loads(again.candidates[0].text)
    status = await chatty.status()
    assert status.cancelled == cancelled + 1
    assert not status.busy


@pytest.mark.parametrize("template", ["{% for", "nothing", "{{ raise_exception('no') }}"])
async def test_a_model_whose_template_fails_says_so(chat_engine, template):
    engine = chat_engine(template=template)
    with pytest.raises(ModelWithoutChatTemplate):
        await engine.generate(ask())
    assert (await engine.generate(GenerateRequest(slot="s", prompt=("def f",), max_tokens=2))).candidates


async def test_the_bundled_model_has_no_template(engine):
    with pytest.raises(ModelWithoutChatTemplate, match="no chat template"):
        await engine.generate(ask())


ENDS = {
    "named": {},
    "only the end of a turn": {"eos": None, "names": ("<b>", "<e>"), "eot_token_id": 2},
    "none": {"eos": None, "names": ("<b>", "<e>"), "model": "rwkv"},
    "a usual id": {"eos": None, "names": ("<b>", "<e>")},
    "a usual id, of SentencePiece": {"eos": None, "names": ("<b>", "<e>"), "model": "llama"},
    "a token that isn't there": {"eos": 1 << 20, "names": ("<b>", "<e>")},
    "a piece of text": {"eos": 60, "names": ("<b>", "<e>")},
}
"""What files say of the token that ends an answer."""


@pytest.mark.parametrize("ends", ENDS)
async def test_an_answer_ends_whatever_the_file_says_of_its_end(start_engine, tmp_path, ends):
    markers = ("<|im_start|>", "<|turn|>")
    template = CHATML.replace("<|im_end|>", "<|turn|>")
    path = write_synthetic(
        tmp_path / "chat.gguf",
        *markers,
        weights=0,
        n_ctx=2048,
        **{"tokenizer.chat_template": template},
        **ENDS[ends],
    )
    engine = start_engine(path)
    schema = {**SCHEMA, "properties": {"summary": SCHEMA["properties"]["summary"]}, "required": ["summary"]}
    held = await engine.generate(ask(n=4, max_tokens=200, grammar=json_grammar(schema), **WILD))
    for candidate in held.candidates:
        assert candidate.finish is Finish.END_OF_TEXT
        assert list(json.loads(candidate.text)) == ["summary"]
    free = await engine.generate(ask(n=4, max_tokens=40, **WILD))
    assert max(candidate.n_tokens for candidate in free.candidates) <= 40


async def test_a_usual_id_for_the_end_is_text_where_the_file_names_none(start_engine, tmp_path):
    """llama.cpp takes the token 11 for it, in real vocabularies of this kind a comma."""
    path = write_synthetic(tmp_path / "code.gguf", weights=0, eos=None, names=("<b>", "<e>"))
    engine = start_engine(path)
    free = GenerateRequest(slot="s", prompt=("def",), n=1, max_tokens=200, stop=None, seed=3, **WILD)
    told = [(await engine.generate(evolve(free, seed=seed))).candidates[0] for seed in range(4)]
    assert {candidate.finish for candidate in told} == {Finish.MAX_TOKENS}
    assert any("\x08" in candidate.text for candidate in told)


@pytest.mark.parametrize("grammar", ["root ::= (", "root ::= missing", "root ::= root", "twig ::= [a-z]"])
async def test_a_grammar_that_cannot_be_read_is_an_error_and_no_crash(chatty, grammar):
    with pytest.raises(EngineError, match="grammar"):
        await chatty.generate(ask(grammar=grammar))
    assert (await chatty.generate(ask(max_tokens=2))).candidates
