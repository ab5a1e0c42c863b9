"""What may be shown of what the model wrote."""

from codenook.context.snippets import Context, Snippet, Why
from codenook.models.engine.messages import Candidate, Finish
from codenook.server.verify.candidates import UNRESOLVED_PENALTY, Verifier


def candidate(text, mean_logprob=-1.0, finish=Finish.STOP_RULE):
    return Candidate(text, mean_logprob, n_tokens=1, finish=finish)


def shown(code, *written, context=None, language="python"):
    before, _, after = code.partition("¦")
    verifier = Verifier(language, before + after, len(before), context or Context())
    verifier.prepare()
    return verifier.add(written)


def texts(code, *written, **options):
    return [verified.text for verified in shown(code, *map(candidate, written), **options)]


def test_only_what_parses_is_shown():
    assert texts("x = 1\ny = x¦\n", " + 1", " + ]", " = = 2") == [" + 1"]


def test_open_brackets_are_closed_where_that_parses():
    assert texts("x = f(¦\n", "a, [b") == ["a, [b])"]
    assert texts("x = f(¦)\n", "a, [b") == []
    assert texts("x = f(¦\n", "a b") == []


def test_a_block_that_was_cut_off_keeps_its_whole_lines():
    cut_off = candidate("if a:\n        return 1\n    return (", finish=Finish.MAX_TOKENS)
    (only,) = shown("def f(a):\n    ¦\n", cut_off)
    assert only.text == "if a:\n        return 1"


def test_what_follows_the_cursor_is_not_doubled():
    assert texts("print(len(¦))\n", '"abc"))') == ['"abc"']
    assert texts("a = 1\n¦\nb = a\n", "c = a\nb = a") == ["c = a"]


def test_a_candidate_does_not_leave_a_line_that_goes_on():
    assert texts("print(¦)\n", '"a"\nimport os') == ['"a"']


def test_the_same_code_is_shown_once_with_its_best_score():
    (only,) = shown("x = ¦\n", candidate("f('a')", -2.0), candidate('f( "a" )', -1.0))
    assert only.text == 'f( "a" )'
    assert only.unresolved == ("f",)
    assert only.score == -1.0 - UNRESOLVED_PENALTY


def test_names_of_the_context_are_known_and_unknown_ones_cost():
    snippet = Snippet("shop.py", 1, 2, "Cart.total", Why.USED_NEAR, "def total(self): ...")
    best, other = shown("x = ¦\n", candidate("nowhere"), candidate("Cart"), context=Context((snippet,)))
    assert (best.text, best.unresolved) == ("Cart", ())
    assert (other.text, other.unresolved) == ("nowhere", ("nowhere",))
    assert best.score > other.score


def test_loops_and_blanks_are_dropped():
    assert texts("x = ¦\n", "a, a, a, a, a, a, a, a", "   ", "") == []


def test_later_candidates_join_the_ranking():
    verifier = Verifier("python", "x = \n", 4, Context())
    assert [v.text for v in verifier.add([candidate("1", -2.0)])] == ["1"]
    assert [v.text for v in verifier.add([candidate("2", -1.0), candidate("1", -3.0)])] == ["2", "1"]


def test_a_language_without_a_parser_is_not_judged():
    (only,) = shown("<p>¦</p>\n", candidate("hello"), language="html")
    assert (only.text, only.parses) == ("hello", None)
