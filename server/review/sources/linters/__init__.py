"""The project's own linters and type checkers, as a source: what they say of the lines that changed.

`linter` says what one is, `table` which there are, each in a module of its own. `find` says which of them a
project configures and where they are installed, `ask` runs one in the sandbox, `sides` makes the workspace
look as the change leaves it or as it was before, and `telling` makes findings of what they say.
"""
