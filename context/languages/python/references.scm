; Every name; what it is for is asked of its parents.

(identifier) @name
