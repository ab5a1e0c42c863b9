"""The index follows the files: all read once, then only what changed."""

import email
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from index_sources import outline_of, walk

from codenook.context.index import build
from codenook.context.index.queries import Found

EMAIL = Path(email.__file__).parent


def write(root, **texts):
    for name, text in texts.items():
        (root / f"{name}.py").write_text(text, encoding="utf-8")


@pytest.fixture
def outlines():
    paths = [path for path, reason in walk(EMAIL) if not reason]
    return {path: outline_of(path, (EMAIL / path).read_bytes()) for path in paths}


def test_a_real_package_is_told_as_it_was_read(opened, outlines):
    index = opened(EMAIL)
    assert index.scan()
    assert index.counters.read == len(outlines) > 10
    for path, outline in outlines.items():
        assert tuple(index.definitions(path)) == outline.definitions
        assert tuple(index.imports(path)) == outline.imports
    totals = index.totals()
    assert totals.files == len(outlines)
    assert totals.definitions == sum(len(outline.definitions) for outline in outlines.values())
    assert totals.imports == sum(len(outline.imports) for outline in outlines.values())
    assert totals.occurrences == sum(len(outline.occurrences) for outline in outlines.values())


def test_questions_about_names_are_answered_from_all_files(opened, outlines):
    index = opened(EMAIL)
    index.scan()
    places = sorted(
        (path, d.start_line, d)
        for path, outline in outlines.items()
        for d in outline.definitions
        if d.name == "set_payload"
    )
    assert index.named("set_payload", 10) == [Found(path, d) for path, _, d in places] != []
    assert index.n_definitions("set_payload") == len(places)
    counts = {path: o.occurrences["header"] for path, o in outlines.items() if o.occurrences["header"]}
    by_count = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    assert index.occurrences("header", 5) == by_count[:5] != []
    assert index.n_files("header") == len(counts)
    importing = [path for path, o in outlines.items() if any(i.module == "email.charset" for i in o.imports)]
    assert set(importing) <= set(index.importers("charset", 50))
    assert [d.name for d in index.members("message.py", "MIMEPart")] == [
        d.name for d in outlines["message.py"].definitions if d.parent == "MIMEPart"
    ]
    assert index.definition("message.py", "Message.get_payload").name == "get_payload"
    assert index.files_in("mime") == sorted(path for path in outlines if path.startswith("mime/"))


def test_a_search_finds_words_inside_of_names(opened):
    index = opened(EMAIL)
    index.scan()
    found = [place.definition.name for place in index.search("ContentDisposition", 8)]
    assert found[:2] == ["ContentDisposition", "content_disposition"]
    assert "parse_content_disposition_header" in found
    assert index.search("?!", 5) == []
    assert index.search('NEAR("x" AND', 5) is not None


def test_files_that_have_not_changed_are_not_read(opened):
    index = opened(EMAIL)
    index.scan()
    index.close()
    again = opened(EMAIL)
    assert again.scan()
    assert (again.counters.read, again.counters.rows) == (0, 0)
    assert again.named("set_payload", 1)


def test_a_file_that_has_just_changed_is_read_again(opened, tmp_path):
    """Another change may have left it the same size and, on a coarse clock, the same time."""
    write(tmp_path, a="x = 1\n")
    later = (tmp_path / "a.py").stat().st_mtime + 3600
    os.utime(tmp_path / "a.py", (later, later))
    index = opened(tmp_path)
    index.scan()
    index.scan()
    assert (index.counters.read, index.counters.parsed) == (2, 1)


def test_a_known_content_is_not_parsed_again(opened, tmp_path):
    """So that switching between branches costs no more than reading."""
    branches = [{f"m{i}": f"def f{i}_{branch}(): ...\n" for i in range(8)} for branch in "ab"]
    index = opened(tmp_path)
    for branch in branches:
        write(tmp_path, **branch)
        index.scan()
    assert index.counters.parsed == 16
    write(tmp_path, **branches[0])
    index.scan()
    assert index.counters.parsed == 16
    assert index.named("f3_a", 5)
    assert not index.named("f3_b", 5)


def test_former_contents_are_kept_within_bounds(opened, tmp_path):
    index = opened(tmp_path)
    for i in range(10):
        write(tmp_path, a=f"x{i} = 1\n", b=f"y{i} = 1\n")
        index.scan()
    (n_contents,) = index._store.read(
        lambda tables: tables.execute("SELECT count(*) FROM content").fetchone()
    )
    assert n_contents == 4


def test_refresh_reads_the_named_files_only(opened, tmp_path):
    write(tmp_path, a="def alpha(): ...\n", b="def beta(): ...\n", c="def gone(): ...\n")
    index = opened(tmp_path)
    index.scan()
    write(tmp_path, a="def delta(): ...\n", b="def unseen(): ...\n")
    (tmp_path / "c.py").unlink()
    read = index.counters.read
    assert index.refresh(["a.py", "c.py", "never.py"])
    assert index.counters.read == read + 1
    assert [index.n_definitions(name) for name in ("alpha", "delta", "gone", "unseen")] == [0, 1, 0, 0]


@pytest.mark.parametrize("change", ["rename", "remove"])
def test_refresh_follows_folders(opened, tmp_path, change):
    (tmp_path / "a" / "b").mkdir(parents=True)
    write(tmp_path / "a" / "b", m="def alpha(): ...\n")
    index = opened(tmp_path)
    index.scan()
    if change == "rename":
        (tmp_path / "a").rename(tmp_path / "z")
    else:
        shutil.rmtree(tmp_path / "a")
    assert index.refresh(["a", "z"])
    assert [found.path for found in index.named("alpha", 5)] == (["z/b/m.py"] if change == "rename" else [])


def test_a_rule_file_changes_what_others_are(opened, tmp_path):
    write(tmp_path, a="def alpha(): ...\n")
    index = opened(tmp_path)
    (tmp_path / ".ignore").touch()
    assert index.refresh([".ignore"])
    assert index.n_definitions("alpha") == 1


def test_what_cannot_be_read_is_left_out_with_a_reason(opened, tmp_path):
    write(
        tmp_path,
        good="def alpha(): ...\n",
        wrong="# test: raise an error\n",
        ends="# test: end the process\n",
    )
    write(tmp_path, **{f"more{i}": f"x{i} = {i}\n" for i in range(6)})
    (tmp_path / "binary.py").write_bytes(b"x = 1\0")
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "loop.py").symlink_to("loop.py")
    (tmp_path / "around").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / os.fsdecode(b"\xff.py")).write_text("y = 1\n")
    index = opened(tmp_path)
    assert index.scan()
    assert dict(index.skipped(10)) == {
        "binary.py": "binary",
        "pipe.py": "unreadable",
        "wrong.py": "failed",
        "ends.py": "failed",
    }
    assert index.n_definitions("alpha") == 1
    assert index.totals().files == 7


def test_files_that_vanish_while_being_read_are_not_there(opened, tmp_path):
    write(tmp_path, **{f"m{i}": f"def f{i}(): ...\n" for i in range(9)})
    index = opened(tmp_path)
    index.scan()
    index.close()
    write(tmp_path, **{f"m{i}": f"def changed{i}(): ...\n" for i in range(9)})

    def walk_and_remove(root):
        yield from list(walk(root))
        shutil.rmtree(root)

    index = opened(tmp_path, walk=walk_and_remove)
    assert index.totals().files == 9
    assert index.scan()
    assert index.totals().files == 0


def test_progress_runs_from_nothing_to_all(opened, tmp_path):
    write(tmp_path, **{f"m{i}": f"x{i} = {i}\n" for i in range(300)})
    seen = []
    opened(tmp_path).scan(lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 300)
    assert seen[-1] == (300, 300)
    assert seen == sorted(seen)


def test_open_documents_hide_their_files(opened, tmp_path):
    write(tmp_path, a="def alpha(): ...\nimport os\n", b="alpha()\n")
    index = opened(tmp_path)
    index.scan()
    index.show("a.py", outline_of("a.py", b"def beta(): ...\nimport json\n"))
    index.show("new.py", outline_of("new.py", b"beta\n"))
    assert [index.n_definitions(name) for name in ("alpha", "beta")] == [0, 1]
    assert [index.importers(name, 5) for name in ("os", "json")] == [[], ["a.py"]]
    assert index.occurrences("beta", 5) == [("a.py", 1), ("new.py", 1)]
    assert [found.path for found in index.search("beta", 5)] == ["a.py"]
    assert index.search("alpha", 5) == []
    index.hide("a.py")
    index.hide("new.py")
    assert [index.n_definitions(name) for name in ("alpha", "beta")] == [1, 0]
    assert Counter(index.files_in("")) == Counter(["a.py", "b.py"])


def test_it_answers_while_it_builds(opened, tmp_path):
    write(tmp_path, **{f"m{i:04}": f"def f{i}(): ...\n" for i in range(3000)})
    index = opened(tmp_path)
    seen = []
    index.scan(lambda done, _total: seen.append((done, index.totals().files)))
    assert all(done == files for done, files in seen)
    assert any(0 < done < 3000 for done, _ in seen)


def test_when_very_many_files_changed_all_are_looked_at(opened, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "_N_REFRESHED", 1)
    index = opened(tmp_path)
    index.scan()
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.py").write_text(f"def {name}(): ...\n", encoding="utf-8")
    index.refresh(["a.py"])
    assert [index.n_definitions(name) for name in "abc"] == [1, 0, 0]
    index.refresh(["a.py", "b.py"])
    assert [index.n_definitions(name) for name in "abc"] == [1, 1, 1]
