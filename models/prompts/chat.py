"""A conversation with a model that follows instructions: what was said, laid out by the model's own template.

A chat template is a program in the model's file. It never sees the messages: it lays out place-holders,
and the texts are put in their places afterwards. So no message can act on the template or forge the end of a
turn, and one rendering serves all conversations in which the same authors speak in the same order.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from attrs import frozen

from codenook.models.prompts.fim import Markup, Segment

_PLACE = "\ue0c0{}\ue0c1"
"""What stands for a message, with its number: characters for private use, which no template has."""

_PLACES = re.compile("\ue0c0([0-9]+)\ue0c1")


class Author(StrEnum):
    """Who says a message, in the words of chat templates."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@frozen
class Message:
    """One message; the space around its text is dropped, as most templates do."""

    author: Author
    text: str


def place_holders(authors: Sequence[Author]) -> list[dict[str, str]]:
    """Return the messages that a template lays out instead of those of ``authors``."""
    return [{"role": author.value, "content": _PLACE.format(number)} for number, author in enumerate(authors)]


def has_places(rendered: str, n: int) -> bool:
    """Tell whether a template laid out each of ``n`` place-holders once, in any order."""
    return sorted(map(int, _PLACES.findall(rendered))) == list(range(n))


def fill(rendered: str, messages: Sequence[Message]) -> tuple[Segment, ...]:
    """Put the texts of ``messages`` in the places of what a template laid out."""
    parts = _PLACES.split(rendered)  # markup, number, markup, number, …, markup
    segments: list[Segment] = []
    for i, part in enumerate(parts):
        segments.append(messages[int(part)].text.strip() if i % 2 else Markup(part))
    return tuple(segment for segment in segments if segment)


def without_system(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Put what the system says before the first of the user's words, for templates that know no system."""
    if len(messages) < 2 or (messages[0].author, messages[1].author) != (Author.SYSTEM, Author.USER):  # noqa: PLR2004
        return tuple(messages)
    system, user, *others = messages
    return (Message(Author.USER, f"{system.text.strip()}\n\n{user.text.strip()}"), *others)
