; What the names that a function binds stand for: by @type, or, where that is `var`, by the @value they are given.

(formal_parameter type: (_) @type name: (identifier) @name)
(spread_parameter (_) @type (variable_declarator name: (identifier) @name))
(local_variable_declaration type: (_) @type declarator: (variable_declarator name: (identifier) @name value: (_)? @value))
(enhanced_for_statement type: (_) @type name: (identifier) @name value: (_) @value)
(resource type: (_) @type name: (identifier) @name value: (_) @value)
(catch_formal_parameter (catch_type . (_) @type) name: (identifier) @name)
(instanceof_expression right: (_) @type name: (identifier) @name)
(type_pattern (_) @type (identifier) @name)
(record_pattern_component (_) @type (identifier) @name)
(lambda_expression parameters: (identifier) @name)
(inferred_parameters (identifier) @name)
