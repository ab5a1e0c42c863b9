"""Findings that a team dismissed stay dismissed, wherever their lines are."""

import tomllib

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codenook.server.review import rules
from codenook.server.review.dismissed import FILE, Dismissed
from codenook.server.review.finding import Evidence, Finding, Severity, SourceName, Span
from codenook.server.review.scope.change import Unread
from codenook.server.review.wanted import Wanted
from codenook.server.tasks.saving import NotSaved


def finding(line, path="a.py", rule=rules.UNREAD_PARAMETER, subject="x"):
    evidence = (Evidence(SourceName.FACTS, "e"),)
    return Finding(rule, path, Span(line, 1, line, 2), "x", "m", 0.5, evidence, subject=subject)


@pytest.fixture
def root(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    return tmp_path


def dismiss(root, change, found, why=""):
    return Dismissed.read(root).add(change, [found], why)


def left(root, change, *found):
    return Dismissed.read(root).without(change, found)


def test_what_is_dismissed_is_so_after_its_line_moved(root, change_of):
    assert dismiss(root, change_of({"a.py": ("", "x = 1\n")}), finding(1), "on purpose") == 1
    moved = change_of({"a.py": ("", "\n\n    x  =  1\n")})
    assert left(root, moved, finding(3)) == ()
    (entry,) = tomllib.loads((root / FILE).read_text())["dismissed"]
    assert entry == {
        "rule": "unread-parameter",
        "path": "a.py",
        "line": "x = 1",
        "subject": "x",
        "why": "on purpose",
    }


def test_another_line_rule_subject_or_file_is_told(root, change_of):
    change = change_of({"a.py": ("", "x = 1\nx = 2\n"), "b.py": ("", "x = 1\n")})
    dismiss(root, change, finding(1))
    others = (
        finding(2),
        finding(1, rule=rules.MISSING_ARGUMENT),
        finding(1, subject="y"),
        finding(1, path="b.py"),
    )
    assert left(root, change, *others) == others


def test_a_file_that_was_renamed_takes_its_dismissals_along(root, change_of):
    dismiss(root, change_of({"a.py": ("", "x = 1\n")}), finding(1))
    (root / "a.py").rename(root / "b.py")
    assert left(root, change_of({"b.py": ("", "x = 1\n")}), finding(1, path="b.py")) == ()


def test_a_path_that_no_file_can_have_is_of_a_file_that_is_gone(root, change_of):
    (root / FILE).parent.mkdir()
    entry = '[[dismissed]]\nrule = "unread-parameter"\npath = "{}"\nline = "x = 1"\nsubject = "x"\n'
    for path in ("a" * 300, "a\\u0000b"):
        (root / FILE).write_text(entry.format(path))
        assert left(root, change_of({"a.py": ("", "x = 1\n")}), finding(1)) == ()


def test_what_is_dismissed_twice_is_written_once_and_what_people_wrote_stays(root, change_of):
    change = change_of({"a.py": ("", "x = 1\nx = 2\n")})
    assert dismiss(root, change, finding(1)) == 1
    text = (root / FILE).read_text() + "# a remark\n"
    (root / FILE).write_text(text)
    assert dismiss(root, change, finding(1)) == 0
    assert (root / FILE).read_text() == text
    assert dismiss(root, change, finding(2)) == 1
    assert (root / FILE).read_text().startswith(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("dismissed = [", "can't be read"),
        (f"dismissed = {'[' * 5_000}", "nested too deeply"),
        (f"dismissed = {'1' * 5_000}", "can't be read"),
        ("dismissed = 3", "entry 1"),
        ('[[dismissed]]\nrule = "a"\n', "entry 1"),
        ('[[dismissed]]\nrule = "a"\npath = 3\nline = "x"\n', "entry 1"),
    ],
)
def test_what_can_not_be_read_dismisses_nothing_and_is_told(root, change_of, text, problem):
    (root / FILE).parent.mkdir()
    (root / FILE).write_text(text)
    dismissed = Dismissed.read(root)
    change = change_of({"a.py": ("", "x = 1\n")})
    assert dismissed.without(change, [finding(1)]) == (finding(1),)
    (told,) = dismissed.problems
    assert problem in told
    assert "\n" not in told
    with pytest.raises(NotSaved, match=problem):
        dismissed.add(change, [finding(1)])
    assert (root / FILE).read_text() == text


def test_nothing_is_written_through_a_link(root, change_of, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (root / "inside").mkdir()
    change = change_of({"a.py": ("", "x = 1\n")})
    for folder in (outside, root / "inside"):
        (root / ".codenook").symlink_to(folder)
        with pytest.raises(NotSaved, match="is a link"):
            dismiss(root, change, finding(1))
        assert list(folder.iterdir()) == []
        (root / ".codenook").unlink()


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_to_another_file_is_not_written_to(root, change_of, is_there):
    other = root / ".git" / "config"
    other.parent.mkdir()
    if is_there:
        other.write_text("[core]\n")
    (root / FILE).parent.mkdir()
    (root / FILE).symlink_to("../.git/config")
    with pytest.raises(NotSaved, match="is a link"):
        dismiss(root, change_of({"a.py": ("", "x = 1\n")}), finding(1))
    assert (other.read_text() if other.exists() else None) == ("[core]\n" if is_there else None)


def test_a_workspace_may_be_opened_through_a_link(root, change_of):
    (root / "opened").symlink_to(root)
    assert dismiss(root / "opened", change_of({"a.py": ("", "x = 1\n")}), finding(1)) == 1


def test_a_file_that_is_no_text_stays_as_it_is(root, change_of):
    (root / FILE).parent.mkdir(exist_ok=True)
    (root / FILE).write_bytes(b"# \xff\xfe")
    with pytest.raises(NotSaved, match="not UTF-8"):
        dismiss(root, change_of({"a.py": ("", "x = 1\n")}), finding(1))
    assert (root / FILE).read_bytes() == b"# \xff\xfe"


def test_line_ends_of_the_file_stay(root, change_of):
    (root / FILE).parent.mkdir(exist_ok=True)
    (root / FILE).write_bytes(b"# ours\r\n")
    dismiss(root, change_of({"a.py": ("", "x = 1\n")}), finding(1))
    assert (root / FILE).read_bytes().startswith(b"# ours\r\n")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=st.text(st.characters(blacklist_characters="\n")), why=st.text())
def test_any_line_can_be_dismissed(tmp_path, change_of, line, why):
    (tmp_path / FILE).unlink(missing_ok=True)
    change = change_of({"a.py": ("", f"x{line}\n")})
    dismiss(tmp_path, change, finding(1), why)
    assert Dismissed.read(tmp_path).problems == ()
    is_text = f"x{line}".encode("utf-8", "replace").decode() == f"x{line}"
    assert (left(tmp_path, change, finding(1)) == ()) is is_text


def test_settings_say_what_is_told_and_how_severe_it_is():
    wanted = Wanted.of(["api"], ["unused=hint", "unread-parameter=error"], [])
    told = wanted.findings([finding(1), finding(1, rule=rules.MISSING_ARGUMENT)])
    assert told == (evolve(finding(1), severity=Severity.ERROR),)
    assert Wanted.of(["unread-parameter"], [], []).findings([finding(1)]) == ()
    assert Wanted.of([], ["unused=hint"], []).findings([finding(1)])[0].severity is Severity.HINT


def test_settings_say_which_files_are_not_looked_at(change_of):
    change = change_of({"a.py": ("", "x\n"), "gen/b.py": ("", "x\n"), "gen/keep.py": ("", "x\n")})
    wanted = Wanted.of([], [], ["/gen/*", "!keep.py"]).change(change)
    assert [file.path for file in wanted.files] == ["a.py", "gen/keep.py"]
    assert [(left.path, left.reason) for left in wanted.left_out] == [("gen/b.py", Unread.FILE_OFF)]
