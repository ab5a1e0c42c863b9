; Where another token could stand: operators, conditions, numbers, arguments, what is called.

(binary_expression operator: _ @operator)
(assignment_expression operator: ["+=" "-=" "*=" "/=" "%="] @operator)

(unary_expression operator: "!" argument: (_) @negated) @negation
(conditional_expression condition: (_) @condition)

(number_literal) @number
[(true) (false)] @truth

(argument_list) @arguments
(call_expression function: (identifier) @called)
(call_expression function: (field_expression field: (field_identifier) @called))
(expression_statement . (call_expression) @result) @statement
