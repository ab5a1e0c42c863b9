; Each match is one definition, captured as what it is, with its @name. A @scope gives what is in it to the type it names.

(function_item name: (identifier) @name return_type: (_)? @returns body: (block) @body) @function
(function_signature_item name: (identifier) @name return_type: (_)? @returns) @function

(struct_item name: (type_identifier) @name body: (field_declaration_list)? @body) @class
(union_item name: (type_identifier) @name body: (field_declaration_list) @body) @class
(enum_item name: (type_identifier) @name body: (enum_variant_list) @body) @class
(trait_item name: (type_identifier) @name body: (declaration_list) @body) @interface

(struct_item body: (field_declaration_list (field_declaration name: (field_identifier) @name type: (_) @returns) @field))
(union_item body: (field_declaration_list (field_declaration name: (field_identifier) @name type: (_) @returns) @field))
(enum_variant name: (identifier) @name) @field

(const_item name: (identifier) @name type: (_) @returns value: (_)? @value) @constant
(static_item name: (identifier) @name type: (_) @returns value: (_)? @value) @constant
(type_item name: (type_identifier) @name type: (_) @returns) @type
(associated_type name: (type_identifier) @name) @type
(macro_definition name: (identifier) @name) @macro

; `impl Trait for Type` is a member of the type as well: the trait is a base of it.
(impl_item trait: (_) @name type: (_) @of) @type
(impl_item type: (_) @name) @scope
(mod_item body: (declaration_list)) @scope
