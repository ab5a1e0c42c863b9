; inherits: ecmascript

(type_identifier) @name
