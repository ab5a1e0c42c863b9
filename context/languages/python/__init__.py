"""Python: queries, stubs of definitions, and how imports find them."""

from codenook.context.parse import Language

LANGUAGE = Language(
    id="python",
    extensions=(".py", ".pyi"),
    package=__name__,
    grammar_loader="tree_sitter_python:language",
    resolver_class=f"{__name__}.resolve:PythonResolver",
)
