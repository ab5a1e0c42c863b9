"""Whether what people have written is still there: each row as it was, each word where a row was opened."""

from codenook.context.parse import encode
from codenook.server.documentation.subject import Doc


def lost_rows(before: str, old: Doc, after: str, new: Doc) -> str:
    """The first row of ``old``, or the first words, that ``new`` doesn't have in the same order.

    Rows are compared byte for byte. The first and the last of a comment that has marks there may be broken
    in two, so of these the words are. Empty when all is there.
    """
    rows = _rows(before, old)
    inside = rows if old.opening.startswith("//") else rows[1:-1]
    following = iter(_rows(after, new))
    for row in inside:
        if row not in following:  # goes on where the row before was found
            return row.decode("utf-8", "replace").strip()
    return lost_words("\n".join(old.texts), "\n".join(new.texts))


def lost_words(before: str, after: str) -> str:
    """The first words of ``before`` that ``after`` doesn't have in the same order; empty when it has all."""
    words, following = before.split(), iter(after.split())
    for number, word in enumerate(words):
        if word not in following:  # goes on where the word before was found
            return " ".join(words[number : number + 3])
    return ""


def _rows(text: str, doc: Doc) -> list[bytes]:
    """The rows of a comment with their marks, without line ends."""
    source = encode(text)
    start = source.rfind(b"\n", 0, doc.start) + 1
    return [row.removesuffix(b"\r") for row in source[start : doc.end].split(b"\n")]
