; Every name; what it is for is asked of its parents.

[(identifier) (type_identifier) (field_identifier)] @name
