"""C: queries, what is particular in its trees, and how includes find their files."""

from codenook.context.parse import Language

LANGUAGES = (
    Language(
        id="c",
        extensions=(".c", ".h"),
        package=__name__,
        grammar_loader="tree_sitter_c:language",
        reader_class=f"{__name__}.reader:CReader",
        resolver_class=f"{__name__}.includes:Includes",
    ),
)
