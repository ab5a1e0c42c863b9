"""Messages go around the chat template, never through it."""

from hypothesis import given
from hypothesis import strategies as st

from codenook.models.prompts.chat import Author, Message, fill, has_places, place_holders, without_system
from codenook.models.prompts.fim import Markup
from codenook.models.prompts.template import render

SYSTEM, USER, ASSISTANT = Author.SYSTEM, Author.USER, Author.ASSISTANT

TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>\n{{ message.content | trim }}<|end|>\n{% endfor %}"
)


def laid_out(messages, template=TEMPLATE):
    return fill(render(template, {"messages": place_holders([m.author for m in messages])}), messages)


def test_a_conversation_is_the_template_around_the_texts():
    assert laid_out([Message(SYSTEM, "Be brief.\n"), Message(USER, "  Why?")]) == (
        "<|system|>\n",
        "Be brief.",
        "<|end|>\n<|user|>\n",
        "Why?",
        "<|end|>\n",
    )


@given(st.lists(st.builds(Message, st.sampled_from(Author), st.text()), min_size=1, max_size=5))
def test_texts_are_never_markup(messages):
    """Whatever they spell: the language of templates, control tokens, even what stands for messages."""
    segments = laid_out(messages)
    assert [str(s) for s in segments if not isinstance(s, Markup)] == [
        text for m in messages if (text := m.text.strip())
    ]


@given(st.text())
def test_the_template_reads_no_text(text):
    hostile = "{% if 'secret' in messages[0].content %}leaks{% endif %}{{ messages[0].content }}"
    assert "leaks" not in laid_out([Message(USER, f"secret {text} {{{{ 7 * 7 }}}}")], hostile)


def test_a_template_that_drops_or_repeats_a_message_is_noticed():
    assert has_places(render(TEMPLATE, {"messages": place_holders([USER, ASSISTANT])}), 2)
    for template in (
        "{{ messages[0].content }}",
        "{{ messages[1].content }}" * 2 + "{{ messages[0].content }}",
    ):
        assert not has_places(render(template, {"messages": place_holders([USER, ASSISTANT])}), 2)


def test_what_the_system_says_can_join_the_user_s_words():
    answer = Message(ASSISTANT, "a")
    assert without_system([Message(SYSTEM, "s "), Message(USER, "u"), answer]) == (
        Message(USER, "s\n\nu"),
        answer,
    )
    for kept in ([Message(USER, "u")], [Message(SYSTEM, "s")], [Message(SYSTEM, "s"), answer]):
        assert without_system(kept) == tuple(kept)
