; Where another token could stand: operators, conditions, numbers, arguments, what is called.

(binary_expression operator: _ @operator)
(assignment_statement operator: ["+=" "-=" "*=" "/=" "%="] @operator)

(unary_expression operator: "!" operand: (_) @negated) @negation
[(if_statement condition: (_) @condition)
 (for_statement . (_) @condition . (block))]

(int_literal) @number
[(true) (false)] @truth
(index_expression index: (_) @index)

(argument_list) @arguments
(call_expression function: (identifier) @called)
(call_expression function: (selector_expression field: (field_identifier) @called))
(expression_statement . (call_expression) @result) @statement
