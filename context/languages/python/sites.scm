; Where another token could stand: operators, conditions, numbers, arguments, what is called.

(comparison_operator operators: _ @operator)
(binary_operator operator: _ @operator)
(boolean_operator operator: _ @operator)
(augmented_assignment operator: _ @operator)

(not_operator argument: (_) @negated) @negation
[(if_statement condition: (_) @condition)
 (elif_clause condition: (_) @condition)
 (while_statement condition: (_) @condition)
 (conditional_expression (_) . (_) @condition . (_))
 (if_clause (_) @condition)]

(integer) @number
[(true) (false)] @truth
(slice (_) @index)
(subscript subscript: (_) @index)
(call function: (identifier) @_range arguments: (argument_list (_) @index) (#eq? @_range "range"))

[(argument_list) (list) (tuple) (expression_list) (pattern_list)] @arguments
[(binary_operator) (boolean_operator)] @binary
(string) @string
(call) @call

(argument_list (_) @value)
(return_statement (_) @value)
(binary_operator (_) @value)
(comparison_operator (_) @value)
(assignment right: (_) @value)
(augmented_assignment right: (_) @value)
(for_statement right: (_) @value)

(call function: (identifier) @called)
(call function: (attribute attribute: (identifier) @called))
(expression_statement . (call) @result .) @statement
