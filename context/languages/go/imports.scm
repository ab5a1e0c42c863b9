; Each match is one import: its @path, and the @name that it is given, if any.

(import_spec name: (_)? @name path: (_) @path)
