; Where another token could stand: operators, conditions, numbers, arguments, what is called.

(binary_expression operator: _ @operator)
(augmented_assignment_expression operator: _ @operator)

(unary_expression operator: "!" argument: (_) @negated) @negation
[(if_statement condition: (parenthesized_expression (_) @condition))
 (while_statement condition: (parenthesized_expression (_) @condition))
 (ternary_expression condition: (_) @condition)]

(number) @number
[(true) (false)] @truth
(subscript_expression index: (_) @index)

(arguments) @arguments
(call_expression function: (identifier) @called)
(call_expression function: (member_expression property: (property_identifier) @called))
(expression_statement . (call_expression) @result) @statement
