"""Small projects of JavaScript and TypeScript for tests."""

from collections.abc import Mapping
from pathlib import Path

from codenook.context.code import outline_of
from codenook.context.parse import language_of
from codenook.server.unit_tests.target import Target

SLUG = """\
/** Words of a text, joined. */
export function slugify(text, sep = '-') {
  if (typeof text !== 'string') {
    throw new TypeError('text must be a string');
  }
  const words = text.toLowerCase().match(/[a-z0-9]+/g);
  return words ? words.join(sep) : '';
}
"""


def workspace(root: Path, files: Mapping[str, str]) -> Path:
    """Write files, and return their folder as the kernel knows it."""
    for path, text in files.items():
        at = root / path
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(text, encoding="utf-8", newline="")
    return root.resolve()


def target_in(root: Path, path: str, symbol: str) -> Target:
    """A definition of a file."""
    source = (root / path).read_bytes()
    outline, language = outline_of(path, source), language_of(Path(path), source)
    assert outline is not None
    assert language is not None
    definition = next(d for d in outline.definitions if d.symbol == symbol)
    return Target(root, path, source.decode(), language.id, definition)
