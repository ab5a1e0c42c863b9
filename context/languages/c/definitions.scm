; Each match is one definition, captured as what it is, with its @name.

(function_definition
  type: (_)? @returns
  declarator: [
    (function_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
    (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)))]
  body: (compound_statement) @body) @function

(declaration
  type: (_)? @returns
  declarator: [
    (function_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
    (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)))]) @function

(declaration
  type: (_) @returns
  declarator: [
    (identifier) @name
    (pointer_declarator declarator: (identifier) @name)
    (array_declarator declarator: (identifier) @name)
    (init_declarator
      declarator: [
        (identifier) @name
        (pointer_declarator declarator: [(identifier) @name (array_declarator declarator: (identifier) @name)])
        (array_declarator declarator: (identifier) @name)]
      value: (_) @value)]) @constant

(struct_specifier name: (type_identifier) @name body: (field_declaration_list) @body) @class
(union_specifier name: (type_identifier) @name body: (field_declaration_list) @body) @class
(enum_specifier name: (type_identifier) @name body: (enumerator_list) @body) @class

(type_definition
  type: [
    (struct_specifier !name body: (_) @body)
    (union_specifier !name body: (_) @body)
    (enum_specifier !name body: (_) @body)]
  declarator: (type_identifier) @name) @class

(type_definition
  type: (_) @returns
  declarator: [
    (type_identifier) @name
    (pointer_declarator declarator: (type_identifier) @name)
    (array_declarator declarator: (type_identifier) @name)
    (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name)))]) @type

(field_declaration
  type: (_) @returns
  declarator: [
    (field_identifier) @name
    (pointer_declarator declarator: [(field_identifier) @name (pointer_declarator declarator: (field_identifier) @name)])
    (array_declarator declarator: [(field_identifier) @name (array_declarator declarator: (field_identifier) @name)])
    (function_declarator
      declarator: (parenthesized_declarator (pointer_declarator declarator: (field_identifier) @name)))]) @field

(enumerator name: (identifier) @name value: (_)? @value) @constant
(preproc_def name: (identifier) @name value: (preproc_arg) @value) @constant
(preproc_function_def name: (identifier) @name value: (_)? @body) @macro
