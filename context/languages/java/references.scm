; Every name that can be the first of a chain; what it is for is asked of its parents.

[(identifier) (type_identifier) (this) (super)] @name
