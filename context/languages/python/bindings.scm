; What a name is for: `bound` here, or a `label` that belongs to something else. Every other name is read.

(function_definition name: (identifier) @bound)
(class_definition name: (identifier) @bound)
(function_definition type_parameters: (type_parameter (type [(identifier) @bound (_ (type (identifier) @bound))])))
(class_definition type_parameters: (type_parameter (type [(identifier) @bound (_ (type (identifier) @bound))])))
(function_definition type_parameters: (type_parameter (type (splat_type (identifier) @bound))))
(class_definition type_parameters: (type_parameter (type (splat_type (identifier) @bound))))
(type_alias_statement left: (type (identifier) @bound))
(type_alias_statement left: (type (generic_type (identifier) @bound (type_parameter (type (identifier) @bound)))))

[(parameters (identifier) @bound)
 (lambda_parameters (identifier) @bound)
 (typed_parameter . (identifier) @bound)
 (default_parameter name: (identifier) @bound)
 (typed_default_parameter name: (identifier) @bound)]

[(pattern_list (identifier) @bound)
 (tuple_pattern (identifier) @bound)
 (list_pattern (identifier) @bound)
 (list_splat_pattern (identifier) @bound)
 (dictionary_splat_pattern (identifier) @bound)
 (splat_pattern (identifier) @bound)]

(assignment left: (identifier) @bound)
(named_expression name: (identifier) @bound)
(for_statement left: (identifier) @bound)
(for_in_clause left: (identifier) @bound)
(as_pattern_target [(identifier) @bound (_ (identifier) @bound)])
(global_statement (identifier) @bound)
(nonlocal_statement (identifier) @bound)

(case_pattern (dotted_name . (identifier) @bound .))
(as_pattern (case_pattern) (identifier) @bound)
(keyword_pattern (dotted_name . (identifier) @bound .))
(keyword_pattern . (identifier) @label)

(import_statement name: (dotted_name . (identifier) @bound))
(import_from_statement name: (dotted_name (identifier) @bound))
(aliased_import name: (dotted_name (identifier) @label))
(aliased_import alias: (identifier) @bound)
(import_from_statement module_name: (dotted_name (identifier) @label))
(relative_import (dotted_name (identifier) @label))
(dotted_name (identifier) (identifier) @label)

(attribute attribute: (identifier) @label)
(keyword_argument name: (identifier) @label)
