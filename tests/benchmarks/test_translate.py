"""The benchmark of translations: what it offers, and how that is counted."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from kept_outcomes import Outcomes
from known_translations import Measured, Offered, measure
from pack_solutions import FILES, read

from codenook.server.sandbox.run import why_not
from codenook.server.translation.checking import Checked, Verdict
from codenook.server.translation.languages.all import running_of

TRANSLATE = Path(__file__).parents[2] / "benchmarks" / "quality" / "translate"
DOC = ">>> twice_as_many([1, 2])\n    4\n    >>> twice_as_many([7])\n    2\n"
ROWS: dict[str, dict[str, str]] = {
    "python": {
        "prompt": f'def twice_as_many(items: list[int]) -> int:\n    """Counts.\n\n    {DOC}    """\n',
        "declaration": "def twice_as_many(items: list[int]) -> int:\n",
        "canonical_solution": "    return 2 * len(items)\n",
        "buggy_solution": "    return len(items)\n",
    },
    "javascript": {
        "prompt": f"/* Counts.\n{DOC}*/\nconst twiceAsMany = (items) => {{\n",
        "declaration": "const twiceAsMany = (items) => {\n",
        "canonical_solution": "  return 2 * items.length;\n}\n",
        "buggy_solution": "  return items.length;\n}\n",
    },
    "java": {
        "prompt": "import java.util.*; class Solution {\n public int twiceAsMany(List<Integer> items) {\n",
        "declaration": "import java.util.*; class Solution {\n int twiceAsMany(List<Integer> items) {\n",
        "canonical_solution": "    return 2 * items.size();\n  }\n}\n",
        "buggy_solution": "    return items.size();\n  }\n}\n",
    },
    "cpp": {
        "prompt": f"/*\n{DOC}*/\n#include <vector>\nint twice_as_many(std::vector<int> items){{\n",
        "declaration": "#include <vector>\nint twice_as_many(std::vector<int> items){\n",
        "canonical_solution": "    return 2 * items.size();\n}\n",
        "buggy_solution": "    return items.size();\n}\n",
    },
    "rust": {
        "prompt": "/* Counts. */\nfn twice_as_many(items: Vec<i32>) -> i32{\n",
        "declaration": "use rand::Rng;\n\nfn twice_as_many(items: Vec<i32>) -> i32{\n",
        "canonical_solution": "    2 * items.len() as i32\n}\n",
        "buggy_solution": "    let _ = rand::random::<i32>(); items.len() as i32\n}\n",
    },
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with one problem in five languages; Rust's needs a crate."""
    for language, name in FILES.items():
        row = {"task_id": f"{language}/4", "test": "", "entry_point": "twice_as_many", **ROWS[language]}
        with gzip.open(tmp_path / name, "wt") as file:
            file.write(json.dumps(row) + "\n")
    return tmp_path


def test_solutions_are_programs(data: Path) -> None:
    """With documentation, and with what is wrong beside what is right."""
    solutions = read(data)
    python = solutions["python"][4]
    assert python.right is not None
    assert python.wrong is not None
    assert python.right.text == ROWS["python"]["prompt"] + "    return 2 * len(items)\n"
    assert python.wrong.text != python.right.text
    assert python.right.signature.symbol == "twice_as_many"
    assert solutions["rust"][4].refused == "needs the crate rand"


async def test_right_is_accepted_and_wrong_is_caught(data: Path, tmp_path: Path) -> None:
    """Each program is run once, and not again when its outcomes are known."""
    if why := await why_not():
        pytest.skip(why)
    cpp = running_of("cpp")
    if cpp is None or not cpp.toolchain():
        pytest.skip("there is no C++ compiler")
    solutions = {language: of for language, of in read(data).items() if language in {"python", "cpp"}}
    kept = tmp_path / "kept"
    kept.mkdir()
    told: list[Offered] = []
    pairs = [("python", "cpp")]
    first = Outcomes(kept)
    measured = await measure(solutions, pairs, first, told.append)
    assert [(each.is_right, each.checked.verdict) for each in told] == [
        (True, Verdict.AGREES),
        (False, Verdict.DIFFERS),
    ]
    assert first.n_runs == 3
    again = Outcomes(kept)
    assert (await measure(solutions, pairs, again, told.append)).offered == measured.offered
    assert again.n_runs == 0


def test_shares() -> None:
    """What couldn't be checked is counted apart, with its reason."""
    pair = ("python", "rust")
    verdicts = [(True, Verdict.AGREES), (True, Verdict.DIFFERS), (False, Verdict.DIFFERS)]
    offered = [Offered(4, pair, is_right, Checked(verdict)) for is_right, verdict in verdicts]
    refused = Offered(8, pair, is_right=True, checked=Checked(Verdict.NOT_CHECKED, "no data\nat all"))
    measured = Measured([*offered, refused])
    right = measured.share(is_right=True, pair=pair)
    assert (right.offered, right.well, right.refused) == (3, 1, 1)
    assert measured.share(is_right=False).well == 1
    assert measured.share(is_right=True, pair=("rust", "python")).offered == 0
    assert measured.refusals() == {"no data": 1}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--known",), 3, "humanevalpack_python.jsonl.gz is missing"),
        ((), 2, "--known"),
        (("--known", "--part", "half"), 2, "half"),
    ],
)
def test_the_command_says_what_is_missing(
    tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    """In one line, with an exit code."""
    command = [sys.executable, "-P", str(TRANSLATE), "--data", str(tmp_path / "none"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"COLUMNS": "200"})
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_names_a_broken_file_and_an_unknown_pair(data: Path) -> None:
    """As the same exit codes."""
    command = [sys.executable, "-P", str(TRANSLATE), "--data", str(data), "--known"]

    def ended(*arguments: str) -> tuple[int, str]:
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    code, said = ended("--pairs", "python-cobol")
    assert (code, "python-cobol" in said) == (2, True)
    (data / FILES["rust"]).write_bytes(b"\0broken")
    code, said = ended()
    assert (code, "can't be read" in said) == (3, True)
