; What binds names of other files: the tree of a @use, a @module in a file of its own or in this one, an external @crate.

(use_declaration argument: (_) @use)
(mod_item name: (identifier) @module)
(extern_crate_declaration name: (identifier) @crate alias: (identifier)? @alias)
