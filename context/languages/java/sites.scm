; Where another token could stand: operators, conditions, numbers, arguments, what is called.

(binary_expression operator: _ @operator)
(assignment_expression operator: ["+=" "-=" "*=" "/=" "%="] @operator)

(unary_expression operator: "!" operand: (_) @negated) @negation
[(if_statement condition: (parenthesized_expression (_) @condition))
 (while_statement condition: (parenthesized_expression (_) @condition))
 (ternary_expression condition: (_) @condition)]

(decimal_integer_literal) @number
[(true) (false)] @truth
(array_access index: (_) @index)

(argument_list) @arguments
(method_invocation name: (identifier) @called)
(expression_statement . (method_invocation) @result) @statement
