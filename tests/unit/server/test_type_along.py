from hypothesis import given
from hypothesis import strategies as st

from codenook.server.lsp.type_along import Offer, Shown, rests

CODE = st.text(alphabet="ab(,)\n \"'é🙂", max_size=30)


@given(before=CODE, after=CODE, candidate=CODE, data=st.data())
def test_the_rest_completes_to_the_same_text(
    before: str, after: str, candidate: str, data: st.DataObject
) -> None:
    n_typed = data.draw(st.integers(0, len(candidate)))
    text = before + candidate[:n_typed] + after
    shown = Shown(before, after, (Offer("1", candidate),))
    offset = len(before) + n_typed
    got = [text[:offset] + offer.text + text[offset:] for offer in rests(shown, text, offset)]
    assert got == ([before + candidate + after] if n_typed < len(candidate) else [])


@given(before=CODE, after=CODE, candidate=CODE, text=CODE, data=st.data())
def test_whatever_is_typed_an_answer_keeps_it(
    before: str, after: str, candidate: str, text: str, data: st.DataObject
) -> None:
    offset = data.draw(st.integers(0, len(text)))
    for offer in rests(Shown(before, after, (Offer("1", candidate),)), text, offset):
        assert offer.text
        assert text[:offset] + offer.text + text[offset:] == before + candidate + after


def test_only_the_offers_that_fit_are_left() -> None:
    shown = Shown("x = ", "\n", (Offer("a", "sorted(y)"), Offer("b", "sum(y)"), Offer("c", "so")))
    assert rests(shown, "x = so\n", 6) == (Offer("a", "rted(y)"),)


def test_a_bracket_closed_by_the_editor_is_not_doubled() -> None:
    shown = Shown("x = ", "\n", (Offer("a", "sorted(y)"), Offer("b", "sorted(y)[0]")))
    assert rests(shown, "x = sorted()\n", len("x = sorted(")) == (Offer("a", "y"),)


def test_other_text_after_the_cursor_fits_nothing() -> None:
    shown = Shown("x = ", "\n", (Offer("a", "sorted(y)"),))
    assert rests(shown, "x = sorted(z\n", len("x = sorted(")) == ()


def test_the_line_ends_of_the_document_do_not_matter() -> None:
    shown = Shown("if x:", "\r\n", (Offer("a", "\n    return"),))
    assert rests(shown, "if x:\r\n    \r\n", len("if x:\r\n    ")) == (Offer("a", "return"),)
