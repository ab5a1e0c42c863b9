"""Code in another language, with what was proved of it.

`shapes` and `signature` say what a definition takes and gives, in no language's terms; `values` and `outcome`
what came of a call; `languages/` reads, writes and runs one language each; `inputs/` makes calls, `comparing`
decides whether two outcomes are the same.
"""
