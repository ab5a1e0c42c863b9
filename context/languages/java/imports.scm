; Each match is one import of a dotted @path, of @all its names; all names of the own @package are seen.

(package_declaration (_) @package .)
(import_declaration [(identifier) (scoped_identifier)] @path . (asterisk)? @all)
