"""``codenook docs check``: what it finds, how it says so, and how it ends."""

import pytest

STALE = '''\
def far(steps, speed=1):
    """Go far.

    Args:
        steps: How many.
        speed: How fast. Defaults to 2.
        angle: Where to.
    """
    print(steps, speed)
'''
MENDED = STALE.replace("to 2", "to 1").replace("        angle: Where to.\n", "")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "cart.py").write_text(STALE, encoding="utf-8")
    (tmp_path / "shop" / "plain.py").write_text("def far(a):\n    return a\n", encoding="utf-8")
    return tmp_path


def applied(text, fixes):
    """The text after the fixes, as an editor would apply them: the last first."""
    for fix in sorted(fixes, key=lambda fix: -fix["line"]):
        rows = text.splitlines(keepends=True)
        start = sum(map(len, rows[: fix["line"] - 1])) + fix["column"] - 1
        end = sum(map(len, rows[: fix["end_line"] - 1])) + fix["end_column"] - 1
        text = text[:start] + fix["text"] + text[end:]
    return text


def test_findings_come_with_fixes_that_mend(cli, folder):
    ran = cli("docs", "check", folder, "--json")
    assert ran.code == 1
    assert ran.json["files"] == 2
    assert [(each["line"], each["rule"]) for each in ran.json["findings"]] == [
        (6, "wrong-default"),
        (7, "unknown-parameter"),
    ]
    assert applied(STALE, [finding["fix"] for finding in ran.json["findings"]]) == MENDED


def test_people_get_a_line_for_each(cli, folder):
    ran = cli("docs", "check", cwd=folder)
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "shop/cart.py:6:38: the default of speed is 1, not 2 [wrong-default]",
        "shop/cart.py:7:9: far has no parameter angle [unknown-parameter]",
    ]
    assert ran.err == "2 findings in 2 files\n"


def test_nothing_stale_is_exit_code_0(cli, folder):
    (folder / "shop" / "cart.py").write_text(MENDED, encoding="utf-8")
    ran = cli("docs", "check", folder / "shop" / "cart.py", folder / "shop" / "plain.py")
    assert (ran.code, ran.out) == (0, "")


def test_ignored_files_are_left_out_of_folders(cli, folder):
    (folder / ".codenookignore").write_text("cart.py\n", encoding="utf-8")
    assert cli("docs", "check", folder).code == 0


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.py", None, "No such file"),
        ("page.html", b"<p>", "no language"),
        ("binary.py", b"\xff\xfe", "UTF-8"),
        ("large.py", b"x = 1\n" * 1_500_000, "larger"),
    ],
)
def test_what_can_t_be_read_is_exit_code_2_and_one_line(cli, tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ran = cli("docs", "check", tmp_path / name)
    assert ran.code == 2
    assert message in ran.err
    assert ran.err.count("\n") == 1


def test_what_can_t_be_read_hides_nothing_of_the_rest(cli, folder):
    (folder / "page.html").write_text("<p>", encoding="utf-8")
    ran = cli("docs", "check", "none.py", "shop/cart.py", "page.html", "shop", cwd=folder)
    assert ran.code == 2
    assert ran.out.count("shop/cart.py:") == 4
    assert ran.err.splitlines() == [
        "codenook: can't read none.py: No such file or directory",
        "codenook: page.html is in no language whose documentation is read",
        "4 findings in 3 files",
    ]


def test_a_finding_on_line_100_is_told_without_emoji(cli, folder):
    (folder / "shop" / "cart.py").write_text("\n" * 93 + STALE, encoding="utf-8")
    assert "shop/cart.py:100:9: far has no" in cli("docs", "check", cwd=folder).out


def test_names_of_files_break_no_line(cli, tmp_path):
    (tmp_path / "new\nline.py").write_text(STALE, encoding="utf-8")
    (tmp_path / "color\x1b[31m.py").write_text(STALE, encoding="utf-8")
    out = cli("docs", "check", cwd=tmp_path).out
    assert out.count("\n") == 4
    assert {row.partition(".py:")[0] for row in out.splitlines()} == {"new\\nline", "color\\x1b[31m"}


def test_a_folder_with_what_can_t_be_read_is_looked_at_without_it(cli, folder):
    (folder / "binary.py").write_bytes(b"\xff\xfe\x00")
    (folder / "empty.py").write_bytes(b"")
    assert cli("docs", "check", folder, "--json").json["files"] == 3


def test_a_file_that_is_too_long_is_named(cli, folder):
    (folder / "long.py").write_text(STALE + "#" * 1_000_000, encoding="utf-8")
    ran = cli("docs", "check", folder / "long.py")
    assert ran.code == 2
    assert ran.err == f"codenook: {folder / 'long.py'} is too long: it has more than 1,000,000 characters\n"
    assert cli("docs", "check", folder, "--json").json["files"] == 2
