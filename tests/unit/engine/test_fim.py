"""The prompt's layout: stable parts first."""

from codenook.models.prompts.fim import FimOrder, Special, infill

PARTS = {"blocks": ["a.py\nx = 1\n"], "path": "b.py", "prefix": "PRE", "suffix": "SUF"}
SEPARATOR = Special.FILE_SEPARATOR


def test_spm_puts_the_suffix_before_the_prefix():
    assert infill(FimOrder.SPM, **PARTS) == (
        *(SEPARATOR, "a.py\nx = 1\n", SEPARATOR, "b.py\n"),
        *(Special.FIM_SUFFIX, "SUF", Special.FIM_PREFIX, "PRE", Special.FIM_MIDDLE),
    )


def test_psm_puts_the_prefix_before_the_suffix():
    assert infill(FimOrder.PSM, **PARTS)[4:] == (
        *(Special.FIM_PREFIX, "PRE", Special.FIM_SUFFIX, "SUF", Special.FIM_MIDDLE),
    )


def test_without_a_separator_the_blocks_stand_before_the_prefix():
    assert infill(FimOrder.SPM, **PARTS, separator=False) == (
        *(Special.FIM_SUFFIX, "SUF", Special.FIM_PREFIX, "a.py\nx = 1\nPRE", Special.FIM_MIDDLE),
    )


def test_empty_sides_leave_their_markers():
    prompt = infill(FimOrder.SPM, blocks=[], path="b.py", prefix="", suffix="")
    assert prompt == (SEPARATOR, "b.py\n", Special.FIM_SUFFIX, Special.FIM_PREFIX, Special.FIM_MIDDLE)


def test_a_keystroke_changes_the_last_text_only():
    before = infill(FimOrder.SPM, **PARTS)
    after = infill(FimOrder.SPM, **{**PARTS, "prefix": "PREx"})
    assert before[:-2] == after[:-2]
