; Each match is one definition, captured as what it is, with its @name; methods are `of` their receiver's type.
; No pattern ends in two optional parts: tree-sitter loses their matches at the end of the bytes that are searched.

(function_declaration name: (identifier) @name result: (_)? @returns body: (block) @body) @function
(function_declaration name: (identifier) @name result: (_)? @returns !body) @function

(method_declaration
  receiver: (parameter_list (parameter_declaration type: (_) @of))
  name: (field_identifier) @name
  result: (_)? @returns
  body: (block) @body) @method
(method_declaration
  receiver: (parameter_list (parameter_declaration type: (_) @of))
  name: (field_identifier) @name
  result: (_)? @returns
  !body) @method

(type_spec name: (type_identifier) @name type: (struct_type (field_declaration_list) @body)) @class
(type_spec name: (type_identifier) @name type: (interface_type) @body) @interface
(type_spec name: (type_identifier) @name
  type: [(type_identifier) (qualified_type) (generic_type) (pointer_type) (slice_type) (array_type) (map_type)
    (channel_type) (function_type)]) @class
(type_alias name: (type_identifier) @name type: (_) @returns) @type

(type_spec type: (struct_type (field_declaration_list
  (field_declaration name: (field_identifier) @name type: (_) @returns) @field)))
(type_spec type: (struct_type (field_declaration_list
  (field_declaration !name type: [
    (type_identifier) @name @returns
    (qualified_type name: (type_identifier) @name) @returns
    (generic_type type: (type_identifier) @name) @returns
    (generic_type type: (qualified_type name: (type_identifier) @name)) @returns]) @field)))
(type_spec type: (interface_type
  (method_elem name: (field_identifier) @name result: (_)? @returns) @method))

(const_spec (identifier) @name type: (_)? @returns value: (_) @value) @constant
(const_spec (identifier) @name type: (_)? @returns !value) @constant
(var_spec name: (identifier) @name type: (_)? @returns value: (_) @value) @constant
(var_spec name: (identifier) @name type: (_) @returns !value) @constant
