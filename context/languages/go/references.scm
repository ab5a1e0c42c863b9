; Every name that can be the first of a chain, what it is for is asked of its parents; and every @member.

[(identifier) (type_identifier) (package_identifier)] @name
(field_identifier) @member
