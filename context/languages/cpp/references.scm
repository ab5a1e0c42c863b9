; inherits: c
; The scopes of names, and the object.

[(namespace_identifier) (this)] @name
