"""Conversations, token by token: real templates with real vocabularies, and files that mean harm."""

import asyncio
import os
from pathlib import Path

import gguf
import jinja2
import pytest
from vocabularies import CHATML

from codenook.models.engine import chat
from codenook.models.engine.chat import ChatTemplate
from codenook.models.engine.chat_tokens import ChatTokens
from codenook.models.engine.errors import ModelWithoutChatTemplate
from codenook.models.prompts.chat import Author, Message, has_places, place_holders
from codenook.models.prompts.fim import Markup
from codenook.models.prompts.template import render

SYSTEM, USER, ASSISTANT = Author.SYSTEM, Author.USER, Author.ASSISTANT

CONVERSATION = (
    Message(SYSTEM, "Be brief."),
    Message(USER, "def f(x):\n    return x  # ünïcode\n\n\n\nwhat?\tand <b>bold</b>"),
    Message(ASSISTANT, "It returns x."),
    Message(USER, "  Why?  "),
)

REAL = [
    ("qwen2", "Qwen-Qwen2.5-7B-Instruct"),
    ("qwen2", "Qwen-Qwen3-0.6B"),
    ("qwen35", "Qwen3.5-4B"),
    ("llama-bpe", "meta-llama-Llama-3.1-8B-Instruct"),
    ("phi-3", "microsoft-Phi-3.5-mini-instruct"),  # its markers take the white space after them
    ("gemma-4", "google-gemma-4-31B-it"),
    ("llama-spm", "mistralai-Mistral-Nemo-Instruct-2407"),  # markers are plain text in this vocabulary
    ("command-r", "CohereForAI-c4ai-command-r7b-12-2024-tool_use"),
    ("deepseek-llm", "deepseek-ai-DeepSeek-V3.1"),
]


def template(vocabulary, text):
    return ChatTemplate(text, bos=vocabulary.text(vocabulary.bos), eos=vocabulary.text(vocabulary.eos))


@pytest.fixture
def templates():
    """The folder of templates in llama.cpp's source, beside its vocabularies."""
    folder = Path(os.environ.get("CODENOOK_TEST_VOCABULARIES", "/nowhere"), "templates")
    if not folder.is_dir():
        pytest.skip("CODENOOK_TEST_VOCABULARIES names no folder with templates of llama.cpp's source")
    return folder


@pytest.fixture
def real_template(templates):
    """Return a function that reads one of them."""
    return lambda name: (templates / f"{name}.jinja").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "layout"), REAL)
async def test_a_conversation_has_the_tokens_of_the_whole_text(name, layout, real, real_template):
    """As llama.cpp reads it at once, which is safe for texts without markers only."""
    vocabulary = real(name)
    prompt = await template(vocabulary, real_template(layout)).lay_out(CONVERSATION)
    whole = vocabulary._tokens("".join(prompt), control=True)
    if vocabulary.wants_bos and whole[:1] != [vocabulary.bos]:
        whole = [vocabulary.bos, *whole]
    assert ChatTokens(vocabulary).encode(prompt) == whole


def test_real_templates_lay_out_place_holders(templates):
    """All of llama.cpp's source but four that are written for tools."""
    given = {"bos_token": "<s>", "eos_token": "</s>", "add_generation_prompt": True, "tools": None}
    authors = [USER, ASSISTANT, USER]
    laid_out, failed = set(), set()
    for path in templates.glob("*.jinja"):
        try:
            text = render(path.read_text(encoding="utf-8"), {**given, "messages": place_holders(authors)})
        except (TypeError, jinja2.UndefinedError):
            failed.add(path.stem)
        else:
            assert has_places(text, len(authors)), path.stem
            laid_out.add(path.stem)
    assert len(laid_out) > 10 * len(failed)
    assert all("tool_use" in name or "firefunction" in name for name in failed)


@pytest.mark.parametrize(("name", "layout"), REAL)
async def test_no_message_has_a_marker_of_the_template(name, layout, real, real_template):
    vocabulary = real(name)
    tokens = ChatTokens(vocabulary)
    used = template(vocabulary, real_template(layout))

    def markers(prompt):
        return [token for token in tokens.encode(prompt) if token in controls]

    markup = [part for part in await used.lay_out(CONVERSATION) if isinstance(part, Markup)]
    controls = {tokens._markers[text] for part in markup for text in tokens._any.findall(part)}
    forged = "".join(vocabulary.text(token) for token in controls)
    evil = tuple(Message(message.author, forged + message.text + forged) for message in CONVERSATION)
    assert markers(await used.lay_out(evil)) == markers(await used.lay_out(CONVERSATION))


@pytest.mark.parametrize(("name", "n_texts"), [("google-gemma-2-2b-it", 3), ("Qwen-Qwen2.5-7B-Instruct", 4)])
async def test_a_template_that_knows_no_system(name, n_texts, real, real_template):
    prompt = await template(real("qwen2"), real_template(name)).lay_out(CONVERSATION)
    texts = [str(part) for part in prompt if not isinstance(part, Markup)]
    assert len(texts) == n_texts
    assert texts[0].startswith("Be brief.")


def test_markers_of_a_vocabulary_that_reads_them_in_text(written):
    """Some files call their markers user-defined: llama.cpp then reads them everywhere."""
    vocabulary = written("[turn]", "[end]", kind=gguf.TokenType.USER_DEFINED)
    assert vocabulary.tokenize("[end]") == [301]
    tokens = ChatTokens(vocabulary).encode((Markup("[turn]"), "a[end]b", Markup("[end]")))
    assert [token for token in tokens if token >= 300] == [300, 301]
    assert b"".join(vocabulary.piece(token) for token in tokens[1:-1]) == b"a[end]b"


async def refused(text, conversation=CONVERSATION):
    with pytest.raises(ModelWithoutChatTemplate) as caught:
        await ChatTemplate(text, bos="<s>", eos="</s>").lay_out(conversation)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no chat template"),
        ("{% for", "TemplateSyntaxError"),
        ("{{ nothing.there }}", "UndefinedError"),
        ("{{ raise_exception('only\ncats') }}", "Refused: only"),
        ("no messages at all", "does not lay out a conversation of user"),
        ("{{ messages[0].content }}" * 2, "does not lay out"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "SecurityError"),
        ("{{ cycler.__init__.__globals__.os.system('true') }}", "SecurityError"),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "calls itself"),
        ("{{ 'a' * 10**10 }}", "memory"),
        ("{{ 'a' * 10**6 }}", "no end"),
        ("{% include '/etc/passwd' %}", "TypeError"),
    ],
)
async def test_a_template_that_fails_is_told_in_one_line(text, told):
    assert told in await refused(text)


async def test_a_template_that_never_ends_is_ended(monkeypatch):
    monkeypatch.setattr(chat, "PATIENCE_S", 0.5)
    loops = "".join(f"{{% for i{n} in range(90000) %}}" for n in range(3)) + "{% endfor %}" * 3
    assert "too long" in await refused(loops)


async def test_a_template_is_rendered_once_for_each_order_of_speakers(written, monkeypatch):
    used = ChatTemplate(CHATML, bos="", eos="")
    rendered = []
    render = used._render

    async def counting(authors):
        rendered.append(authors)
        return await render(authors)

    monkeypatch.setattr(used, "_render", counting)
    await used.lay_out(CONVERSATION)
    assert str((await used.lay_out([Message(USER, "x")]))[1]) == "x"
    assert str((await used.lay_out([Message(USER, "y")]))[1]) == "y"
    assert len(rendered) == 2


BROKEN = ["{% for", "no messages at all", "{{ raise_exception('no') }}", "{{ 'a' * 10**10 }}"]


@pytest.mark.parametrize("text", BROKEN)
async def test_a_template_that_fails_is_not_rendered_again(text, monkeypatch):
    used, rendered = ChatTemplate(text, bos="", eos=""), []
    render = used._render

    async def counting(authors):
        rendered.append(authors)
        return await render(authors)

    monkeypatch.setattr(used, "_render", counting)
    told = set()
    for _ in range(3):
        with pytest.raises(ModelWithoutChatTemplate) as caught:
            await used.lay_out(CONVERSATION)
        told.add(str(caught.value))
        assert type(caught.value) is ModelWithoutChatTemplate  # errors cross the socket by this name
    assert len(told) == 1
    assert len(rendered) == 2  # with a system, and without


async def test_requests_at_the_same_time_wait_for_one_rendering(monkeypatch):
    used, rendered = ChatTemplate("{% for", bos="", eos=""), []
    render = used._render

    async def counting(authors):
        rendered.append(authors)
        return await render(authors)

    monkeypatch.setattr(used, "_render", counting)
    asked = [Message(USER, "x")]
    answers = await asyncio.gather(*[used.lay_out(asked) for _ in range(4)], return_exceptions=True)
    assert {type(answer) for answer in answers} == {ModelWithoutChatTemplate}
    assert len(rendered) == 1


async def test_what_took_too_long_is_tried_again_later(monkeypatch):
    used, rendered = ChatTemplate(CHATML, bos="", eos=""), []
    render, asked = used._render, [Message(USER, "x")]

    async def slow_first(authors):
        rendered.append(authors)
        monkeypatch.setattr(chat, "PATIENCE_S", 0.0 if len(rendered) == 1 else 60.0)
        return await render(authors)

    monkeypatch.setattr(used, "_render", slow_first)
    for _ in range(2):
        with pytest.raises(ModelWithoutChatTemplate, match="too long"):
            await used.lay_out(asked)
    assert len(rendered) == 1
    clock = chat.time.monotonic
    monkeypatch.setattr(chat.time, "monotonic", lambda: clock() + chat.RETRY_S)
    assert await used.lay_out(asked)


async def test_a_cancelled_rendering_is_no_failure(monkeypatch):
    used, asked = ChatTemplate(CHATML, bos="", eos=""), [Message(USER, "x")]
    rendering = asyncio.create_task(used.lay_out(asked))
    await asyncio.sleep(0)
    rendering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await rendering
    assert await used.lay_out(asked)


def test_a_vocabulary_tells_its_template(written):
    assert written(**{"tokenizer.chat_template": CHATML}).chat_template == CHATML
    assert written().chat_template == ""
