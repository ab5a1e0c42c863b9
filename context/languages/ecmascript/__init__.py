"""JavaScript and TypeScript, with and without JSX: their grammars share most nodes, and all share modules."""

from codenook.context.parse import Language

_READER, _RESOLVER = f"{__name__}.reader:EcmaScriptReader", f"{__name__}.modules:EcmaScriptModules"

LANGUAGES = (
    Language(
        id="javascript",
        extensions=(".js", ".mjs", ".cjs"),
        package=f"{__name__}.javascript",
        grammar_loader="tree_sitter_javascript:language",
        reader_class=_READER,
        resolver_class=_RESOLVER,
    ),
    Language(
        id="javascriptreact",
        extensions=(".jsx",),
        package=f"{__name__}.javascript",
        grammar_loader="tree_sitter_javascript:language",
        reader_class=_READER,
        resolver_class=_RESOLVER,
    ),
    Language(
        id="typescript",
        extensions=(".ts", ".mts", ".cts"),
        package=f"{__name__}.typescript",
        grammar_loader="tree_sitter_typescript:language_typescript",
        reader_class=_READER,
        resolver_class=_RESOLVER,
    ),
    Language(
        id="typescriptreact",
        extensions=(".tsx",),
        package=f"{__name__}.typescript",
        grammar_loader="tree_sitter_typescript:language_tsx",
        reader_class=_READER,
        resolver_class=_RESOLVER,
    ),
)
