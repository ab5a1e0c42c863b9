; What the names that a function binds stand for: by @type, or by the @value they are given.

(typed_parameter . (identifier) @name type: (type) @type)
(typed_default_parameter name: (identifier) @name type: (type) @type)
(assignment left: (identifier) @name type: (type) @type)
(assignment left: (identifier) @name !type right: (_) @value)
(named_expression name: (identifier) @name value: (_) @value)
(with_item value: (as_pattern (_) @value alias: (as_pattern_target (identifier) @name)))
(for_statement left: (identifier) @name right: (_) @value)
(for_in_clause left: (identifier) @name right: (_) @value)
(except_clause value: (as_pattern (_) @value alias: (as_pattern_target (identifier) @name)))
