"""The context benchmark on the example package: gold found by hand, and the messages of the command."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from attrs import evolve
from definitions import Definitions
from excerpts import Excerpt, cut_off, token_counter, whole
from gold import holes_in
from holes import DATA, Needed, Question, SourceChanged, question, read_holes, write_holes
from measure import BUDGETS
from methods import DEFINITIONS, OURS, WINDOWS, methods, names
from packages import Package, PackagesMissing, fetch, read_manifest, unpack
from score import score, shows
from speed_report import summary
from stability import typed_lines
from typing_places import documents, repeated
from windows import Windows, sources
from workspace import Amount, amounts, at_least, link, total

from codenook.context.code import outline_of
from codenook.context.manager import ContextManager
from codenook.context.parse import language_named, parse
from codenook.context.snippets import OF_A_DEFINITION, Why
from codenook.models import bundled
from codenook.server import demo

CONTEXT = Path(__file__).parents[2] / "benchmarks" / "context"
EXAMPLE = Path(demo.__file__).with_name("example")
ARCHIVE = "lending-1.0.tar.gz"

RENEW = {
    Needed("lending/errors.py", "NotAllowed", 0),
    Needed("lending/records.py", "Book.title", 0),
    Needed("lending/records.py", "Loan.book", 0),
    Needed("lending/records.py", "Loan.due", 0),
    Needed("lending/records.py", "Loan.member", 0),
    Needed("lending/records.py", "Loan.renewals", 0),
    Needed("lending/rules.py", "due_date", 0),
    Needed("lending/rules.py", "may_renew", 0),
}
"""What the body of `Ledger.renew` reads and sets of other files, found by hand; without the lines."""


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The example package as a source distribution that a manifest pins."""
    folder = tmp_path_factory.mktemp("packages")
    with tarfile.open(folder / ARCHIVE, "w:gz") as archive:
        archive.add(EXAMPLE, "lending-1.0", filter=lambda info: None if "__pycache__" in info.name else info)
    found = hashlib.sha256((folder / ARCHIVE).read_bytes()).hexdigest()
    pin = f'version = "1.0", licence = "MIT", holes_in = "lending", sha256 = "{found}"'
    (folder / "packages.toml").write_text(f'[python]\nlending = {{ {pin}, archive = "{ARCHIVE}" }}\n')
    return folder


@pytest.fixture(scope="module")
def workspace(package):
    pinned = read_manifest(package / "packages.toml")
    return unpack(pinned, package)["lending"]


@pytest.fixture(scope="module")
def holes(package, workspace):
    (pinned,) = read_manifest(package / "packages.toml")
    found = holes_in(pinned, workspace)
    write_holes(package / "holes.jsonl.gz", found)
    return found


@pytest.fixture(scope="module")
def renew(holes):
    return next(hole for hole in holes if hole.symbol == "Ledger.renew")


@pytest.fixture(scope="module")
def count():
    return token_counter(bundled.path())


def lines_of(workspace, hole):
    return {needed.path: (workspace / needed.path).read_text().split("\n") for needed in hole.gold}


def run(*arguments, **variables):
    command = [sys.executable, "-P", "-E", CONTEXT, *arguments]
    environment = {**os.environ, **variables}
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=environment)


def test_jedi_finds_what_a_person_finds(renew, workspace):
    assert {evolve(needed, line=0) for needed in renew.gold} == RENEW
    for needed in renew.gold:
        assert needed.name in (workspace / needed.path).read_text().split("\n")[needed.line - 1]


def test_no_hole_needs_its_own_file(holes):
    assert len(holes) > 10
    assert all(needed.path != hole.path for hole in holes for needed in hole.gold)
    assert all(hole.gold for hole in holes)


def test_holes_survive_their_file(holes, package):
    assert read_holes(package / "holes.jsonl.gz") == holes


def test_the_cursor_stands_in_the_place_of_the_body(renew, workspace):
    what = question(renew, workspace)
    original = (workspace / renew.path).read_text()
    before, after = what.text[: what.offset], what.text[what.offset :]
    assert before.endswith("    def renew(self, number: int, today: date) -> Loan:\n        ")
    assert after.startswith("\n\n    def give_back(")
    assert original.startswith(before)
    assert original.endswith(after)


def test_a_changed_file_is_noticed(renew, tmp_path):
    (tmp_path / "lending").mkdir()
    (tmp_path / renew.path).write_text("another file\n")
    with pytest.raises(SourceChanged):
        question(renew, tmp_path)


FILE = [
    "class Loan:",
    "    book: Book",
    "",
    "    def __init__(self, due, *, late=False):",
    "        self.due = due",
    "",
    "    async def end(self):",
    "        return self.due",
    "",
    "OPEN, CLOSED = range(2)",
]


LOAN = range(1, 9)


@pytest.mark.parametrize(
    ("lines", "text", "symbol", "line", "is_shown"),
    [
        (LOAN, "\n".join(FILE[:8]), "Loan", 1, True),
        (range(2, 9), "\n".join(FILE[1:8]), "Loan", 1, False),
        (LOAN, "class Loan:\n    book: Book\n    async def end(self): ...", "Loan.end", 7, True),
        (LOAN, "class Loan:\n    book: Book\n    def end(self): ...", "Loan.end", 7, True),
        (LOAN, "class Loan:\n    book: Book\n    def close(self, end): ...", "Loan.end", 7, False),
        (LOAN, "class Loan:\n    due: Date", "Loan.due", 5, True),
        (LOAN, "class Loan:\n    def __init__(self, due): ...", "Loan.due", 5, False),
        (LOAN, "class Loan:\n    title: str = due", "Loan.due", 5, False),
        (range(10, 11), "OPEN, CLOSED = range(2)", "CLOSED", 10, True),
        (LOAN, "class Loan: ...", "CLOSED", 10, False),
    ],
)
def test_what_counts_as_shown(lines, text, symbol, line, is_shown):
    needed = Needed("a.py", symbol, line)
    assert shows(Excerpt("a.py", lines[0], lines[-1], text), needed, FILE) is is_shown
    assert not shows(Excerpt("b.py", lines[0], lines[-1], text), needed, FILE)


@pytest.mark.parametrize(
    ("text", "is_shown"),
    [
        ("func (lc *Closer) Done()", True),
        ("func (lc *Closer) Undone()", False),
        ("func other(Done int)", False),
    ],
)
def test_a_method_in_go_stands_behind_its_receiver(text, is_shown):
    lines = ["func (lc *Closer) Done() {"]
    assert shows(Excerpt("a.go", 1, 1, text), Needed("a.go", "Closer.Done", 1), lines) is is_shown


def test_the_score_of_one_excerpt(renew, workspace):
    rules = (workspace / "lending" / "rules.py").read_text().split("\n")
    useful = Excerpt("lending/rules.py", 1, len(rules), "\n".join(rules), tokens=300)
    useless = Excerpt("lending/report.py", 1, 1, '"""What the library tells people."""', tokens=12)
    found = score(renew, [useful, useless], lines_of(workspace, renew))
    assert (found.n_shown, found.n_needed) == (2, len(RENEW))
    assert (found.tokens, found.wasted) == (312, 12)


def test_budgets_are_kept_to_the_token(renew, workspace, count):
    what = question(renew, workspace)
    windows = Windows(sources(workspace, "python"))
    for rank in (windows.at_random, windows.by_jaccard, windows.by_bm25):
        for budget in (64, *BUDGETS):
            shown = cut_off(rank(what), budget, count)
            assert 0 < sum(count(excerpt.block) for excerpt in shown) <= budget
            assert all(excerpt.tokens == count(excerpt.block) for excerpt in shown)
            for excerpt in shown:
                lines = (workspace / excerpt.path).read_text().split("\n")
                assert "\n".join(lines[excerpt.start_line - 1 : excerpt.end_line]) == excerpt.text


def test_a_long_excerpt_is_passed_over_or_cut_off():
    ranked = [Excerpt("a", 1, 3, "1\n2\n3"), Excerpt("b", 1, 1, "1")]
    assert [excerpt.path for excerpt in whole(ranked, 4, len)] == ["b"]
    assert [(excerpt.path, excerpt.end_line) for excerpt in cut_off(ranked, 6, len)] == [("a", 2)]


def test_windows_with_the_words_of_the_question_come_first(tmp_path):
    about = "\n".join(f"overdue loan reminder {n}" for n in range(60))
    other = "\n".join(f"colour pixel canvas {n}" for n in range(60))
    for name, text in (("a.py", other), ("b.py", about), ("c.py", other)):
        (tmp_path / name).write_text(text)
    what = Question(tmp_path, "own.py", "reminder overdue loan\n", 0)
    windows = Windows(sources(tmp_path, "python"))
    assert next(windows.by_jaccard(what)).path == "b.py"
    assert next(windows.by_bm25(what)).path == "b.py"


def test_imports_follow_reexports_and_modules(tmp_path):
    files = {
        "shop/__init__.py": "from shop.goods import Cart\n",
        "shop/goods.py": "class Cart:\n    def add(self, item):\n        pass\n\ndef weigh(): ...\n",
        "shop/prices.py": "VAT = 19\n\ndef total(cart):\n    return 1\n\ndef rebate():\n    return 2\n",
        "shop/desk.py": "",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    head = "from . import prices\nfrom shop import Cart\n\n\ndef pay():\n    "
    tail = "\n\n\ndef rest():\n    return prices.total(weigh)\n"
    what = Question(tmp_path, "shop/desk.py", head + tail, len(head))
    definitions = Definitions(sources(tmp_path, "python"))
    imported = [(excerpt.path, excerpt.text) for excerpt in definitions.imported(what)]
    assert imported == [
        ("shop/goods.py", "class Cart:\n    def add(self, item):"),
        ("shop/prices.py", "def total(cart):"),
    ]
    named = [excerpt.text for excerpt in definitions.imported_and_named(what)]
    assert named[2:] == ["def weigh(): ..."]


def test_every_method_answers_from_other_files(renew, workspace, count):
    asked = methods(workspace, "python", count, names())
    assert list(asked) == names()
    what, lines = question(renew, workspace), lines_of(workspace, renew)
    n_shown = {}
    for name, method in asked.items():
        for budget, shown in zip(BUDGETS, method.choose(what, BUDGETS), strict=True):
            assert all(excerpt.path != renew.path for excerpt in shown)
            assert sum(excerpt.tokens for excerpt in shown) <= budget
            n_shown[name, budget] = score(renew, shown, lines).n_shown
        method.close()
    for name in (*DEFINITIONS, OURS):
        assert n_shown[name, 2048] == len(RENEW), "all are imported, or fields of what is imported"


def test_earlier_questions_leave_nothing_behind(holes, renew, workspace, count):
    (asked,) = methods(workspace, "python", count, [OURS]).values()
    alone = asked.choose(question(renew, workspace), BUDGETS)
    for hole in holes:
        asked.choose(question(hole, workspace), BUDGETS)
    again = asked.choose(question(renew, workspace), BUDGETS)
    asked.close()
    assert any(needed.path in {hole.path for hole in holes} for needed in renew.gold)
    assert again == alone


def test_each_source_has_a_row_without_it(renew, workspace, count):
    rows = [f"ours without {source}" for source in Why if source not in OF_A_DEFINITION]
    assert names()[-len(rows) :] == rows
    asked = methods(workspace, "python", count, [OURS, *rows])
    what = question(renew, workspace)
    shown = {name: method.choose(what, [2048])[0] for name, method in asked.items()}
    for method in asked.values():
        method.close()
    assert all(shown.values())
    assert any(found != shown[OURS] for found in shown.values())


def test_the_picture_has_every_row(tmp_path):
    pytest.importorskip("matplotlib")
    from picture import draw  # noqa: PLC0415

    figures = {str(budget): {"tokens": budget / 2, "needed_shown": budget / 4096} for budget in BUDGETS}
    counted = {"holes": 3, "packages": {"lending 1.0": 3}, "methods": dict.fromkeys(names(), figures)}
    for picture in (tmp_path / "a.svg", tmp_path / "b.svg"):
        draw({"languages": {"python": counted, "go": counted}}, picture)
    text = (tmp_path / "a.svg").read_text()
    assert text == (tmp_path / "b.svg").read_text()
    assert all(text.count(f"<!-- {name} -->") == 2 for name in names())
    draw({"languages": {"python": counted}}, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_windows_serve_every_language(tmp_path, count):
    (tmp_path / "a.go").write_text("package a\n")
    assert set(methods(tmp_path, "go", count, [*WINDOWS, *DEFINITIONS])) == set(WINDOWS)


@pytest.mark.parametrize(
    ("language", "n_holes", "n_packages"),
    [("python", 400, 10), ("typescript", 60, 8), ("go", 60, 7), ("java", 60, 5), ("rust", 60, 4)],
)
def test_the_holes_that_ship(language, n_holes, n_packages):
    path = DATA / f"{language}.jsonl.gz"
    holes = read_holes(path)
    pins = {package.name: package.version for package in read_manifest() if package.language == language}
    assert len(holes) >= n_holes
    assert len({hole.package for hole in holes}) >= n_packages
    assert all(pins[hole.package] == hole.version for hole in holes)
    assert all(hole.gold and 0 < hole.start < hole.end for hole in holes)
    assert all(needed.path != hole.path and needed.line > 0 for hole in holes for needed in hole.gold)
    assert all(len({*hole.gold}) == len(hole.gold) for hole in holes)
    assert len({(hole.package, hole.path, hole.start) for hole in holes}) == len(holes)
    assert path.stat().st_size < 300_000


READ = {"TypeScript": "typescript", "Go": "go", "Java": "java", "Rust": "rust"}


def test_the_documents_tell_how_many_holes_were_read():
    text = (CONTEXT.parents[1] / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    for name, language in READ.items():
        holes = read_holes(DATA / f"{language}.jsonl.gz")
        n_needed = sum(len(hole.gold) for hole in holes)
        counts = rf"{len(holes)} \| {n_needed} \|"
        assert re.search(rf"^\| {name} \| (\d+ \| ){{4}}{counts}$", text, re.MULTILINE)
        assert re.search(rf"^\| {name} \| {counts} \d+\.\d \|", text, re.MULTILINE)


def test_the_command(package, holes, tmp_path):
    ran = run(
        *("--packages", os.path.relpath(package), "--manifest", package / "packages.toml"),
        *("--holes", package / "holes.jsonl.gz", "--json", tmp_path / "context.json"),
    )
    assert ran.returncode == 0, ran.stderr
    assert "Within 2,048 tokens" in ran.stdout
    result = json.loads((tmp_path / "context.json").read_text())["languages"]["python"]
    assert result["packages"] == {"lending 1.0": len(holes)}
    assert result["holes"] == len(holes)
    assert result["needed"] == sum(len(hole.gold) for hole in holes)
    assert list(result["methods"]) == names()
    for by_budget in result["methods"].values():
        shares = [by_budget[str(budget)]["needed_shown"] for budget in BUDGETS]
        assert shares == sorted(shares)
        assert all(0 <= by_budget[str(budget)]["wasted"] <= budget for budget in BUDGETS)
    assert result["methods"]["imports"]["2048"]["needed_shown"] > 0.5
    assert result["methods"]["ours"]["2048"]["needed_shown"] > 0.8


def test_lines_are_typed_as_they_stand_in_the_file(renew, workspace):
    lines = typed_lines(renew, workspace)
    source = (workspace / renew.path).read_text(encoding="utf-8")
    assert len(lines) == 2
    for line in lines:
        assert line.before + line.line + line.after == source
        assert all(needed.name in line.line for needed in line.needed)


def test_the_stability_of_the_context(package, holes, tmp_path):
    options = (
        "--packages",
        package,
        "--manifest",
        package / "packages.toml",
        "--holes",
        package / "holes.jsonl.gz",
    )
    ran = run(*options, "--stability", "--json", tmp_path / "out.json")
    assert ran.returncode == 0, ran.stderr
    counted = json.loads((tmp_path / "out.json").read_text())["all"]
    (workspace,) = package.glob("lending-*/")
    lines = [line for hole in holes for line in typed_lines(hole, workspace)]
    assert counted["n_lines"] == len(lines)
    assert counted["n_keys"] == sum(len(line.line) for line in lines)
    assert counted["n_needed"] == sum(len(line.needed) for line in lines)
    assert 0.9 * counted["n_keys"] < counted["n_same"] < counted["n_keys"]
    assert 0 < counted["n_shown"] <= counted["n_needed"]


def test_a_workspace_of_links_is_indexed_as_it_is_counted(workspace, tmp_path):
    link([workspace], tmp_path / "one")
    assert (tmp_path / "one" / workspace.name / "lending" / "rules.py").samefile(
        workspace / "lending" / "rules.py"
    )
    counted = amounts(tmp_path / "one")
    assert counted == amounts(workspace)
    manager = ContextManager(tmp_path / "one")
    manager.build()
    assert manager.index.totals().files == total(counted).n_files > 5
    manager.close()


def test_small_packages_of_each_language_come_first():
    sizes = {"a": ("go", 5), "b": ("go", 1), "c": ("rust", 3), "d": ("rust", 9)}
    packages = [Package(name, language, *5 * [""]) for name, (language, _) in sizes.items()]
    counted = {name: {language: Amount(1, n)} for name, (language, n) in sizes.items()}
    assert [package.name for package in at_least(9, packages, counted)] == ["b", "c", "a"]
    assert len(at_least(100, packages, counted)) == 4


def test_files_parse_without_the_lines_that_are_typed_or_do_not(package, workspace, holes):
    (pinned,) = read_manifest(package / "packages.toml")
    found = {broken: documents(pinned, workspace, holes, broken=broken) for broken in (False, True)}
    for broken, of_kind in found.items():
        assert of_kind
        for document in of_kind:
            text = document.read(workspace.parent)
            for start, end in document.lines:
                without = f"{text[:start]}pass{text[end:]}".encode()
                assert parse(language_named("python"), without).root.has_error is broken
                shown = list(document.keys(text, (start, end)))
                assert len(shown) == min(end - start, 20) + 1
                assert shown[0] == (text[:start] + text[end:], start)
                assert shown[3] == (text[: start + 3] + text[end:], start + 3)


def test_a_file_is_grown_to_any_size(package, workspace, holes):
    (pinned,) = read_manifest(package / "packages.toml")
    grown = 0
    for document in documents(pinned, workspace, holes):
        text = document.read(workspace.parent)
        (start, end), *_ = document.lines
        for n_lines in (100, 5_000):
            larger = repeated(document, text, n_lines)
            if larger is None:
                continue
            ((new_start, new_end),) = larger.lines
            assert larger.text[new_start:new_end] == text[start:end]
            assert n_lines <= larger.text.count("\n") + 1 < n_lines + 200
            assert not parse(language_named("python"), larger.text.encode()).root.has_error
            names = [d.symbol for d in outline_of("a.py", larger.text.encode()).definitions if not d.parent]
            assert len(names) == len(set(names))
            grown += 1
    assert grown


def test_targets_are_for_95_of_100():
    samples = {"rate": [30_000.0] * 10 + [10_000.0], "key": [1.0] * 30 + [99.0], "read_again": []}
    samples["scanned"] = [1.0, 9.0]
    groups = summary(samples, ["a"], {"go": Amount(1, 2)}, 0.0)["groups"]
    found = {key: figure["met"] for figures in groups.values() for key, figure in figures.items()}
    assert (found["rate"], found["key"], found["scanned"], found["ask"]) == (False, True, False, None)


def test_the_speed_of_a_workspace(package, holes, workspace, tmp_path):
    options = (
        *("--packages", package, "--manifest", package / "packages.toml"),
        *("--holes", package / "holes.jsonl.gz", "--json", tmp_path / "out.json"),
    )
    ran = run(*options, "--speed")
    assert ran.returncode == 0, ran.stderr
    assert "The targets are for a workspace of 500,000 lines" in ran.stdout
    result = json.loads((tmp_path / "out.json").read_text())
    size = total(amounts(workspace))
    assert (result["workspace"]["n_files"], result["workspace"]["n_lines"]) == (size.n_files, size.n_lines)
    assert result["read_again"] == 0, "the workspace was as the index knew it"
    n = {key: figure["n"] for figures in result["groups"].values() for key, figure in figures.items()}
    (pinned,) = read_manifest(package / "packages.toml")
    typed = documents(pinned, workspace, holes)
    lines = [line for document in typed for line in document.lines]
    n_keys = sum(min(end - start, 20) for start, end in lines)
    assert (n["key"], n["ask_key"], n["ask"]) == (n_keys, n_keys, n_keys + len(lines))
    assert (n["ask_first"], n["ask_line"]) == (len(typed), len(lines) - len(typed))
    assert (n["index"], n["rate"], n["disk"], n["memory_index"], n["memory_typed"]) == (1, 1, 1, 1, 1)
    assert (n["answered"], n["scanned"]) == (5, 5)
    assert n["key_broken"] > 0
    assert n["key_20000"] == n["key_100"] > 0


def test_missing_packages(tmp_path):
    for mode in ([], ["--speed"]):
        ran = run("--packages", tmp_path, *mode)
        assert ran.returncode == 3
        assert "Traceback" not in ran.stderr
        assert "sympy-1.14.0.tar.gz" in ran.stderr
        assert "--fetch" in ran.stderr
    assert not list(tmp_path.iterdir())


def test_packages_that_pip_cannot_fetch(tmp_path):
    ran = run("--packages", tmp_path, "--only", "click", "--fetch", PIP_NO_INDEX="1", PIP_FIND_LINKS="")
    assert ran.returncode == 3
    assert "Traceback" not in ran.stderr
    assert "pip could not fetch click==8.5.1" in ran.stderr


def test_packages_that_npm_cannot_fetch(tmp_path, monkeypatch):
    package = Package("@scope/a", "typescript", "1.0", "MIT", "src", "scope-a-1.0.tgz", 64 * "0")
    assert package.root(tmp_path) == tmp_path / "scope-a-1.0"
    assert package.fetching(tmp_path)[-2:] == [str(tmp_path), "@scope/a@1.0"]
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PackagesMissing, match="npm could not fetch @scope/a==1"):
        fetch([package], tmp_path)


def test_holes_are_in_files_of_their_packages_folder():
    for path in DATA.glob("*.jsonl*"):
        pinned = {package.name: package for package in read_manifest()}
        for hole in read_holes(path):
            package = pinned[hole.package]
            assert hole.version == package.version
            assert Path(hole.path).is_relative_to(package.holes_in)
            assert hole.gold
            assert all(needed.path != hole.path and needed.line > 0 for needed in hole.gold)


def test_a_package_that_is_not_the_pinned_one(tmp_path):
    (tmp_path / "a.tar.gz").write_bytes(b"something else")
    package = Package("a", "python", "1", "MIT", "a", "a.tar.gz", 64 * "0")
    with pytest.raises(PackagesMissing, match=hashlib.sha256(b"something else").hexdigest()):
        unpack([package], tmp_path)


def test_wrong_usage(tmp_path):
    assert run("--only", "no-such-package").returncode == 2
    assert run("--method", "no such row").returncode == 2
    assert run("--stability", "--speed").returncode == 2
    assert run("--picture", tmp_path / "picture.gif").returncode == 2


def test_holes_that_cannot_be_measured(package, holes, tmp_path):
    (tmp_path / "empty.jsonl").write_text("{}\n")
    ran = run("--holes", tmp_path / "empty.jsonl")
    assert ran.returncode == 2
    assert "empty.jsonl is no file of holes" in ran.stderr
    ran = run("--holes", package / "holes.jsonl.gz")
    assert ran.returncode == 2
    assert "does not pin lending" in ran.stderr
