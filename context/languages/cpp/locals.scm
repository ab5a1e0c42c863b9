; inherits: c
; References, and loops over containers.

(parameter_declaration type: (_) @type declarator: (reference_declarator (identifier) @name))
(optional_parameter_declaration type: (_) @type declarator: [(identifier) @name (_ (identifier) @name)])
(declaration type: (_) @type declarator: (init_declarator
  declarator: (reference_declarator (identifier) @name) value: (_) @value))
(declaration type: (_) @type declarator: (identifier) @name value: (_) @value)
(for_range_loop type: (_) @type
  declarator: [(identifier) @name (reference_declarator (identifier) @name) (pointer_declarator (identifier) @name)]
  right: (_) @value)
(structured_binding_declarator (identifier) @name)
