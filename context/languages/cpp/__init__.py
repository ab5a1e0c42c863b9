"""C++: what it adds to the queries and the reader of C."""

from codenook.context.parse import Language

LANGUAGES = (
    Language(
        id="cpp",
        extensions=(".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx", ".ipp", ".h"),
        package=__name__,
        grammar_loader="tree_sitter_cpp:language",
        reader_class=f"{__name__}.reader:CppReader",
        resolver_class=f"{__name__}.includes:CppIncludes",
        signs=rb"^[ \t]*(?:class|namespace|template|using)\b|^[ \t]*(?:public|private|protected)[ \t]*:",
    ),
)
