"""Which prompts the KV cache keeps."""

from hypothesis import given
from hypothesis import strategies as st

from codenook.models.engine.slots import Slot, Slots

tokens = st.lists(st.integers(0, 3), max_size=12)


@given(tokens, tokens)
def test_what_a_slot_shares_with_a_prompt_is_its_longest_common_prefix(cached, prompt):
    shared = Slot("a", 0, cached).shared_with(prompt)
    assert cached[:shared] == prompt[:shared]
    assert cached[shared : shared + 1] != prompt[shared : shared + 1] or shared == len(cached) == len(prompt)


@given(st.lists(st.sampled_from("abcdef"), max_size=40), st.integers(1, 4))
def test_the_least_recently_used_slot_leaves_and_no_sequence_is_used_twice(names, n):
    slots, recent = Slots(n), []
    for name in names:
        taken, gone = slots.take(name)
        assert taken.name == name
        expected = recent[0] if name not in recent and len(recent) == n else None
        assert (gone.name if gone else None) == expected
        recent = [*(other for other in recent if other not in (name, expected)), name]
        assert [slot.name for slot in slots] == recent
        assert len({slot.sequence for slot in slots}) == len(recent)


def test_eviction_spares_the_slot_in_use():
    slots = Slots(2)
    used, _ = slots.take("used")
    other, _ = slots.take("other")
    assert slots.evict(keep=used) is other
    assert slots.evict(keep=used) is None
    assert slots.evicted == 1
