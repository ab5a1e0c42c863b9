"""Python: queries, what is particular in its trees, and how imports find their modules."""

from codenook.context.parse import Language

LANGUAGES = (
    Language(
        id="python",
        extensions=(".py", ".pyi"),
        package=__name__,
        grammar_loader="tree_sitter_python:language",
        reader_class=f"{__name__}.reader:PythonReader",
        resolver_class=f"{__name__}.modules:PythonModules",
    ),
)
