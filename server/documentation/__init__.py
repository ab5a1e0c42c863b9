"""Documentation as code: what a definition has to say, what its comment says, and the two compared.

`languages` reads a definition from its syntax tree (`Subject`), `comments` takes the marks off the comment
that belongs to it (`Doc`), a dialect turns the text into `Parts` and back. `stale` compares the two, `write`
puts parts into a file. No model has a part in any of it.
"""
