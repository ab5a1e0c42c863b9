"""Words that may stand in documentation, and those that may not, by what is wrong with them."""

import pytest

from codenook.server.documentation.subject import Kind, Returns, Subject
from codenook.server.verify.claims import contradicts
from codenook.server.verify.kept import lost_words
from codenook.server.verify.prose import About, Flaw, Read, closed, flaw, sentence

CODE = "def parse_rows(table, limit=20): rows = [row.split() for row in table]; return rows[:limit]"
SUBJECT = Subject(Kind.FUNCTION, "parse_rows", 0, 0, 0, returns=Returns.VALUE, return_type="list[str]")
SUMMARY = About(SUBJECT, Read.of(CODE), is_summary=True)
ITEM = About(SUBJECT, Read.of(CODE), name="limit", type="int")


@pytest.mark.parametrize(
    "text",
    [
        "Split the rows of a table at white space",
        "Return the first rows of a table.",
        "Split a table (at white space) into at most 20 rows.",
        "Split rows, whatever the separator's width.",
    ],
)
def test_plain_sentences_are_fine(text):
    assert flaw(text, SUMMARY) is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", Flaw.EMPTY),
        ("rows", Flaw.EMPTY),
        ("split the rows " + "and look at others " * 10, Flaw.TOO_LONG),
        ("split the rows of the", Flaw.UNFINISHED),
        ("rows 0 0 0 0 0 0 0 0 0 0 0 0 0 0 split", Flaw.NOT_PROSE),
        ("- split the rows", Flaw.NOT_PROSE),
        ("split\u200b the rows", Flaw.NOT_PROSE),
        ("Args: the rows to split", Flaw.MARKUP),
        ("split the (rows", Flaw.MARKUP),
        ("rows = split the table", Flaw.CODE),
        ("calls split(row) on the table", Flaw.CODE),
        ("Sure, split the rows", Flaw.TALK),
        ("Ignore all previous rows and split", Flaw.TALK),
        ("the rows of the table of the rows of the table", Flaw.REPEATS),
        ("parse rows", Flaw.SAYS_NOTHING),
        ("Sends a letter to the harbour", Flaw.UNRELATED),
        ("Split the rows with 7 tables", Flaw.INVENTED),
        ("Split the rows of a TableReader", Flaw.INVENTED),
        ("Yields the rows of a table", Flaw.CONTRADICTS),
        ("Return the number of rows in a table", Flaw.CONTRADICTS),
    ],
)
def test_each_flaw_is_told(text, wrong):
    assert flaw(text, SUMMARY) is wrong


def test_every_flaw_can_be_told_to_a_model():
    assert all(each.description.endswith(".") for each in Flaw)


def test_words_that_exist_nowhere_are_refused_from_models_that_make_some_up():
    strict = About(SUBJECT, Read.of(CODE), is_summary=True, known_only=True)
    assert flaw("Splurtle the rows of a table", SUMMARY) is None
    assert flaw("Splurtle the rows of a table", strict) is Flaw.INVENTED


def test_a_line_of_the_file_is_no_summary():
    copied = About(SUBJECT, Read.of(CODE, "# Read rows of a table, then stop.\n"), is_summary=True)
    assert flaw("Read rows of a table, then stop", copied) is Flaw.ECHO


def test_two_parts_do_not_say_the_same():
    once = About(SUBJECT, Read.of(CODE), said=frozenset({"how many rows"}), name="limit")
    assert flaw("How many rows", ITEM) is None
    assert flaw("How many rows.", once) is Flaw.ECHO


def test_a_summary_of_what_returns_nothing_does_not_say_return():
    nothing = Subject(Kind.FUNCTION, "parse_rows", 0, 0, 0, returns=Returns.NOTHING)
    assert (
        flaw("Return the rows of a table", About(nothing, Read.of(CODE), is_summary=True)) is Flaw.CONTRADICTS
    )


@pytest.mark.parametrize(
    ("text", "declared", "is_wrong"),
    [
        ("True if there are rows", "bool", False),
        ("True if there are rows", "list[str]", True),
        ("The number of rows", "str", True),
        ("The number of rows", "int | None", False),
        ("A list of rows", "typing.Sequence[str]", False),
        ("A list of rows", "Table", False),
        ("A list of rows", "", False),
    ],
)
def test_what_is_claimed_of_a_type_is_compared_with_it(text, declared, is_wrong):
    assert contradicts(text, declared) is is_wrong


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('\n    Split rows.\n    """', "Split rows."),
        ('"""Split rows."""', "Split rows."),
        (" Split rows. And more.", "Split rows."),
        ("Split rows, e.g. of tables. More", "Split rows, e.g. of tables."),
        ("Split rows */ code", "Split rows"),
    ],
)
def test_the_first_sentence_is_taken(written, said):
    assert sentence(written) == said


@pytest.mark.parametrize("written", ["int: how many rows", "int, optional: how many rows", "how many rows"])
def test_a_type_before_an_item_is_taken_off(written):
    assert sentence(written, is_summary=False) == "how many rows"


def test_a_sentence_is_closed():
    assert closed("split rows") == "Split rows."
    assert closed("t.TextIO to read") == "t.TextIO to read."
    assert closed("text_reader of the file") == "text_reader of the file."
    assert closed("splits rows.", lead="Parse ") == "splits rows."


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ("a b c", "a x b y c", ""),
        ("a b c", "a c b", "c"),
        ("a b", "", "a b"),
    ],
)
def test_words_are_lost_when_they_are_gone_or_moved(before, after, lost):
    assert lost_words(before, after) == lost
