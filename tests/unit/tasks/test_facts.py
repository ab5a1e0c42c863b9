"""What the code says by itself, in words; and a small model, whose words count only where it is sure."""

import pytest
from scripted import ScriptedEngine
from scripted import comment_on as ask

from codenook.context.parse import encode, language_named, parse
from codenook.models.engine.messages import Candidate, Counters, Generation, Timings
from codenook.server.documentation.languages import subjects
from codenook.server.documentation.subject import Condition, When
from codenook.server.reasons import Reason
from codenook.server.tasks.blanks import Blank, Part
from codenook.server.tasks.facts import fact

SMALL = 4_000_000


def subject_of(code):
    """The last definition of a file."""
    return subjects(parse(language_named("python"), encode(code)))[-1]


SUMMARIES = {
    "def find_closest_elements(numbers):\n    return closest\n": "Find the closest elements.",
    "def sum_to_n(n):\n    return n\n": "Sum to n.",
    "def concatenate(strings):\n    return ''.join(strings)\n": "Concatenate the strings.",
    "def largest_divisor(n):\n    return n\n": "Return the largest divisor of n.",
    "def b64_key(raw_content):\n    return key(raw_content)\n": "Return the b64 key of the raw content.",
    "def allPrefixes(text, start):\n    return [text]\n": "Return all prefixes.",
    "def get_path(self):\n    return self.path\n": "Return the path.",
    "def is_empty(text):\n    return not text\n": "Return whether the text is empty.",
    "def has_words(rows):\n    return bool(rows)\n": "Return whether the rows have words.",
    "def is_sorted(text) -> str:\n    return text\n": "Return is sorted of the text.",
    "def same_chars(first, second):\n    return first == second\n": "Check the same chars.",
    "def cache_folder(root):\n    return root\n": "Return the cache folder of the root.",
    "def cache_folder(root):\n    store(root)\n": "Cache the folder.",
    "def to_json(row):\n    return row\n": "Convert to json.",
    "class HttpClient:\n    def __init__(self, a):\n        self.a = a\n": "Initialize the http client.",
    "def on_click(event):\n    print(event)\n": "",
    "def __str__(self):\n    return self.name\n": "",
    "class Rows:\n    pass\n": "",
}


@pytest.mark.parametrize("code", SUMMARIES)
def test_a_function_s_name_says_what_it_does_or_gives(code):
    assert fact(subject_of(code), Blank(Part.SUMMARY)) == SUMMARIES[code]


RESULTS = {
    "return self.closest_pair": "The closest pair.",
    "return len(rows)": "``len(rows)``.",
    "return depth == 0": "Whether ``depth == 0``.",
    "if a:\n        return True\n    return False": "True or False.",
    "return result": "",
    "return self._inner.get(1)": "",
    "return rows[" + "0, " * 40 + "]": "",
    "if a:\n        return b\n    return c": "",
    "return '`'": "",
    "yield rows": "",
}


@pytest.mark.parametrize("body", RESULTS)
def test_what_is_returned_is_said_by_its_name_or_as_it_stands_there(body):
    assert fact(subject_of(f"def size(rows):\n    {body}\n"), Blank(Part.RETURNS)) == RESULTS[body]


RAISED = """\
def fetch(address, tries=3, wait=None):
    if not address:
        raise ValueError(address)
    elif tries > 9:
        raise OSError(address)
    try:
        tell(tries)
    except (KeyError, IndexError) as error:
        raise LookupError from error
    if wait:
        wait()
    else:
        raise TypeError
    for number in range(tries):
        raise Lost
"""


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ValueError", "If ``not address``."),
        ("OSError", "If ``tries > 9``."),
        ("LookupError", "If ``(KeyError, IndexError)`` is caught."),
        ("TypeError", "Unless ``wait``."),
        ("Lost", ""),
    ],
)
def test_an_error_is_told_by_what_stands_around_it(name, told):
    assert fact(subject_of(RAISED), Blank(Part.RAISES, name)) == told


def test_two_conditions_are_told_and_no_more():
    code = "def f(a, b, c):\n" + "".join(f"    if {each}:\n        raise Lost\n" for each in "abc")
    assert subject_of(code).conditions == tuple(Condition("Lost", When.IF, each) for each in "abc")
    assert fact(subject_of(code), Blank(Part.RAISES, "Lost")) == ""
    fewer = code.replace("    if c:\n        raise Lost\n", "")
    assert fact(subject_of(fewer), Blank(Part.RAISES, "Lost")) == "If ``a`` or if ``b``."


def test_a_default_is_told():
    subject = subject_of(RAISED)
    told = [fact(subject, Blank(Part.PARAMETER, parameter.name)) for parameter in subject.parameters]
    assert told == ["", "Defaults to ``3``.", ""]


class Sure(ScriptedEngine):
    """Says everything with one mean log-probability."""

    score = -1.0

    async def generate(self, request, finished=None):
        generation = await super().generate(request)
        candidates = tuple(Candidate(each.text, self.score, 1, each.finish) for each in generation.candidates)
        return Generation(candidates, Timings(), Counters(generated=len(candidates)))


FIND = """\
def find_address(address, tries=3):
    if not address:
        raise ValueError(address)
    known_address = ask(address, tries)
    return known_address
"""


def said(prompt):
    last = prompt.rstrip().rpartition("\n")[2].strip()
    return {
        "address:": ["The address to ask."],
        "tries:": ["The tries to ask."],
        '"""': ["Ask the known address."],
    }[last]


def test_a_small_model_that_is_sure_is_believed():
    result = ask(Sure(said, n_params=SMALL), FIND, "find_address")
    assert [(each.text, each.from_code) for each in result.words] == [
        ("Ask the known address.", False),
        ("The address to ask.", False),
        ("The tries to ask.", False),
        ("The known address.", True),
        ("If ``not address``.", True),
    ]


def test_the_code_is_believed_more_than_a_small_model_that_is_not_sure():
    engine = Sure(said, n_params=SMALL)
    engine.score = -2.5
    result = ask(engine, FIND, "find_address")
    assert result.words[0].text == "Find the address."
    assert result.words[0].from_code
    assert result.refused == {"unsure": 1}
    assert len(engine.requests) == 3  # what the code says is not asked for


def test_a_larger_model_is_asked_for_everything():
    prompts = []

    def noting(prompt):
        prompts.append(prompt)
        return [
            "Ask the known address.",
            "Where the address is.",
            "How many tries it takes.",
            "The tries of it.",
            "If the address is not known.",
        ]

    result = ask(Sure(noting), FIND, "find_address")
    assert not any(each.from_code for each in result.words)
    assert len(prompts) == 5


@pytest.mark.parametrize(
    ("words", "flaw"),
    [
        ("The weather on the tries.", "unrelated"),
        ("The tries to ask for.", None),
        ("The known address.", "unrelated"),
    ],
)
def test_a_small_model_s_words_on_a_parameter_name_it(words, flaw):
    def about_tries(prompt):
        return [words] if prompt.rstrip().endswith("tries:") else said(prompt)

    result = ask(Sure(about_tries, n_params=SMALL), FIND, "find_address")
    (told,) = [each for each in result.words if each.name == "tries"]
    assert told.from_code is (flaw is not None)
    assert (flaw in result.refused) is (flaw is not None)


def test_facts_go_through_the_proof_like_all_words():
    code = 'def ask(address):\n    if address != "*/":\n        raise ValueError\n    return address\n'
    result = ask(Sure(lambda _: ["The address to ask."], n_params=SMALL), code, "ask")
    assert 'If ``address != "*/"``.' in result.edit.text
    quotes = code.replace('"*/"', '\'"""\'')
    assert (
        ask(Sure(lambda _: ["The address to ask."], n_params=SMALL), quotes, "ask").reason
        is Reason.NOT_VERIFIED
    )
