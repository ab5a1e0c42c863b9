"""Layouts without a vocabulary: what is left out, what is cheap to change."""

import pytest
from attrs import evolve

from codenook.models.prompts.families import CODENOOK, FAMILIES
from codenook.models.prompts.fim import FimOrder, Special, infill
from codenook.models.prompts.layouts import Infill, line_comment

PARTS = Infill(blocks=["a.py\nx = 1\n"], path="b.py", prefix="PRE", suffix="SUF", repository="shop")


def test_the_bundled_model_s_prompt_is_the_one_that_it_was_trained_on():
    assert CODENOOK.prompt(PARTS) == infill(
        FimOrder.SPM, blocks=PARTS.blocks, path="b.py", prefix="PRE", suffix="SUF", separator=True
    )


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_every_text_is_in_the_prompt_once(family):
    text = "".join(part for part in family.prompt(PARTS) if not isinstance(part, Special))
    assert [text.count(part) for part in ("x = 1\n", "a.py", "b.py", "PRE", "SUF")] == [1] * 5


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_markers_stand_in_the_family_s_order(family):
    prompt = family.prompt(PARTS)
    prefix, suffix = prompt.index(Special.FIM_PREFIX), prompt.index(Special.FIM_SUFFIX)
    assert (suffix < prefix) == (family.order is FimOrder.SPM)
    assert prompt[suffix + 1] == "SUF"
    assert prompt[prefix + 1].endswith("PRE")
    if Special.FIM_MIDDLE in family.spellings[0]:
        assert prompt[-1] is Special.FIM_MIDDLE
    else:
        assert prompt[-1].endswith("PRE")


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_a_keystroke_changes_one_text(family):
    before, after = family.prompt(PARTS), family.prompt(evolve(PARTS, prefix="PREx"))
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert changed[0][1] == f"{changed[0][0]}x"


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_a_file_on_its_own_has_no_repository_and_empty_sides_no_text(family):
    prompt = family.prompt(Infill(path="b.py", prefix="", suffix=""))
    assert Special.REPOSITORY not in prompt
    assert "" not in prompt
    assert {Special.FIM_PREFIX, Special.FIM_SUFFIX} <= set(prompt)


def test_paths_are_comments_of_the_file_s_language():
    assert [line_comment(language) for language in ("python", "typescript", "lua")] == ["#", "//", "--"]
    prompt = FAMILIES["deepseek-coder"].prompt(evolve(PARTS, comment="//"))
    assert prompt[1] == "// a.py\nx = 1\n// b.py\nPRE"
