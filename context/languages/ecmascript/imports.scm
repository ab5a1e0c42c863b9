; Each match is one imported or exported name: `from` a module, or of the file itself, under an @alias.

(import_statement (import_clause (identifier) @default) source: (string (string_fragment) @from))
(import_statement (import_clause (namespace_import (identifier) @module)) source: (string (string_fragment) @from))
(import_statement
  (import_clause (named_imports (import_specifier name: (_) @name alias: (_)? @alias)))
  source: (string (string_fragment) @from))
(import_statement . (string (string_fragment) @from))

(export_statement "*" @star source: (string (string_fragment) @from))
(export_statement (namespace_export (_) @module) source: (string (string_fragment) @from)) @export
(export_statement
  (export_clause (export_specifier name: (_) @name alias: (_)? @alias))
  source: (string (string_fragment) @from)) @export
(export_statement (export_clause (export_specifier name: (_) @name alias: (_) @alias)) !source) @export
(export_statement "default" @alias value: (identifier) @name) @export
(export_statement "default" @alias declaration: (_ name: (_) @name)) @export

(variable_declarator
  name: [(identifier) @whole
         (object_pattern [(shorthand_property_identifier_pattern) @name
                          (pair_pattern key: (property_identifier) @name value: (identifier) @alias)])]
  value: (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @from)))
  (#eq? @_require "require"))
(variable_declarator
  name: (identifier) @alias
  value: (member_expression
    object: (call_expression
      function: (identifier) @_require
      arguments: (arguments . (string (string_fragment) @from)))
    property: (property_identifier) @name)
  (#eq? @_require "require"))
(variable_declarator
  name: [(identifier) @module
         (object_pattern [(shorthand_property_identifier_pattern) @name
                          (pair_pattern key: (property_identifier) @name value: (identifier) @alias)])]
  value: (await_expression (call_expression
    function: (import)
    arguments: (arguments . (string (string_fragment) @from)))))

; CommonJS
((expression_statement (assignment_expression
  left: (member_expression object: (identifier) @_module property: (property_identifier) @_exports)
  right: [(identifier) @value
          (object [(shorthand_property_identifier) @name
                   (pair key: (property_identifier) @alias value: (identifier) @name)])]))
  (#eq? @_module "module") (#eq? @_exports "exports"))
((expression_statement (assignment_expression
  left: (member_expression object: (identifier) @_exports property: (property_identifier) @alias)
  right: (identifier) @name))
  (#eq? @_exports "exports"))
