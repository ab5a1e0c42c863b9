; inherits: c
; What C++ has besides: classes, members in them and outside, references, aliases.

(class_specifier name: (type_identifier) @name body: (field_declaration_list) @body) @class
(alias_declaration name: (type_identifier) @name type: (_) @returns) @type

(function_definition
  type: (_)? @returns
  declarator: [
    (function_declarator declarator: [(field_identifier) (destructor_name) (operator_name)] @name)
    (_ (function_declarator declarator: [(field_identifier) (operator_name)] @name))
    (reference_declarator (function_declarator declarator: (identifier) @name))]
  body: (compound_statement) @body) @function

(field_declaration
  type: (_) @returns
  declarator: [
    (function_declarator declarator: [(field_identifier) (operator_name)] @name)
    (pointer_declarator declarator: (function_declarator declarator: [(field_identifier) (operator_name)] @name))
    (reference_declarator (function_declarator declarator: [(field_identifier) (operator_name)] @name))]) @function

(declaration declarator: (function_declarator declarator: (destructor_name) @name)) @function
(field_declaration type: (_) @returns declarator: (reference_declarator (field_identifier) @name)) @field

(function_definition
  type: (_)? @returns
  declarator: [
    (function_declarator declarator: (qualified_identifier
      scope: (_) @of name: [(identifier) (destructor_name) (operator_name)] @name))
    (_ (function_declarator declarator: (qualified_identifier
      scope: (_) @of name: [(identifier) (destructor_name) (operator_name)] @name)))
    (function_declarator declarator: (qualified_identifier name: (qualified_identifier
      scope: (_) @of name: [(identifier) (destructor_name) (operator_name)] @name)))
    (_ (function_declarator declarator: (qualified_identifier name: (qualified_identifier
      scope: (_) @of name: [(identifier) (destructor_name) (operator_name)] @name))))]
  body: (compound_statement) @body) @function
