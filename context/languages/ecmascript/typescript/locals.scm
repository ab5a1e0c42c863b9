; inherits: ecmascript

(required_parameter pattern: (identifier) @name) @binding
(optional_parameter pattern: (identifier) @name) @binding
(required_parameter pattern: (rest_pattern (identifier) @name)) @binding
(required_parameter pattern: (object_pattern [
  (shorthand_property_identifier_pattern) @name @member
  (object_assignment_pattern left: (shorthand_property_identifier_pattern) @name @member)
  (pair_pattern key: (property_identifier) @member value: (identifier) @name)])) @binding

(call_expression
  function: (member_expression object: (_) @value property: (property_identifier) @_each)
  arguments: (arguments . (arrow_function
    parameters: (formal_parameters . (required_parameter pattern: (identifier) @name !type))))
  (#any-of? @_each "forEach" "map" "filter" "find" "findIndex" "some" "every" "flatMap" "sort" "then"))
