"""``codenook translate``, the whole way: the bundled model, which knows Python alone, and says so at once."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from codenook.server.translate_command import translate

DOCS = Path(__file__).parents[2] / "docs"
SOURCE = '''\
def half(price: int) -> int:
    """Half of a price.

    >>> half(9)
    4
    """
    return price // 2
'''


@pytest.fixture
def project(tmp_path):
    (tmp_path / "shop").mkdir()
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "shop" / "prices.py").write_text(SOURCE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("target", ["java", "typescript"])
def test_the_bundled_model_refuses_every_pair_at_once(cli, project, target):
    ran = cli("translate", "shop/prices.py:half", "--to", target, cwd=project)
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1), ran.err
    assert "codenook-base was trained on python only" in ran.err
    assert "(language_not_in_model)" in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["shop/prices.py"], "--to"),
        (["shop/prices.py", "--to", "cobol"], "cobol"),
        (["shop/prices.py", "--to", "python"], "is in python already"),
        (["nowhere.py", "--to", "java"], "there is no file nowhere.py"),
        (["binary.py", "--to", "java"], "not a text in UTF-8"),
        (["page.html", "--to", "java"], "no language"),
        (["long.py", "--to", "java"], "too long"),
        (["shop", "--to", "java"], "say with --out into which one"),
        (["shop", "--to", "java", "--out", "binary.py"], "it is no folder"),
        (["shop/prices.py", "--to", "java", "--out", "binary.py"], "is there already"),
        (["shop/prices.py", "--to", "java", "--out", "none/a.java"], "its folder is not there"),
        (["shop/prices.py", "--to", "java", "--time", "1"], "5<=x<=86400"),
    ],
)
def test_what_can_not_be_used_is_exit_code_2_and_one_line(cli, project, arguments, message):
    (project / "binary.py").write_bytes(b"\xff\xfe\x00")
    (project / "page.html").write_text("<p>")
    (project / "long.py").write_text(SOURCE + "#" * 1_000_000)
    ran = cli("translate", *arguments, cwd=project)
    assert (ran.code, ran.out) == (2, ""), ran.err
    assert message in ran.err
    assert "Traceback" not in ran.err


def test_without_a_model_it_is_exit_code_3(cli, project):
    ran = cli("translate", "shop/prices.py", "--to", "java", "--model", "none.gguf", cwd=project)
    assert (ran.code, ran.out) == (3, "")
    assert "model_missing" in ran.err


def test_a_folder_is_gone_through_and_nothing_is_overwritten(cli, project):
    (project / "shop" / "more.py").write_text(SOURCE, encoding="utf-8")
    (project / "out").mkdir()
    (project / "out" / "More.java").write_text("mine\n", encoding="utf-8")
    arguments = ("translate", "shop", "--to", "java", "--out", "out")
    ran = cli(*arguments, cwd=project)
    assert ran.code == 2, ran.err
    assert "out/More.java is there already; it is left as it is" in ran.err
    assert "0 of 1 file written, 0 proved; 1 language_not_in_model; 1 file left as they are" in ran.err
    assert [path.name for path in (project / "out").iterdir()] == ["More.java"]
    assert (project / "out" / "More.java").read_text("utf-8") == "mine\n"
    told = cli(*arguments, "--json", cwd=project).json
    assert told.keys() == {"results", "skipped"}
    assert [bool(each["problem"]) for each in told["results"]] == [True, False]


def test_every_option_is_documented():
    shown = CliRunner().invoke(translate, ["--help"]).output
    options = set(re.findall(r"--[a-z][\w-]+", shown)) - {"--help", "--verbose"}
    (heading,) = re.findall(
        r"^## `codenook translate (.+)`$", (DOCS / "cli.md").read_text("utf-8"), re.MULTILINE
    )
    assert set(re.findall(r"--[a-z][\w-]+", heading)) == options
    assert "[-v]" in heading


def test_every_field_is_documented():
    from codenook.server.translation.result import Translated, TranslationResult  # noqa: PLC0415

    page = (DOCS / "translation.md").read_text("utf-8").partition("\n## JSON\n")[2].partition("\n## ")[0]
    told = TranslationResult("", functions=(Translated(""),)).to_json()
    for name in told:
        assert f"`{name}" in page
    for name in told["functions"][0]:
        assert f"`functions[].{name}" in page
