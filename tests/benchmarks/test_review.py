"""The benchmark of reviews: its cases, its figures, and that any source can be measured."""

import gzip
import hashlib
import json
import re
import zipfile
from pathlib import Path

import bug_cases
import clean_changes
import found_bugs
import pytest
import release_fixes
import slips
import trigrams
from found_bugs import Judged, Measured, Said
from line_surprisal import LineSurprisal
from trigrams import TrigramEngine

from codenook.models.engine.messages import Counters, ModelInfo
from codenook.server.config import Settings
from codenook.server.review.finding import Category, Evidence, Finding, Rule, Severity, SourceName
from codenook.server.review.sources.surprise.source import Surprise
from codenook.server.review.sources.surprise.weighing import unfitted, weights

PROBLEM = {
    "task_id": "Python/0",
    "prompt": "def area(width, height):\n    '''The area.'''\n",
    "canonical_solution": "    size = width * height\n    return size\n",
    "buggy_solution": "    size = width * width\n    return size\n",
    "bug_type": "variable misuse",
}
RULE = Rule("a-rule", "", "", Category.BUG, Severity.INFO, SourceName.READING)


@pytest.fixture
def case(tmp_path):
    with gzip.open(tmp_path / "humanevalpack_python.jsonl.gz", "wt") as lines:
        lines.write(json.dumps(PROBLEM) + "\n")
    (case,) = bug_cases.problems(tmp_path, "python")
    return case


class LineByLine:
    """Says of every changed line how many times it has the name ``width``."""

    name = SourceName.READING
    counters = Counters(0, 5, 0, 0)

    def __init__(self, change):
        self.change = change

    async def unready(self):
        return None

    async def about(self, file):
        for line in sorted(file.changed):
            text = file.new.line(line)
            if text.strip():
                span = file.new.span_of_line(line)
                evidence = (Evidence(SourceName.READING, "it is counted"),)
                chance = text.count("width") / 10
                yield Finding(RULE, file.path, span, file.new.quote(span), "counted", chance, evidence)


def test_a_problem_is_a_new_body_below_a_signature(case):
    (wrong,), (right,) = case.wrong.files, case.right.files
    assert wrong.changed == {3, 4}
    assert case.bug == {3}
    assert wrong.new.line(3).strip() == "size = width * width"
    assert right.new.line(3).strip() == "size = width * height"


async def test_any_source_can_be_measured(case):
    measured = await found_bugs.measure([case], LineByLine)
    (judged,) = measured.judged
    assert judged.wrong.by_line == {3: 0.2, 4: 0.0}
    assert judged.right.by_line == {3: 0.1, 4: 0.0}
    assert (measured.n_lines, measured.n_tokens) == (4, 10)
    assert found_bugs.line_area(measured.judged).value == 1.0
    assert found_bugs.pair_area(measured.judged).value == 1.0
    assert found_bugs.version_area(measured.judged).value == 1.0
    above = found_bugs.rates(measured.judged, 0.15)
    assert (above.recall, above.precision, above.false_alarms, above.findings) == (1.0, 1.0, 0.0, 1)
    below = found_bugs.rates(measured.judged, 0.1)
    assert (below.recall, below.precision, below.false_alarms, below.findings) == (1.0, 0.5, 1.0, 2)
    assert [threshold for threshold, _ in found_bugs.curve(measured.judged)] == [0.2, 0.1, 0.0]


def judged(case, wrong, right):
    return Judged(case, Said(wrong, 2), Said(right, 2))


def test_the_threshold_allows_so_many_false_alarms(case):
    every = [judged(case, {3: 0.5}, {3: i / 100}) for i in range(100)]
    threshold = found_bugs.quietest(every, 0.05)
    assert found_bugs.rates(every, threshold).false_alarms == 0.05
    assert found_bugs.rates(every, threshold - 0.011).false_alarms > 0.05
    assert found_bugs.quietest(every[:1], 0.05) > 0, "none is allowed in one"


def test_a_finding_is_near_a_bug_within_two_lines(case):
    near = [judged(case, {5: 0.9}, {}), judged(case, {6: 0.9}, {})]
    assert [found_bugs.rates([one], 0.5).recall for one in near] == [1.0, 0.0]


def test_areas_have_intervals(case):
    chance = [judged(case, {3: i % 2, 4: (i + 1) % 2}, {3: i % 2}) for i in range(40)]
    area = found_bugs.line_area(chance)
    assert area.low < area.value == 0.5 < area.high


def test_differences_are_taken_case_by_case(case):
    chance = [judged(case, {3: i % 2, 4: (i + 1) % 2}, {3: i % 2}) for i in range(40)]
    (same, *_) = found_bugs.differences(chance, chance).values()
    assert (same.low, same.value, same.high) == (0, 0, 0), "what varies in both is no difference"
    better = [judged(case, {3: 1}, {})] * 40
    of = found_bugs.differences(better, chance)
    assert of.keys() == {"line", "same place", "version"}
    assert 0 < of["line"].low < of["line"].value == 0.5 < of["line"].high


async def test_the_simplest_surprise_is_that_of_a_line(case, monkeypatch):
    monkeypatch.setattr(trigrams, "N_BYTES", 200_000)
    info = ModelInfo("m", "", 1, 0, 1024, 0, "", None, (), ("python",), 0)
    engine, lengths = TrigramEngine(info), []

    def counted(surprisals):
        lengths.append(len(surprisals))
        return sum(surprisals)

    measured = await found_bugs.measure([case], lambda change: LineSurprisal(change, engine, counted))
    (judged_,) = measured.judged
    assert judged_.wrong.by_line.keys() == judged_.right.by_line.keys() == {3, 4}
    size, times = len(re.findall(r"\w+|[^\w\s]", "size = width * width")), 3
    assert lengths[0] == size + times + 1 + 1, "words, blanks between them, the indentation, the line's end"


def test_clean_changes_are_statements_that_follow_each_other(tmp_path):
    one = "@cached\ndef f{}():\n" + "    frob()\n" * 67 + "\n"
    text = '"""Frobs."""\n\nimport a\n\n' + "".join(one.format(i) for i in range(7))
    release = wheel(tmp_path, "1", {"p/a.py": text, "p/short.py": OLD})
    drawn = clean_changes.clean_changes([release], tmp_path, 9)
    found = sorted((each.path, each.first, each.last) for each in drawn)
    assert found == [("p/a.py", 5, 213), ("p/a.py", 215, 423)], (
        "three functions each, the seventh is too short"
    )


def wheel(folder, version, files):
    archive = folder / f"pack-{version}-py3-none-any.whl"
    with zipfile.ZipFile(archive, "w") as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    return release_fixes.Release("pack", version, archive.name, digest)


OLD = "def area(width, height):\n    size = width * width\n    return size\n"
FIXES = {
    "a slip": (OLD, OLD.replace("width * width", "width * height"), 1),
    "documentation": (
        OLD.replace("size =", "'''A'''\n    size ="),
        OLD.replace("size =", "'''B'''\n    size ="),
        0,
    ),
    "a comment": (OLD, OLD.replace("* width", "* width  # x"), 0),
    "a new name": (OLD, OLD.replace("width * width", "width * depth"), 0),
    "a name that is renamed": (f"{OLD}\n\n{OLD}", f"{OLD}\n\n{OLD}".replace("= width", "= height"), 0),
    "a type": (OLD, OLD.replace("width, height", "width: int, height"), 0),
    "many lines": (OLD, OLD.replace("    size", "    a = 1\n    b = 2\n    c = 3\n    d = 4\n    size"), 0),
}


@pytest.mark.parametrize("what", FIXES)
def test_a_small_change_of_code_between_releases_is_a_case(what, tmp_path):
    old, new, n = FIXES[what]
    pair = release_fixes.Pair(
        "report", wheel(tmp_path, "1", {"p/a.py": old}), wheel(tmp_path, "2", {"p/a.py": new})
    )
    found = list(release_fixes.fixes([pair], tmp_path, "report"))
    assert len(found) == n
    assert list(release_fixes.fixes([pair], tmp_path, "fit")) == []
    for case in found:
        (wrong,), (right,) = case.wrong.files, case.right.files
        assert (wrong.old.text, wrong.new.text) == (new, old)
        assert (right.old.text, right.new.text) == (old, new)
        assert case.bug == wrong.changed == {2}


def test_a_release_that_is_missing_or_another_is_told(tmp_path):
    release = wheel(tmp_path, "1", {"p/a.py": OLD})
    (tmp_path / release.archive).write_bytes(b"another")
    with pytest.raises(release_fixes.ReleasesMissing, match="SHA-256"):
        release_fixes.sources(tmp_path, release)
    (tmp_path / release.archive).unlink()
    with pytest.raises(release_fixes.ReleasesMissing, match="--fetch"):
        release_fixes.sources(tmp_path, release)


def test_no_release_was_trained_on():
    text = (Path(__file__).parents[2] / "models" / "training" / "manifest.toml").read_text("utf-8")
    trained = text.partition("[validation]")[0]
    assert not [
        pair.new.package for pair in release_fixes.read_manifest() if f"\n{pair.new.package} " in trained
    ]


FILES = {
    f"p/{name}.py": f"def {name}(width, height):\n    size = width * height\n    if size > 9 and width:\n"
    "        return max(size, height)\n    items = [size, width]\n    return items[size - 1]\n"
    for name in ("area", "rim", "hub")
}


def test_slips_are_the_same_every_time_and_mended_by_one_edit():
    drawn = list(slips.slips(FILES, 3))
    assert [slip.case.name for slip in drawn] == [slip.case.name for slip in slips.slips(FILES, 3)]
    assert len(drawn) == 3
    for slip in drawn:
        wrong, right = slip.case.wrong.files[0].new.source, slip.case.right.files[0].new.source
        assert wrong != right
        assert wrong[: slip.mends.start] + slip.mends.text.encode() + wrong[slip.mends.end :] == right


async def test_trigrams_stand_in_for_the_model_and_weights_are_fitted(case, monkeypatch):
    monkeypatch.setattr(trigrams, "N_BYTES", 200_000)
    info = ModelInfo("m", "", 1, 0, 1024, 0, "", None, (), ("python",), 0)
    engine = TrigramEngine(info)
    fitted = await slips.fit(engine, FILES, 3)
    assert fitted.bias.keys() == weights().bias.keys()
    assert 0 < fitted.threshold < 1

    def source_of(change):
        return Surprise(change, engine, Settings(), weights=unfitted(0.0))

    measured = await found_bugs.measure([case], source_of)
    assert 3 in measured.judged[0].wrong.by_line


def test_the_picture_is_drawn(case, tmp_path):
    pytest.importorskip("matplotlib", reason="the bench extra is not installed")
    from review_picture import draw  # noqa: PLC0415

    class Row:
        measured = Measured((judged(case, {3: 0.9}, {3: 0.2}), judged(case, {4: 0.3}, {})), 1.0)
        threshold = 0.5

    draw({"a set": {"surprise": Row(), "trigrams": Row()}}, tmp_path / "p.svg")
    assert "surprise" in (tmp_path / "p.svg").read_text()
