"""How families lay out an infill prompt; they differ in how other files and paths stand around the markers.

Each layout keeps the stable parts first, as far as the model's training allows.
"""

from collections.abc import Sequence

from attrs import frozen

from codenook.models.prompts import fim
from codenook.models.prompts.fim import FimOrder, Segment, Special

_OTHER_LINE_COMMENTS = {
    "#": "python ruby shellscript perl r elixir julia yaml toml dockerfile makefile cmake powershell nix",
    "--": "lua sql haskell ada elm",
    ";": "clojure lisp scheme emacs-lisp asm ini",
    "%": "latex tex erlang matlab prolog",
}
_LINE_COMMENT = {
    language: lead for lead, languages in _OTHER_LINE_COMMENTS.items() for language in languages.split()
}


def line_comment(language: str) -> str:
    """Return what begins a comment line in a language of LSP's identifiers; ``//`` for those not listed."""
    return _LINE_COMMENT.get(language, "//")


@frozen
class Infill:
    """What one infill prompt is made of, as plain text.

    ``blocks`` are the context snippets in their stable order, each a path line followed by code
    (``Context.blocks``); ``path`` is the edited file's path in the workspace, ``repository`` the workspace's
    name, empty where there is none; ``prefix`` and ``suffix`` are the code around the cursor; ``comment`` is
    what begins a comment line in the edited file's language.
    """

    path: str
    prefix: str
    suffix: str
    blocks: Sequence[str] = ()
    repository: str = ""
    comment: str = "#"


def separated(order: FimOrder, what: Infill) -> tuple[Segment, ...]:
    """A separator and a path before each file, the edited one last; then its text between the markers."""
    return fim.infill(
        order, blocks=what.blocks, path=what.path, prefix=what.prefix, suffix=what.suffix, separator=True
    )


def named_and_separated(order: FimOrder, what: Infill) -> tuple[Segment, ...]:
    """As `separated`, after the repository's name on a line of its own."""
    name = (Special.REPOSITORY, f"{what.repository}\n") if what.repository else ()
    return (*name, *separated(order, what))


def separated_between(order: FimOrder, what: Infill) -> tuple[Segment, ...]:
    """As `separated`, with separators between files only: none before the first."""
    return separated(order, what)[1:]


def path_in_prefix(order: FimOrder, what: Infill) -> tuple[Segment, ...]:
    """A separator before each file; the edited file's path is the first line of its prefix."""
    name = (Special.REPOSITORY, what.repository) if what.repository else ()
    files = [part for block in what.blocks for part in (Special.FILE_SEPARATOR, block)]
    return (*name, *files, Special.FILE_SEPARATOR, *_alone(order, f"{what.path}\n{what.prefix}", what.suffix))


def commented_paths(order: FimOrder, what: Infill) -> tuple[Segment, ...]:
    """Other files stand before the code in the prefix, each after its path in a comment."""
    return _titled(order, what, f"{what.comment} ")


def plus_paths(order: FimOrder, what: Infill) -> tuple[Segment, ...]:
    """Other files stand before the code in the prefix, each after ``+++++`` and its path."""
    return _titled(order, what, "+++++ ")


def _titled(order: FimOrder, what: Infill, title: str) -> tuple[Segment, ...]:
    files = [f"{title}{block}" for block in (*what.blocks, f"{what.path}\n")]
    return _alone(order, "".join(files) + what.prefix, what.suffix)


def _alone(order: FimOrder, prefix: str, suffix: str) -> tuple[Segment, ...]:
    return fim.infill(order, blocks=(), path="", prefix=prefix, suffix=suffix, separator=False)
