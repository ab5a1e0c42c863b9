; inherits: ecmascript

(import_statement (import_require_clause (identifier) @whole source: (string (string_fragment) @from)))
(export_statement "=" (identifier) @value)
