; What the names that a function binds stand for: by @type, or by the @value they are given.

(parameter_declaration
  type: (_) @type
  declarator: [
    (identifier) @name
    (pointer_declarator declarator: [(identifier) @name (pointer_declarator declarator: (identifier) @name)])
    (array_declarator declarator: (identifier) @name)])

(declaration
  type: (_) @type
  declarator: [
    (identifier) @name
    (pointer_declarator declarator: [(identifier) @name (pointer_declarator declarator: (identifier) @name)])
    (array_declarator declarator: (identifier) @name)])

(declaration
  type: (_) @type
  declarator: (init_declarator
    declarator: [
      (identifier) @name
      (pointer_declarator declarator: [(identifier) @name (pointer_declarator declarator: (identifier) @name)])
      (array_declarator declarator: (identifier) @name)]
    value: (_) @value))
