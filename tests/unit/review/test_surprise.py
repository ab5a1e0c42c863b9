"""What a model's surprise becomes: a finding with its evidence, or nothing, and why."""

import math
import re
from pathlib import Path

import pytest
from attrs import define, evolve, field

from codenook.context.snippets import Context, Snippet, Why
from codenook.models.engine.errors import ScoringUnsupported
from codenook.models.engine.messages import (
    Counters,
    ModelInfo,
    ScoredAlternative,
    ScoredToken,
    Scores,
    Timings,
)
from codenook.models.engine.variants import Tokens
from codenook.models.prompts.fim import FimOrder, Special
from codenook.server.config import Settings
from codenook.server.reasons import Reason
from codenook.server.review.finding import SourceName
from codenook.server.review.merge import merged
from codenook.server.review.scope.change import Change, ChangedFile, Text
from codenook.server.review.scope.compare import hunks
from codenook.server.review.scope.lines import of_document
from codenook.server.review.sources.surprise.instead import Kind
from codenook.server.review.sources.surprise.source import Surprise
from codenook.server.review.sources.surprise.weighing import unfitted

ROOT = Path("/work")
RIGHT = "def turn(rim, size, other):\n    wheel = rim.size\n    return wheel + size\n"
WRONG = RIGHT.replace("wheel + size", "wheel + other")


@define
class Expecting:
    """A model that expects every word alike, but for some; ``likely`` gets the text before."""

    likely: object = field(factory=lambda: lambda _before: {"size": -0.1, "other": -9.0})
    languages: tuple = ("python",)
    n_ctx: int = 1024
    requests: list = field(factory=list)
    _ids: dict = field(factory=dict)
    _pieces: dict = field(factory=dict)

    async def ready(self):
        markers = (Special.FIM_PREFIX, Special.FIM_SUFFIX, Special.FIM_MIDDLE, Special.FILE_SEPARATOR)
        return ModelInfo(
            *("expecting", "", 1, 0, self.n_ctx, 0, "", FimOrder.SPM, markers, self.languages, 0), "codenook"
        )

    async def count_tokens(self, texts):
        return [len(text) // 3 + 1 for text in texts]

    async def score(self, request):
        self.requests.append(request)
        shown = "".join(part for part in request.prompt if not isinstance(part, Special))
        known = self.likely(shown)
        text = Tokens("", request.text, self._tokenize, self._pieces)

        def logprob(token):
            return known.get(self._pieces[token].decode(), -3.0)

        def compared(alternative):
            variant = text.variant(alternative, request.n_after)
            starts = (text.start(variant.first), *variant.ends)
            logprobs = [logprob(token) for token in variant.tokens]
            tokens = tuple(map(ScoredToken, starts, logprobs))
            own = logprob(text.tokens[variant.first])
            return ScoredAlternative(starts[0], logprobs[0], own, text.ends[variant.until - 1], tokens)

        own = [ScoredToken(text.start(i), logprob(token)) for i, token in enumerate(text.tokens)]
        others = tuple(map(compared, request.alternatives))
        return Scores(tuple(own), others, Timings(), Counters(10, 8, 4, 2))

    def _tokenize(self, text):
        words = re.findall(r"\w+|\s+|.", text)
        tokens = [self._ids.setdefault(word, len(self._ids)) for word in words]
        self._pieces.update((token, word.encode()) for token, word in zip(tokens, words, strict=True))
        return tokens


RARE = -4.0
WEIGHTS = evolve(unfitted(0.9), bias={**dict.fromkeys(Kind, RARE), Kind.EXCESS: -20.0, Kind.UNWRAPPED: -20.0})
"""Every word is as likely as another here, so that less of them always is likelier: that is left out."""


def surprise(engine, change, **more):
    return Surprise(change, engine, Settings(), weights=WEIGHTS, **more)


def rewritten(old, new, path="wheel.py"):
    file = ChangedFile(path, path, Text(old), Text(new), hunks(Text(old), Text(new)))
    return Change(ROOT, "a test", (file,))


async def told(source):
    found = [finding for file in source.change.files async for finding in source.about(file)]
    checked = merged(source.change, found)
    assert not checked.not_told
    assert len(checked.findings) == len(found)
    return checked.findings


async def test_a_surprising_name_is_told_with_both_probabilities_and_a_fix():
    source = surprise(Expecting(), rewritten(RIGHT, WRONG))
    (found,) = await told(source)
    assert (found.rule.id, found.span.start_line, found.quote) == ("unlikely-name", 3, "other")
    assert found.message == "`other` is not expected here, but `size`"
    (evidence,) = found.evidence
    assert evidence.source is SourceName.SURPRISE
    assert evidence.facts["probability"] == pytest.approx(math.exp(-9))
    assert evidence.facts["instead_probability"] == pytest.approx(math.exp(-0.1))
    assert "0.012 %" in evidence.message
    assert "90 %" in evidence.message
    (edit,) = found.fix.edits
    text = Text(WRONG)
    start, end = (text.offset(*place) for place in ((3, edit.span.start_column), (3, edit.span.end_column)))
    assert WRONG[:start] + edit.text + WRONG[end:] == RIGHT
    meant = sum(math.exp(gain + RARE) for gain in (8.9, 6, 6, 2.9))
    assert found.confidence == pytest.approx(meant / (1 + meant), abs=1e-2), "others could be meant, too"


async def test_columns_count_characters():
    line = "    größe = '\N{SNOWMAN}é' + other\n    return größe, size\n"
    found = await told(surprise(Expecting(), rewritten("", f"def f(size, other):\n{line}")))
    columns = {one.span.start_line: one.span.start_column for one in found if one.quote == "other"}
    assert columns[2] == line.index("other") + 1


async def test_nothing_is_said_of_unchanged_lines():
    both = WRONG + "\n\ndef more(size, other):\n    return size\n"
    source = surprise(Expecting(), rewritten(WRONG + "\n\ndef more(size, other):\n    return 1\n", both))
    assert await told(source) == ()
    judged = {alternative.start for request in source.engine.requests for alternative in request.alternatives}
    assert judged, "there was something to look at"


async def test_what_was_as_surprising_before_is_not_the_changes_fault():
    moved = WRONG.replace("wheel + other", "other * wheel")
    source = surprise(Expecting(), rewritten(WRONG, moved))
    assert await told(source) == ()
    assert source.refuted == {"as_before": 1}


class Manager:
    """Shows one snippet of another file."""

    async def ask(self, work):
        """It knows no classes."""

    async def for_changes(self, *, hunks, texts, budget, count_tokens):
        self.asked = hunks, texts, budget
        return Context((Snippet("rims.py", 1, 2, "Rim", Why.CALLER, "turn(rim, other)", 5),))


async def test_code_of_other_files_may_refute_it():
    def likely(shown):
        return {} if "turn(rim, other)" in shown else {"size": -0.1, "other": -9.0}

    manager = Manager()
    source = surprise(Expecting(likely), rewritten(RIGHT, WRONG), manager=manager)
    assert await told(source) == ()
    assert source.refuted == source.account().refused == {"with_context": 1}
    ((hunk,), texts, budget) = manager.asked
    assert (hunk.path, hunk.start_line, hunk.end_line) == (ROOT / "wheel.py", 3, 3)
    assert texts == {ROOT / "wheel.py": WRONG}
    assert 0 < budget <= 307


async def test_code_of_other_files_may_bear_it_out():
    source = surprise(Expecting(), rewritten(RIGHT, WRONG), manager=Manager())
    (found,) = await told(source)
    assert found.quote == "other"
    assert source.refuted == {}


async def test_languages_that_the_model_does_not_know_are_counted_and_not_asked():
    seen = []
    java = rewritten("class A {}\n", "class A {\n int f(int a) { return a; }\n}\n", "A.java")
    text = rewritten("a\n", "b\n", "notes.txt")
    change = Change(ROOT, "a test", (*java.files, *text.files))
    source = surprise(Expecting(), change, looked=lambda path, n: seen.append((path, n)))
    assert await told(source) == ()
    assert source.account().not_looked_at == {"language_not_in_model": 3, "language_not_read": 1}
    assert seen == [("A.java", 3), ("notes.txt", 1)]
    assert source.engine.requests == []


async def test_progress_reaches_every_changed_line_and_costs_add_up():
    lines = "".join(f"    a{i} = size + {i}\n" for i in range(60))
    text = f"def f(size, other):\n{lines}\n\n# the end\n"
    seen = []
    change = of_document(ROOT, "wheel.py", text)
    source = surprise(Expecting(), change, looked=lambda _, n: seen.append(n))
    await told(source)
    assert sum(seen) == change.n_lines
    assert len(seen) > 2, "it is told on the way"
    n = len(source.engine.requests)
    assert source.counters == Counters(10 * n, 8 * n, 4 * n, 2 * n)


async def test_a_passage_that_is_too_long_is_read_in_parts_and_a_line_alone_is_left_out():
    many = "".join(f"    a{i} = size + {i}\n" for i in range(20))
    line = f"    b = size + {' + '.join(['size'] * 300)}\n"
    source = surprise(Expecting(n_ctx=128), of_document(ROOT, "wheel.py", f"def f(size):\n{many}{line}"))
    await told(source)
    assert source.not_looked_at == {Reason.PROMPT_TOO_LONG: 1}
    assert max(len(request.text) // 3 for request in source.engine.requests) < 128
    asked = "".join(request.text for request in source.engine.requests)
    assert all(f"a{i} = " in asked for i in range(20))


async def test_what_stands_before_is_shown_and_no_marker():
    source = surprise(Expecting(), rewritten(RIGHT, WRONG))
    await told(source)
    prompt, text = source.engine.requests[0].prompt, source.engine.requests[0].text
    assert prompt[0] is Special.FILE_SEPARATOR
    assert "".join(prompt[1:]) == "wheel.py\n" + WRONG[: WRONG.index("    return")]
    assert text == WRONG[WRONG.index("    return") :]


async def test_a_model_without_families_gets_plain_text():
    engine = Expecting()
    plain = evolve(await engine.ready(), family="")

    async def ready():
        return plain

    engine_ = type(
        "Plain",
        (),
        {"ready": staticmethod(ready), "score": engine.score, "count_tokens": engine.count_tokens},
    )()
    (found,) = await told(surprise(engine_, rewritten(RIGHT, WRONG)))
    assert found.quote == "other"
    assert engine.requests[0].prompt == (WRONG[: WRONG.index("    return")],)


async def test_an_engine_that_cannot_score_says_so():
    class Remote(Expecting):
        async def score(self, request):
            raise ScoringUnsupported("the server at this address only writes")

    with pytest.raises(ScoringUnsupported, match="only writes"):
        await told(surprise(Remote(), rewritten(RIGHT, WRONG)))


JAVA = ("class A {}\n", "class A {\n int f(int a) { return a; }\n}\n", "A.java")


async def test_a_change_in_other_languages_alone_is_not_asked_about():
    source = surprise(Expecting(), rewritten(*JAVA))
    unready = await source.unready()
    assert unready.reason == Reason.LANGUAGE_NOT_IN_MODEL
    assert unready.message == "expecting was trained on python alone"
    assert source.not_looked_at == {Reason.LANGUAGE_NOT_IN_MODEL: 3}
    assert await surprise(Expecting(languages=()), rewritten(*JAVA)).unready() is None
