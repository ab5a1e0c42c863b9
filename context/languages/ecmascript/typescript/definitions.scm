; inherits: ecmascript

(function_signature name: (_) @name) @function
(abstract_class_declaration name: (_) @name body: (_) @body) @class
(interface_declaration name: (_) @name body: (_) @body) @interface
(type_alias_declaration name: (_) @name value: (_) @value) @type
(enum_declaration name: (_) @name body: (_) @body) @class
(internal_module name: (_) @name body: (_) @body) @class
(module name: (identifier) @name body: (_) @body) @class

(ambient_declaration [
  (lexical_declaration (variable_declarator name: (identifier) @name) @constant)
  (variable_declaration (variable_declarator name: (identifier) @name) @constant)])
([(internal_module body: (statement_block [
    (lexical_declaration (variable_declarator name: (identifier) @name) @constant)
    (variable_declaration (variable_declarator name: (identifier) @name) @constant)]))
  (module body: (statement_block [
    (lexical_declaration (variable_declarator name: (identifier) @name) @constant)
    (variable_declaration (variable_declarator name: (identifier) @name) @constant)]))])

(class_body [
  (public_field_definition name: [(property_identifier) (private_property_identifier)] @name) @field
  (method_signature name: [(property_identifier) (private_property_identifier)] @name) @method
  (abstract_method_signature name: (property_identifier) @name) @method])

(method_definition parameters: (formal_parameters
  [(required_parameter (accessibility_modifier) @self pattern: (identifier) @name)
   (optional_parameter (accessibility_modifier) @self pattern: (identifier) @name)
   (required_parameter "readonly" @self pattern: (identifier) @name)] @field))

(interface_body [
  (property_signature name: (property_identifier) @name) @field
  (method_signature name: (property_identifier) @name) @method])

(type_alias_declaration value: [
  (object_type [
    (property_signature name: (property_identifier) @name) @field
    (method_signature name: (property_identifier) @name) @method])
  (intersection_type (object_type [
    (property_signature name: (property_identifier) @name) @field
    (method_signature name: (property_identifier) @name) @method]))
  (intersection_type (intersection_type (object_type [
    (property_signature name: (property_identifier) @name) @field
    (method_signature name: (property_identifier) @name) @method])))])

(enum_body [name: (property_identifier) @name @field (enum_assignment name: (property_identifier) @name) @field])

(variable_declarator value: [
  (as_expression (object [
    (pair key: (property_identifier) @name) @field
    (method_definition name: (property_identifier) @name body: (_) @body) @method]))
  (satisfies_expression (object [
    (pair key: (property_identifier) @name) @field
    (method_definition name: (property_identifier) @name body: (_) @body) @method]))])
