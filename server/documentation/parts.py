"""What documentation consists of, the same for every dialect."""

from attrs import evolve, field, frozen


@frozen
class Item:
    """What is said of one thing: of parameters by their names, of what is returned or raised.

    ``mark`` is that of a parameter (`Parameter.mark`), for what is to be written. ``default`` is what the
    text says the default is, at the columns from ``default_at`` of the row ``default_row``. ``first`` and
    ``last`` are its rows in the documentation, ``column`` where its name is.
    """

    names: tuple[str, ...] = ()
    type: str = ""
    text: str = ""
    default: str = ""
    mark: str = field(default="", eq=False)
    first: int = field(default=0, eq=False)
    last: int = field(default=0, eq=False)
    column: int = field(default=-1, eq=False)
    default_row: int = field(default=-1, eq=False)
    default_at: int = field(default=-1, eq=False)

    @property
    def name(self) -> str:
        """The first name."""
        return self.names[0] if self.names else ""


@frozen
class Parts:
    """One definition's documentation. ``summary`` and ``description`` are prose.

    ``rest`` is what comes after that and is none of the parts, as it is written: examples, notes.
    ``is_whole`` says that the parameters' part was understood to its last line.
    """

    summary: str = ""
    description: str = ""
    parameters: tuple[Item, ...] = ()
    returns: Item | None = None
    yields: Item | None = None
    raises: tuple[Item, ...] = ()
    rest: str = ""
    is_whole: bool = field(default=True, eq=False)
    headings: tuple[tuple[int, int], ...] = field(default=(), eq=False)
    """The rows of each heading, first and last, of dialects that have them."""
    type_rows: tuple[Item, ...] = field(default=(), eq=False)
    """What rows of their own say of types, in ``text``: of parameters, and without a name of the result."""

    @property
    def has_sections(self) -> bool:
        """Whether it says anything besides prose."""
        return bool(self.parameters or self.raises or self.returns or self.yields)

    def giving(self, item: Item, *, one_by_one: bool) -> "Parts":
        """The parts with what is returned, or yielded."""
        return evolve(self, yields=item) if one_by_one else evolve(self, returns=item)

    @property
    def items(self) -> list[Item]:
        """All items."""
        singles = (self.returns, self.yields)
        return [*self.parameters, *self.raises, *(item for item in singles if item)]

    def unwrapped(self) -> "Parts":
        """The same words, however they are broken into lines."""

        def flat(item: Item | None) -> Item | None:
            return evolve(item, type=_flat(item.type), text=_flat(item.text)) if item else None

        return evolve(
            self,
            summary=_flat(self.summary),
            description=_flat(self.description),
            parameters=tuple(item for each in self.parameters if (item := flat(each))),
            raises=tuple(item for each in self.raises if (item := flat(each))),
            returns=flat(self.returns),
            yields=flat(self.yields),
            rest=_flat(self.rest),
        )


def _flat(text: str) -> str:
    return " ".join(text.split())
