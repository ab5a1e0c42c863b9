"""What `codenook adapt` learns from, and what it holds out."""

import pytest

from codenook.models.training import own_code
from codenook.models.training.own_code import TooLittleCode

SECRET = "AKIA" + "Q7ZK3M9XW2R5T8YB"


def module(number, n_functions=12):
    """Return code that no other number's is nearly the same as."""
    return "".join(
        f'def {name}_{number}(value_{number}):\n    """{name.title()} number {number * step}."""\n'
        f"    return value_{number} * {number + step} + {name}_{number - 1}({step})\n\n\n"
        for step, name in enumerate(["alpha", "beta", "gamma", "delta"] * (n_functions // 4), start=1)
    )


@pytest.fixture
def folder(tmp_path):
    """A repository with files to learn from, and some to leave out."""
    root = tmp_path / "shop"
    (root / "part").mkdir(parents=True)
    for number in range(1, 31):
        (root / "part" / f"m{number}.py").write_text(module(number), encoding="utf-8")
    (root / "old.py").write_text("print 'Python 2'\n" * 9, encoding="utf-8")
    (root / "key.py").write_text(f"{module(99)}KEY = '{SECRET}'\n", encoding="utf-8")
    (root / "binary.py").write_bytes(b"x = 1\n\0")
    (root / "latin.py").write_bytes("name = 'é'\n".encode("latin-1"))
    (root / "copying.py").write_text(
        "# GNU General Public License\n" + module(77), encoding="utf-8", newline="\r\n"
    )
    (root / "local.py").write_text(module(98), encoding="utf-8")
    (root / ".gitignore").write_text("local.py\n", encoding="utf-8")
    return root


def test_files_are_chosen_by_the_product_s_rules_and_what_is_worth_learning(folder):
    own = own_code.collect([folder])
    found = {file.path: file.text for file in (*own.learned, *own.held_out)}
    assert found.keys() == {"shop/copying.py", *(f"shop/part/m{number}.py" for number in range(1, 31))}
    assert "\r" not in found["shop/copying.py"]
    assert own.dropped == {"not Python 3": 1, "secret": 1, "binary": 1, "not_utf8": 1, "ignored": 1}


def test_whole_files_are_held_out_the_same_ones_every_time(folder):
    own = own_code.collect([folder])
    held_out = {file.path for file in own.held_out}
    assert held_out.isdisjoint(file.path for file in own.learned)
    n_chars = sum(len(file.text) for file in own.held_out)
    assert 0.1 < n_chars / own.n_bytes <= own_code.SHARE_HELD_OUT

    (folder / "part" / "new.py").write_text(module(500), encoding="utf-8")
    again = {file.path for file in own_code.collect([folder]).held_out}
    assert len(again ^ held_out) <= 2


def test_a_copy_of_a_held_out_file_is_not_learned_from(folder):
    judge = own_code.collect([folder]).held_out[0]
    copy = folder / "part" / "zz_copy.py"
    copy.write_text(f"# a copy\n{judge.text}", encoding="utf-8")
    own = own_code.collect([folder])
    both = {judge.path, "shop/part/zz_copy.py"}
    assert not both <= {file.path for file in (*own.learned, *own.held_out)}
    assert own.dropped["duplicate"] == 1


def test_the_digest_changes_with_the_code(folder):
    before = own_code.collect([folder]).digest
    assert own_code.collect([folder]).digest == before
    (folder / "part" / "m1.py").write_text(module(1) + "x = 1\n", encoding="utf-8")
    assert own_code.collect([folder]).digest != before


def test_too_little_code_is_refused_with_what_is_needed(folder):
    with pytest.raises(
        TooLittleCode, match=r"31 files of Python with \d+ kB, 40 files with 200 kB are needed"
    ):
        own_code.check(own_code.collect([folder]))


def test_repositories_of_one_name_are_told_apart(tmp_path):
    twins = [tmp_path / "a" / "lib", tmp_path / "b" / "lib"]
    for twin in twins:
        twin.mkdir(parents=True)
    assert own_code.named([*twins, twins[0]]) == {"lib": twins[0], "lib-2": twins[1]}
