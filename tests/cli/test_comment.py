"""``codenook comment``: a diff, files written whole, runs that go on, and one line for what goes wrong."""

import ast
import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
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


FUNCTION = SOURCE.partition("\n\n\n")[2].partition("\n\n\nclass")[0]


def functions(*names):
    """A documented module of functions."""
    rows = "\n\n\n".join(FUNCTION.replace("read_lines", name) for name in names)
    return f'"""Say what there is."""\n\n\n{rows}\n'


@pytest.fixture
def started(codenook_environment):
    """Start ``codenook comment ARGUMENTS``, to go on while it runs."""
    begun = []

    def start(*arguments, **options):
        command = [sys.executable, "-P", "-E", "-m", "codenook", "comment", *map(str, arguments)]
        pipe = subprocess.PIPE
        begun.append(
            subprocess.Popen(
                command, env=codenook_environment, stdout=pipe, stderr=pipe, text=True, **options
            )
        )
        return begun[-1]

    yield start
    for running in begun:
        with running:
            running.kill()


def wait_for(running, is_so):
    """Wait until something is so, while a command runs."""
    while not is_so():
        assert running.poll() is None, running.stderr.read()
        time.sleep(0.05)


def waits(running):
    """Whether a command does nothing, for want of an answer."""
    process = psutil.Process(running.pid)
    before = process.cpu_times()
    time.sleep(1.0)
    return process.cpu_times() == before


def test_a_run_that_is_stopped_leaves_whole_files_and_the_next_one_goes_on(cli, started, tmp_path):
    before = {
        f"file_{number}.py": functions(*(f"read_{number}_{name}" for name in "abcd")) for number in range(15)
    }
    for name, text in before.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def texts():
        return {name: (tmp_path / name).read_text(encoding="utf-8") for name in before}

    running = started(tmp_path, "--write", "--json")
    wait_for(running, lambda: texts()["file_1.py"] != before["file_1.py"])
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    after = texts()
    assert running.returncode == 130
    assert "Traceback" not in err
    assert "codenook: stopped; " in err
    assert "the same command goes on from there" in err
    assert {path.name for path in tmp_path.iterdir()} == before.keys()
    for name, text in before.items():
        assert code(after[name]) == code(text)
    done = {each["symbol"] for each in json.loads(out)["results"] if each["edit"]}
    assert done == {name for name in symbols(before) if is_documented(after, name)}
    assert 0 < len(done) < 4 * len(before)
    second = cli("comment", tmp_path / "file_1.py", "--write", "--json")
    asked = {each["symbol"] for each in second.json["results"]}
    assert asked == symbols({"file_1.py": before["file_1.py"]}) - done
    assert after["file_0.py"] == texts()["file_0.py"]


def symbols(texts):
    """The functions of some files."""
    return {
        node.name
        for text in texts.values()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
    }


def is_documented(texts, name):
    """Whether a function has documentation."""
    nodes = (node for text in texts.values() for node in ast.walk(ast.parse(text)))
    return any(
        ast.get_docstring(node) for node in nodes if isinstance(node, ast.FunctionDef) and node.name == name
    )


def test_a_stopped_run_without_write_shows_what_it_has_and_says_that_nothing_changed(started, tmp_path):
    for number in range(15):
        text = functions(*(f"read_{number}_{name}" for name in "abcd"))
        (tmp_path / f"file_{number:02}.py").write_text(text, encoding="utf-8")
    running = started(tmp_path)
    first = running.stdout.readline()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, "no file was changed" in err) == (130, True)
    assert first.startswith("--- a/")
    assert "@@" in out


def test_an_engine_that_is_killed_costs_one_definition(cli, started, tmp_path):
    for number in range(6):
        text = functions(*(f"read_{number}_{name}" for name in "abc"))
        (tmp_path / f"file_{number}.py").write_text(text, encoding="utf-8")
    cli("comment", f"{tmp_path / 'file_0.py'}:read_0_a")
    (engine,) = cli("engine", "status", "--json").json
    running = started(tmp_path, "--write", "--json")
    first = tmp_path / "file_0.py"
    wait_for(running, lambda: first.read_text("utf-8").count('"""') > 2)
    os.kill(engine["pid"], signal.SIGSTOP)
    wait_for(running, lambda: waits(running))
    os.kill(engine["pid"], signal.SIGKILL)
    out, err = running.communicate(timeout=120)
    reasons = [each["reason"] for each in json.loads(out)["results"]]
    assert len(reasons) == 18
    assert reasons.count("engine_died") == 1
    assert None in reasons[reasons.index("engine_died") :]
    assert running.returncode == 3
    assert err.count("(engine_died)") == 1
    assert "; 1 engine_died" in err


def test_a_disk_that_is_full_for_one_file_ends_no_run(started, tmp_path):
    rows = "much text\n" * 15_000
    large = f'{functions("read_large")}\n\nTEXT = """\n{rows}"""\n'
    (tmp_path / "a.py").write_text(large, encoding="utf-8")
    (tmp_path / "b.py").write_text(functions("read_small"), encoding="utf-8")
    limit = 120_000

    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    running = started(tmp_path, "--write", "--json", preexec_fn=full)
    out, err = running.communicate(timeout=120)
    reasons = {each["symbol"]: each["reason"] for each in json.loads(out)["results"]}
    assert reasons["read_large"] in {"file_not_written", "not_verified"}
    assert reasons["read_small"] in {None, "not_verified"}
    assert (tmp_path / "a.py").read_text("utf-8") == large
    assert {path.name for path in tmp_path.iterdir()} == {"a.py", "b.py"}
    assert (running.returncode, err.count("can't write")) == (2, 1)
    assert "a.py: File too large (file_not_written)" in err


def test_what_may_not_be_written_is_told_once_and_passed_over(cli, tmp_path):
    for name in ("a.py", "sub/b.py", "c.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(functions(f"read_{path.stem}", f"count_{path.stem}"), encoding="utf-8")
    before = {path: path.read_text("utf-8") for path in tmp_path.rglob("*.py")}
    (tmp_path / "a.py").chmod(0o444)
    (tmp_path / "sub").chmod(0o555)
    ran = cli("comment", tmp_path, "--write", "--json", obey_modes=True)
    (tmp_path / "sub").chmod(0o755)
    reasons = {each["symbol"]: each["reason"] for each in ran.json["results"]}
    assert {name: reason for name, reason in reasons.items() if not name.endswith("_c")} == dict.fromkeys(
        ("read_a", "count_a", "read_b", "count_b"), "file_not_written"
    )
    assert (ran.code, ran.err.count("can't write")) == (2, 2)
    assert ran.err.startswith(
        f"codenook: can't write {tmp_path / 'a.py'}: it is read-only (file_not_written)\n"
    )
    after = {path: path.read_text("utf-8") for path in before}
    assert {path.name for path in before if before[path] == after[path]} == {"a.py", "b.py"}


@pytest.mark.parametrize("command", [["comment"], ["docs", "check"]])
@pytest.mark.parametrize(
    "place", ["closed", "closed/a.py", "unlisted", "x" * 300 + ".py", "loop.py", "pipe.py", "gone.py", ""]
)
def test_what_can_t_be_read_is_exit_code_2_and_one_line(cli, tmp_path, command, place):
    for folder, mode in (("closed", 0o600), ("unlisted", 0o300)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.py").write_text(SOURCE, encoding="utf-8")
        (tmp_path / folder).chmod(mode)
    (tmp_path / "loop.py").symlink_to("loop.py")
    os.mkfifo(tmp_path / "pipe.py")
    ran = cli(*command, place, cwd=tmp_path, obey_modes=True)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "Traceback" not in ran.err


@pytest.fixture
def hostile(tmp_path):
    """A folder with one good file among what is none."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    (folder / "good.py").write_text(functions("read_good"), encoding="utf-8")
    (folder / "mark.py").write_bytes(b"\xef\xbb\xbf" + SOURCE.encode())
    (folder / "dos.py").write_bytes(SOURCE.replace("\n", "\r\n").encode())
    (folder / "broken.py").write_text("def f(:\n    return (", encoding="utf-8")
    (folder / "empty.py").touch()
    (folder / "new\nline.py").write_text(functions("read_line"), encoding="utf-8")
    (folder / "latin.py").write_bytes(b"# caf\xe9\n" + SOURCE.encode())
    (folder / os.fsdecode(b"name\xff.py")).write_text(SOURCE, encoding="utf-8")
    (folder / "zero.py").write_bytes(b'x = "\0"\n')
    (folder / "large.py").write_text(SOURCE + "# filler\n" * 120_000, encoding="utf-8")
    (folder / "loop_a.py").symlink_to("loop_b.py")
    (folder / "loop_b.py").symlink_to("loop_a.py")
    (folder / "up").symlink_to("..")
    (folder / "endless.py").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.py")
    return folder


LEFT_OUT = {"binary": 1, "not_utf8": 2, "outside": 2, "too_large": 1, "unreadable": 3}


def test_a_hostile_folder_is_documented_around_what_can_t_be(cli, hostile):
    before = {path: path.read_bytes() for path in hostile.iterdir() if path.is_file() and path.stat().st_size}
    ran = cli("comment", hostile, "--write", "--json")
    assert ran.code == 0, ran.err
    assert {reason: left["n"] for reason, left in ran.json["skipped"].items()} == LEFT_OUT
    for reason in LEFT_OUT:
        assert f" {reason} (" in ran.err
    assert ran.err.count("\n") == 2
    documented = {Path(each["path"]).name for each in ran.json["results"] if each["edit"]}
    assert {"mark.py", "dos.py"} <= documented
    mark, dos = (hostile / "mark.py").read_bytes(), (hostile / "dos.py").read_bytes()
    assert mark.startswith(b"\xef\xbb\xbf")
    assert mark.count(b"\xef\xbb\xbf") == 1
    assert dos.count(b"\n") == dos.count(b"\r\n")
    for name in ("latin.py", "large.py", "zero.py", os.fsdecode(b"name\xff.py")):
        assert (hostile / name).read_bytes() == before[hostile / name]


def test_a_hostile_folder_is_checked_around_what_can_t_be(cli, hostile):
    ran = cli("docs", "check", hostile, "--json")
    assert ran.code == 0, ran.err
    assert {reason: left["n"] for reason, left in ran.json["skipped"].items()} == LEFT_OUT
    assert ran.json["files"] == 6
