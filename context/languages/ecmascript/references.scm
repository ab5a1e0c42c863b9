; Every name; what it is for is asked of its parents.

[(identifier) (shorthand_property_identifier) (property_identifier) (private_property_identifier) (this) (super)] @name
