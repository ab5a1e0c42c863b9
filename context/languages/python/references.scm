; Every name and every import; which of the names are read, and how, is asked of their parents.

(identifier) @name
[(import_statement) (import_from_statement)] @import
