; What the names that a function binds stand for: the @value, or what the @binding says, and of that a @member.

(variable_declarator name: (identifier) @name) @binding
(variable_declarator name: (object_pattern [
  (shorthand_property_identifier_pattern) @name @member
  (object_assignment_pattern left: (shorthand_property_identifier_pattern) @name @member)
  (pair_pattern key: (property_identifier) @member value: (identifier) @name)
  (rest_pattern (identifier) @name)])) @binding
(variable_declarator name: (array_pattern (identifier) @name)) @binding

(for_in_statement left: (identifier) @name) @binding
(for_in_statement left: (object_pattern (shorthand_property_identifier_pattern) @name @member)) @binding
(arrow_function parameter: (identifier) @name)
(catch_clause parameter: (identifier) @name)
(statement_block (function_declaration name: (identifier) @name))

(call_expression
  function: (member_expression object: (_) @value property: (property_identifier) @_each)
  arguments: (arguments . (arrow_function parameter: (identifier) @name))
  (#any-of? @_each "forEach" "map" "filter" "find" "findIndex" "some" "every" "flatMap" "sort" "then"))
