; Each match is one definition, captured as what it is, with its @name.

(class_declaration name: (identifier) @name body: (_) @body) @class
(enum_declaration name: (identifier) @name body: (_) @body) @class
(record_declaration name: (identifier) @name body: (_) @body) @class
(interface_declaration name: (identifier) @name body: (_) @body) @interface
(annotation_type_declaration name: (identifier) @name body: (_) @body) @interface

(method_declaration type: (_) @returns name: (identifier) @name body: (_)? @body) @method
(constructor_declaration name: (identifier) @name body: (_) @body) @method
(annotation_type_element_declaration type: (_) @returns name: (identifier) @name) @method

(field_declaration type: (_) @returns declarator: (variable_declarator name: (identifier) @name value: (_)? @value)) @field
(constant_declaration type: (_) @returns declarator: (variable_declarator name: (identifier) @name value: (_)? @value)) @field
(enum_constant name: (identifier) @name) @field
(record_declaration parameters: (formal_parameters (formal_parameter type: (_) @returns name: (identifier) @name) @field))
