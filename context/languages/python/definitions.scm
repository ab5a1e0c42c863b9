; Everything that binds a name by defining it; whether it stands at module level is asked of its ancestors.

(function_definition name: (identifier) @name) @function
(class_definition name: (identifier) @name) @class
(expression_statement (assignment left: (identifier) @name) @constant)
(type_alias_statement left: (type [(identifier) @name (generic_type . (identifier) @name)])) @constant
