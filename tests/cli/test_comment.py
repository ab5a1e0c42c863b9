"""``codenook comment``: a diff, files written whole, runs that go on, and one line for what goes wrong."""

import ast
import shutil
import signal
import stat
import subprocess
import sys
import time

import pytest

SOURCE = '''\
import os


def read_lines(path, encoding):
    with open(path, encoding=encoding) as file:
        return file.read().split()


class Shelf:
    def __init__(self, books):
        self.books = books

    def find_books(self, title):
        return [book for book in self.books if book.title == title]

    def count_books(self):
        """Count them, by hand."""
        return len(self.books)
'''


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "shop" / "shelf.py"
    path.parent.mkdir()
    path.write_text(SOURCE, encoding="utf-8")
    return path


def code(text):
    tree = ast.parse(text)
    for node in ast.walk(tree):
        is_documented = isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        if is_documented and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return ast.dump(tree)


def test_a_diff_is_shown_and_nothing_written(cli, source):
    ran = cli("comment", source, cwd=source.parent)
    assert ran.code == 0, ran.err
    assert ran.out.startswith("--- a/shelf.py\n+++ b/shelf.py\n@@ ")
    assert not [row for row in ran.out.split("\n")[2:] if row.startswith("-")]
    assert "definitions documented" in ran.err
    assert source.read_text(encoding="utf-8") == SOURCE


def test_files_are_written_and_a_second_run_goes_on(cli, source):
    source.chmod(0o640)
    first = cli("comment", source.parent, "--write", "--json")
    assert first.code == 0, first.err
    after = source.read_text(encoding="utf-8")
    assert code(after) == code(SOURCE)
    assert '"""Count them, by hand."""' in after
    assert stat.S_IMODE(source.stat().st_mode) == 0o640
    assert list(source.parent.iterdir()) == [source]
    done = {each["symbol"] for each in first.json["results"] if each["edit"]}
    second = cli("comment", source.parent, "--write", "--json")
    assert done
    assert not done & {each["symbol"] for each in second.json["results"]}
    assert "Shelf.count_books" not in {each["symbol"] for each in first.json["results"]}


def test_a_definition_that_was_named_gets_what_it_lacks_and_keeps_what_it_has(cli, source):
    ran = cli("comment", f"{source}:Shelf.count_books", "--write")
    after = source.read_text(encoding="utf-8")
    assert "Count them, by hand." in after
    assert code(after) == code(SOURCE)
    assert ran.code == (0 if "Returns:" in after else 1)


def test_a_link_stays_one(cli, source, tmp_path):
    link = tmp_path / "link.py"
    link.symlink_to(source)
    cli("comment", link, "--write")
    assert link.is_symlink()
    assert code(source.read_text(encoding="utf-8")) == code(SOURCE)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("nowhere.py", "there is no file nowhere.py"),
        ("nowhere.py:read", "there is no file nowhere.py"),
        ("shop/shelf.py:find_book", "did you mean Shelf.find_books"),
        ("shop/shelf.py:none", "defines no none"),
        ("binary.py", "not a text in UTF-8"),
        ("notes.txt", "in no language"),
    ],
)
def test_wrong_places_are_exit_code_2_and_one_line(cli, source, tmp_path, place, message):
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    ran = cli("comment", place, cwd=tmp_path)
    assert ran.code == 2
    assert message in " ".join(ran.err.split())
    assert ran.err.count("\n") == 1


def test_nothing_to_do_is_no_failure(cli, tmp_path):
    path = tmp_path / "done.py"
    path.write_text('"""Say nothing."""\n', encoding="utf-8")
    assert cli("comment", path).code == 0
    named = cli("comment", f"{path}:")
    assert (named.code, "nothing_to_document" in named.err) == (1, True)


def test_another_language_has_a_reason(cli, tmp_path):
    path = tmp_path / "Cart.java"
    path.write_text("class Cart {\n    int sum(int first) { return first; }\n}\n", encoding="utf-8")
    ran = cli("comment", f"{path}:Cart.sum")
    assert (ran.code, "language_not_in_model" in ran.err) == (1, True)


def test_a_missing_model_is_exit_code_3(cli, source, tmp_path):
    ran = cli("comment", f"{source}:read_lines", "--model", tmp_path / "none.gguf")
    assert (ran.code, ran.err.count("\n")) == (3, 1)
    assert "model_missing" in ran.err


def test_crlf_stays(cli, tmp_path):
    path = tmp_path / "dos.py"
    path.write_bytes(SOURCE.replace("\n", "\r\n").encode())
    cli("comment", path, "--write")
    text = path.read_bytes().decode()
    assert text.count("\n") == text.count("\r\n") > SOURCE.count("\n")


def test_a_copied_package_is_unchanged_code(cli, example, tmp_path):
    shutil.copytree(example, tmp_path / "example")
    ran = cli("comment", tmp_path / "example", "--write", "--json")
    assert ran.code in {0, 1}
    for path in example.rglob("*.py"):
        copy = tmp_path / "example" / path.relative_to(example)
        assert code(copy.read_text(encoding="utf-8")) == code(path.read_text(encoding="utf-8"))


def test_a_run_that_is_stopped_keeps_what_was_written(cli, codenook_environment, source):
    function = SOURCE.partition("\n\n\n")[2].partition("\n\n\nclass")[0]
    many = "\n\n\n".join(function.replace("read_lines", f"read_lines_{number}") for number in range(60))
    source.write_text(f"{many}\n", encoding="utf-8")
    before = source.read_text(encoding="utf-8")
    command = [sys.executable, "-P", "-E", "-m", "codenook", "comment", source, "--write"]
    running = subprocess.Popen(
        command, env=codenook_environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    while source.read_text(encoding="utf-8") == before:
        assert running.poll() is None, running.stderr.read()
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    after = source.read_text(encoding="utf-8")
    assert running.returncode == 130
    assert "Traceback" not in said
    assert code(after) == code(before)
    assert after.count('"""') < 2 * 60
    assert list(source.parent.iterdir()) == [source]
