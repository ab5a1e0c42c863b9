; Every name; which of them are read, and how, is asked of their parents.

(identifier) @name
