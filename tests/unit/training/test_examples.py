"""Examples: every hole, put back, gives the file; rows hold whole examples."""

# ruff: noqa: S311  # random numbers choose test data

import json
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("tokenizers", reason="the train extra is not installed")

from codenook.models.training import examples, rows
from codenook.models.training import tokenizer as tokenizers
from codenook.models.training.tokenizer import Control, control_id

SOURCES = sorted(Path(json.__file__).parent.glob("*.py"))
SPECIALS = {control_id(control) for control in Control}


@pytest.fixture(scope="module")
def tokenizer():
    return tokenizers.train((path.read_text() for path in SOURCES), size=600)


@pytest.fixture(scope="module")
def document(tokenizer):
    path = max(SOURCES, key=lambda p: p.stat().st_size)
    return examples.read("python", f"json/{path.name}", path.read_text(), tokenizer)


def test_specials_come_first_and_text_that_spells_them_is_text(tokenizer):
    assert [tokenizer.token_to_id(control) for control in Control] == list(range(len(Control)))
    assert not SPECIALS & set(tokenizer.encode("a <|fim_middle|> b").ids)


def test_document_lines_add_up(document):
    whole = "".join(document.line(n) + "\n" for n in range(len(document.prices)))
    assert whole == document.text
    assert all(document.line_at(start) == n for n, start in enumerate(document.starts[:-1]))


@pytest.mark.parametrize("seed", range(40))
def test_prefix_middle_suffix_are_the_file(document, tokenizer, seed):
    random = Random(seed)
    line = random.randrange(len(document.prices))
    start, end = examples.cut(document, line, random)
    prefix, suffix = examples.windows(document, (start, end), 120, 60, tokenizer)
    assert prefix + document.text[start:end] + suffix in document.text
    assert start - len(prefix) in document.starts
    assert end + len(suffix) in document.starts or suffix == ""
    assert document.text[end : end + len(suffix)] == suffix


def test_infill_example_decodes_to_the_product_s_prompt(document, tokenizer):
    ids, n_middle = examples.infill_example(
        document, 30, Random(3), tokenizer, lambda _d, _h, _n: ["a.py\nx = 1\n"]
    )
    assert ids[0] == control_id(Control.FILE_SEPARATOR)
    assert ids[-1] == control_id(Control.END)
    assert ids[-n_middle - 1] == control_id(Control.FIM_MIDDLE)
    assert tokenizer.decode(ids[-n_middle:-1]) in document.text


def test_budgets_are_the_product_s_at_a_tenth_of_the_holes_and_small_at_the_others():
    random = Random(0)
    drawn = [examples.budgets(random) for _ in range(4000)]
    full = (examples.N_PREFIX, examples.N_SUFFIX, examples.N_CONTEXT)
    small = [budgets for budgets in drawn if budgets != full]
    assert 0.08 < 1 - len(small) / len(drawn) < 0.12
    assert all(part <= whole // 2 for budgets in small for part, whole in zip(budgets, full, strict=True))
    assert min(n_prefix for n_prefix, _, _ in small) >= 20


def test_a_large_file_gives_no_more_places_than_asked_for_spread_over_it(tokenizer):
    files = [("a", "large.py", "x" * 100_000), ("a", "small.py", "x" * 900), ("a", "medium.py", "x" * 9_000)]
    corpus = examples.Corpus(files, tokenizer)
    places = [place for index, place in corpus.visits(Random(0), 8) if index == 0]
    assert [int(place * 8) for place in places] == list(range(8))
    for n_per_file, wanted in ((8, [8, 1, 5]), (None, [51, 1, 5])):
        visits = corpus.visits(Random(0), n_per_file)
        assert [sum(at == index for at, _ in visits) for index in range(3)] == wanted


def test_block_holes_are_whole_lines(document):
    for seed in range(50):
        start, end = examples.block(document, 200, Random(seed)) or (0, 0)
        assert document.text[end : end + 1] == "\n"
        assert document.text[start:end].strip()


def test_pack_keeps_every_example_whole():
    random = Random(0)
    made = [([7] * random.randint(100, 1000), 3) for _ in range(200)]
    packed = examples.pack(made)
    assert sum(len(group) for group in packed) == 200
    assert all(sum(len(ids) for ids, _ in group) <= examples.N_ROW for group in packed)


def test_row_says_what_is_filled_in():
    ids, kinds = examples.row([([8, 9, 10], 1)])
    assert len(ids) == len(kinds) == examples.N_ROW
    assert kinds[:4] == [rows.TEXT, rows.TEXT, rows.MIDDLE, rows.PADDING]


def test_context_comes_from_other_files_of_the_package(tmp_path, tokenizer):
    (tmp_path / "pkg" / "shop").mkdir(parents=True)
    (tmp_path / "pkg" / "shop" / "prices.py").write_text(
        "def gross(net, rate):\n    return net * (1 + rate)\n"
    )
    text = (
        "from shop.prices import gross\n\n\ndef total(nets):\n    return sum(gross(n, 0.2) for n in nets)\n"
    )
    (tmp_path / "pkg" / "shop" / "cart.py").write_text(text)
    cart = examples.read("pkg", "shop/cart.py", text, tokenizer)
    with ExitStack() as stack:
        blocks = examples.asker(tmp_path, tokenizer, stack)(cart, (text.index("0.2"), len(text) - 1), 256)
    assert [block.splitlines()[0] for block in blocks] == ["shop/prices.py"]
    assert "def gross(net, rate)" in blocks[0]
