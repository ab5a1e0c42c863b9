"""The prompts that the KV cache keeps, one for each workspace, document and task; the least recent leaves."""

from collections.abc import Iterator

from attrs import Factory, define


@define
class Slot:
    """One sequence of the KV cache and the tokens it holds."""

    name: str
    sequence: int
    tokens: list[int] = Factory(list)

    def shared_with(self, prompt: list[int]) -> int:
        """Return how many leading tokens ``prompt`` has in common with what is cached."""
        shared = 0
        for cached, token in zip(self.tokens, prompt, strict=False):
            if cached != token:
                break
            shared += 1
        return shared


class Slots:
    """At most ``n`` slots; taking one makes it the most recently used."""

    def __init__(self, n: int) -> None:
        self._free = list(range(n))
        self._by_name: dict[str, Slot] = {}
        self.evicted = 0

    def take(self, name: str) -> tuple[Slot, Slot | None]:
        """Return the slot called ``name``, and the slot that was given up to make room, if one was."""
        slot = self._by_name.pop(name, None)
        gone = None
        if slot is None:
            if not self._free:
                gone = self.evict()
            slot = Slot(name, self._free.pop())
        self._by_name[name] = slot
        return slot, gone

    def evict(self, keep: Slot | None = None) -> Slot | None:
        """Give up the least recently used slot other than ``keep``; None when there is no other."""
        for name, slot in self._by_name.items():
            if slot is not keep:
                del self._by_name[name]
                self._free.append(slot.sequence)
                self.evicted += 1
                return slot
        return None

    def __iter__(self) -> Iterator[Slot]:
        """Go through the slots as they are now, least recently used first."""
        return iter(list(self._by_name.values()))
