; inherits: c
; Conditions of C++, whose nodes are its own.

[(if_statement condition: (condition_clause value: (_) @condition))
 (while_statement condition: (condition_clause value: (_) @condition))]
(subscript_argument_list (_) @index)
