; Each match is one definition, captured as what it is, with its @name. A @field with @self is set in a method.

(function_definition
  name: (identifier) @name
  return_type: (type)? @returns
  body: (block) @body) @function

(class_definition
  name: (identifier) @name
  superclasses: (argument_list [(identifier) (attribute) (subscript)] @base)?
  body: (block) @body) @class

(module (expression_statement
  (assignment left: (identifier) @name type: (type)? @returns right: (_)? @value) @constant))

(class_definition body: (block (expression_statement
  (assignment left: (identifier) @name type: (type)? @returns right: (_)? @value) @field)))

(module [(if_statement (block (expression_statement
    (assignment left: (identifier) @name type: (type)? @returns right: (_)? @value) @constant)))
  (try_statement (block (expression_statement
    (assignment left: (identifier) @name type: (type)? @returns right: (_)? @value) @constant)))])

(assignment
  left: (attribute object: (identifier) @self attribute: (identifier) @name)
  type: (type)? @returns
  right: (_)? @value) @field

(type_alias_statement
  left: (type [(identifier) @name (generic_type . (identifier) @name)])
  right: (type) @returns) @type
