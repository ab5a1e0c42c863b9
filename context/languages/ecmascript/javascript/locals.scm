; inherits: ecmascript

(formal_parameters (identifier) @name)
(formal_parameters (assignment_pattern left: (identifier) @name) @binding)
(formal_parameters (object_pattern (shorthand_property_identifier_pattern) @name))
(formal_parameters (rest_pattern (identifier) @name))

(call_expression
  function: (member_expression object: (_) @value property: (property_identifier) @_each)
  arguments: (arguments . (arrow_function parameters: (formal_parameters . (identifier) @name)))
  (#any-of? @_each "forEach" "map" "filter" "find" "findIndex" "some" "every" "flatMap" "sort" "then"))
