"""The code around the cursor that fits a budget."""

from hypothesis import given
from hypothesis import strategies as st

from codenook.server.tasks.window import N_LINES_PRICED, STEP, around, n_lines_beyond

LINES = "".join(f"line {number}\n" for number in range(500))


async def one_for_each_word(texts):
    return [max(1, len(text.split())) for text in texts]


async def window(text, offset, n_prefix=60, n_suffix=40):
    return await around(text, offset, n_prefix=n_prefix, n_suffix=n_suffix, count_tokens=one_for_each_word)


@given(st.text(alphabet="ab é😀\n\r\u2028", max_size=300), st.data())
async def test_the_window_is_a_piece_of_the_document_around_the_cursor(text, data):
    offset = data.draw(st.integers(0, len(text)))
    found = await window(text, offset, n_prefix=20, n_suffix=20)
    assert text[:offset].endswith(found.prefix)
    assert text[offset:].startswith(found.suffix)
    start = offset - len(found.prefix)
    cut_inside_its_own_line = "\n" not in text[start:offset] and len(found.prefix) == 20
    assert start == 0 or text[start - 1] == "\n" or cut_inside_its_own_line


@given(st.lists(st.sampled_from(["a b\n", "\n", "é 😀 c\n", "x\r\n", "y"]), max_size=80), st.data())
async def test_lines_are_shown_or_counted_above_or_below(lines, data):
    text = "".join(lines)
    offset = data.draw(st.integers(0, len(text)))
    found = await window(text, offset, n_prefix=40, n_suffix=20)
    n_above, n_below = n_lines_beyond(text, offset - len(found.prefix), offset + len(found.suffix))
    shown = text.split("\n")[n_above:][: -n_below or None]
    assert (found.prefix + found.suffix).removesuffix("\n") in "\n".join(shown)
    assert len(shown) == (found.prefix + found.suffix).removesuffix("\n").count("\n") + 1


async def test_a_small_document_is_there_whole():
    text = "import os\n\nx = os.\n"
    found = await window(text, 18)
    assert found.prefix + found.suffix == text


async def test_the_start_stays_while_lines_are_typed():
    starts = set()
    for line in range(200, 200 + STEP):
        offset = LINES.index(f"line {line}\n")
        found = await window(LINES, offset)
        starts.add(offset - len(found.prefix))
        first_line = LINES.count("\n", 0, offset - len(found.prefix))
        assert first_line % STEP == 0
    assert len(starts) <= 2


async def test_the_budget_holds():
    found = await window(LINES, LINES.index("line 250"))
    assert sum(await one_for_each_word(found.prefix.splitlines())) <= 60
    assert sum(await one_for_each_word(found.suffix.splitlines())) <= 40


async def test_lines_far_from_the_cursor_are_not_counted():
    counted = []

    async def count(texts):
        counted.extend(texts)
        return await one_for_each_word(texts)

    offset = LINES.index("line 250")
    await around(LINES, offset, n_prefix=60, n_suffix=40, count_tokens=count)
    around_cursor = LINES.splitlines(keepends=True)[250 - N_LINES_PRICED : 251 + N_LINES_PRICED]
    assert sorted([*counted, "line 250\n"]) == sorted(around_cursor)


async def test_a_line_longer_than_the_budget_is_cut():
    found = await window("x" * 10_000, 5_000)
    assert (len(found.prefix), len(found.suffix)) == (60, 40)
