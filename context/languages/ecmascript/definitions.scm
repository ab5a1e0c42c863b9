; Each match is one definition with its @name; what a variable or a property holds decides what it is.

([(function_declaration name: (_) @name body: (_) @body)
  (generator_function_declaration name: (_) @name body: (_) @body)] @function)

(class_declaration name: (_) @name body: (_) @body) @class

(program [
  (lexical_declaration (variable_declarator name: (identifier) @name) @constant)
  (variable_declaration (variable_declarator name: (identifier) @name) @constant)])
(ERROR [
  (lexical_declaration (variable_declarator name: (identifier) @name) @constant)
  (variable_declaration (variable_declarator name: (identifier) @name) @constant)])

(export_statement declaration: [
  (lexical_declaration (variable_declarator
    name: [(identifier) @name (object_pattern (shorthand_property_identifier_pattern) @name)]) @constant)
  (variable_declaration (variable_declarator name: (identifier) @name) @constant)])

(export_statement "default" @name
  value: [(object) (class) (function_expression) (arrow_function) (new_expression) (call_expression)]) @constant

(class_body (method_definition name: [(property_identifier) (private_property_identifier)] @name body: (_) @body) @method)

(variable_declarator value: (object [
  (pair key: (property_identifier) @name) @field
  (method_definition name: (property_identifier) @name body: (_) @body) @method
  (shorthand_property_identifier) @name @field]))

(export_statement value: (object [
  (pair key: (property_identifier) @name) @field
  (method_definition name: (property_identifier) @name body: (_) @body) @method]))

(assignment_expression
  left: (member_expression object: (this) @self property: [(property_identifier) (private_property_identifier)] @name)
  right: (_) @value) @field

; CommonJS
((expression_statement (assignment_expression
  left: (member_expression object: (identifier) @_exports property: (property_identifier) @name)
  right: [(function_expression) (arrow_function) (class) (object) (new_expression) (string) (number)]) @constant)
  (#eq? @_exports "exports"))
((expression_statement (assignment_expression
  left: (member_expression object: (member_expression) @_exports property: (property_identifier) @name)
  right: [(function_expression) (arrow_function) (class) (object) (new_expression) (string) (number)]) @constant)
  (#eq? @_exports "module.exports"))
((expression_statement (assignment_expression
  left: (member_expression) @name
  right: [(function_expression) (arrow_function) (class) (new_expression)]) @constant)
  (#eq? @name "module.exports"))
((expression_statement (assignment_expression
  left: (member_expression) @_exports
  right: (object [
    (pair key: (property_identifier) @name
      value: [(function_expression) (arrow_function) (class) (object) (new_expression) (string) (number)]) @constant
    (method_definition name: (property_identifier) @name body: (_) @body) @function])))
  (#eq? @_exports "module.exports"))
