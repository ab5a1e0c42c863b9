"""The benchmark of documentation, on the example package, and the list of findings that were read."""

import importlib.metadata
import re
from pathlib import Path

import pytest
import rich
from documented_packages import Package, sources
from proof import Counts, count
from stale_findings import findings, precision, read_verdicts

import codenook.server.demo

PAGE = (Path(__file__).parents[2] / "docs" / "benchmarks.md").read_text(encoding="utf-8")
EXAMPLE = Path(codenook.server.demo.__file__).parent / "example"


@pytest.fixture
def package():
    return Package(
        name="example", language="python", version="1", licence="", holes_in="lending", archive="", sha256=""
    )


def test_documentation_is_put_in_without_a_change_of_code(package):
    counts = Counts()
    count(sources(package, EXAMPLE), counts, 20)
    assert counts.tried == 20
    assert counts.unchanged == counts.whole == counts.tried - sum(counts.refused.values()) > 10
    assert counts.seen >= counts.has_docs > 0


def test_findings_are_named_as_in_the_list(package, tmp_path):
    (tmp_path / "lending").mkdir()
    stale = 'def far():\n    """Go far.\n\n    Args:\n        angle: Where.\n    """\n'
    (tmp_path / "lending" / "cart.py").write_text(stale, encoding="utf-8")
    assert list(findings(sources(package, tmp_path))) == [
        ("example", "lending/cart.py", 5, "unknown-parameter", "far has no parameter angle")
    ]


def test_the_rules_find_in_an_installed_package_what_was_read_and_is_right():
    (version,) = {verdict.version for verdict in read_verdicts() if verdict.package == "rich"}
    if importlib.metadata.version("rich") != version:
        pytest.skip(f"another rich than {version} is installed")
    read = {verdict.key: verdict.is_right for verdict in read_verdicts() if verdict.package == "rich"}
    package = Package(
        name="rich", language="python", version=version, licence="", holes_in=".", archive="", sha256=""
    )
    found = {
        (name, f"rich/{path}", *others)
        for name, path, *others in findings(sources(package, Path(rich.__file__).parent))
    }
    assert {key for key, is_right in read.items() if is_right} <= found
    assert sum(read[key] for key in found & read.keys()) >= 0.9 * len(found & read.keys()) > 10
    assert len(found) < 2 * len(read)


def test_the_list_says_of_nine_in_ten_that_they_are_right():
    verdicts = read_verdicts()
    assert len({verdict.key for verdict in verdicts}) == len(verdicts) >= 100
    assert all(verdict.why for verdict in verdicts)
    right, total = precision(verdicts)["all"]
    assert right >= 0.9 * total


def test_the_page_has_the_counts_of_the_list():
    section = PAGE.partition("\n## Documentation\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `?([a-z-]+)`? \| [\d,]+ \| (\d+) \| (\d+) \|", section, flags=re.MULTILINE)
    told = {rule: (int(right), int(total)) for rule, total, right in rows}
    assert told == precision(read_verdicts())
