"""What writing a definition brings with it: imports, and notes on what does not carry over."""

from attrs import define, field

from codenook.server.translation.languages.language import Note


@define
class Needs:
    """Collects imports and notes while a definition is written; ``about`` is what is written just now."""

    about: str = ""
    _imports: dict[str, None] = field(factory=dict, init=False)
    _said: dict[tuple[str, str], dict[str, None]] = field(factory=dict, init=False)

    @property
    def imports(self) -> tuple[str, ...]:
        """The rows for the head of the file, in order."""
        return tuple(sorted(self._imports))

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes: what is the same of several things is said once, of all of them."""
        return tuple(
            Note(rule, f"{text}: {', '.join(abouts)}." if any(abouts) else f"{text}.")
            for (rule, text), abouts in self._said.items()
        )

    def need(self, *rows: str) -> None:
        """Ask for rows at the head of the file."""
        self._imports |= dict.fromkeys(rows)

    def note(self, rule: str, text: str, about: str | None = None) -> None:
        """Say what does not carry over; ``text`` has no full stop, ``about`` is what is written just now."""
        self._said.setdefault((rule, text), {})[self.about if about is None else about] = None
