; Where another token could stand: operators, conditions, numbers, arguments, what is called.

(binary_expression operator: _ @operator)
(compound_assignment_expr operator: _ @operator)

(unary_expression "!" (_) @negated) @negation
[(if_expression condition: (_) @condition)
 (while_expression condition: (_) @condition)]

(integer_literal) @number
(boolean_literal) @truth
(index_expression (_) (_) @index)

(arguments) @arguments
(call_expression function: (identifier) @called)
(call_expression function: (field_expression field: (field_identifier) @called))
(expression_statement . (call_expression) @result) @statement
