; What the names that a function binds stand for: by @type, or by the @value they are given.

(tuple_pattern (identifier) @name)
(slice_pattern (identifier) @name)
(captured_pattern . (identifier) @name)
(ref_pattern (identifier) @name)
(mut_pattern (identifier) @name)
(tuple_struct_pattern type: (_) (identifier) @name)
(field_pattern name: (shorthand_field_identifier) @name)
(closure_parameters (identifier) @name)
(match_pattern (identifier) @name (#match? @name "^[a-z_]"))

(type_parameter name: (type_identifier) @name bounds: (trait_bounds) @type)
(where_predicate left: (type_identifier) @name bounds: (trait_bounds) @type)
(function_item name: (identifier) @name return_type: (_) @type)
(parameter pattern: (identifier) @name type: (_) @type)
(parameter pattern: (mut_pattern (identifier) @name) type: (_) @type)
(let_declaration pattern: (identifier) @name type: (_) @type)
(let_declaration pattern: (identifier) @name !type value: (_) @value)
(let_declaration pattern: (identifier) @name !type !value)
(for_expression pattern: [(identifier) @name (reference_pattern (identifier) @name)] value: (_) @value)

; What is inside an Option or a Result has the type that stands for both.
(let_declaration pattern: (tuple_struct_pattern type: (identifier) @of . (identifier) @name) value: (_) @value
  (#any-of? @of "Some" "Ok"))
(let_condition pattern: (tuple_struct_pattern type: (identifier) @of . (identifier) @name) value: (_) @value
  (#any-of? @of "Some" "Ok"))
(match_expression value: (_) @value body: (match_block (match_arm pattern: (match_pattern
  (tuple_struct_pattern type: (identifier) @of . (identifier) @name))))
  (#any-of? @of "Some" "Ok"))
