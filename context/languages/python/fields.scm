; Assignments to an attribute of a plain name: in `__init__`, the fields of the instance.

(assignment left: (attribute object: (identifier) @self attribute: (identifier) @field)) @assignment
