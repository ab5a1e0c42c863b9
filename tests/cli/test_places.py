"""Ten real places, as somebody typing finds them: the line ends at the cursor."""

import shutil
import sysconfig
from pathlib import Path

from codenook.context.parse import language_named, parse

STDLIB = Path(sysconfig.get_path("stdlib"))
PLACES = [
    ("example", "lending/ledger.py", "late = [loan for loan in "),
    ("example", "lending/ledger.py", "loan = Loan(book=book, "),
    ("example", "lending/ledger.py", "return self.shelf.books["),
    ("example", "lending/parsing.py", "title=row["),
    ("example", "lending/report.py", "in_order = sorted("),
    ("stdlib", "textwrap.py", "text = self._munge_whitespace("),
    ("stdlib", "shlex.py", "self.state = "),
    ("stdlib", "bisect.py", "if key is None:"),
    ("stdlib", "fnmatch.py", "result = []"),
    ("stdlib", "contextlib.py", "self.func, self.args, self.kwds = "),
]


def opened(tmp_path, example, where, name, code):
    """Copy the file, cut the line behind ``code``; return FILE:LINE:COL and the text around the cursor."""
    root = tmp_path / where
    if where == "example":
        shutil.copytree(example, root, dirs_exist_ok=True)
    else:
        root.mkdir(exist_ok=True)
        shutil.copy(STDLIB / name, root / name)
    path = root / name
    before, found, after = path.read_text(encoding="utf-8").partition(code)
    assert found, f"{code!r} is not in {name}"
    before, after = before + code, after[after.index("\n") :]
    path.write_text(before + after, encoding="utf-8")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return f"{path}:{line}:{column}", before, after


def n_errors(text):
    tree = parse(language_named("python"), text.encode())
    return str(tree.root).count("(ERROR") + str(tree.root).count("(MISSING")


def test_eight_of_ten_places_get_several_candidates_that_parse(cli, tmp_path, example):
    served = []
    for place in PLACES:
        at, before, after = opened(tmp_path, example, *place)
        candidates = [
            candidate["text"] for candidate in cli("complete", at, "-n", 3, "--json").json["candidates"]
        ]
        assert len(candidates) <= 3
        assert len(set(candidates)) == len(candidates)
        for text in candidates:
            assert n_errors(before + text + after) <= n_errors(before + after), f"{text!r} at {place}"
        served.append(len(candidates) >= 2)
    assert sum(served) >= 8, [place for place, good in zip(PLACES, served, strict=True) if not good]
