; Every name; what it is for is asked of its parents.

[(identifier) (type_identifier) (field_identifier) (shorthand_field_identifier) (self) (crate) (super)] @name
