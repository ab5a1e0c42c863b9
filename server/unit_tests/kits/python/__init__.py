"""Python: inputs by rule, what came of them in the project's own interpreter, and tests of that."""
