; Each match is one import: its @path, and the @name that it is given, if any. All names of the own @package are seen.

(package_clause) @package
(import_spec name: (_)? @name path: (_) @path)
