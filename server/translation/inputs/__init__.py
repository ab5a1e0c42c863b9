"""Makes the calls that a translation is checked with; enter at `make`.

`documentation`, `written` and `workspace` find calls, `variations` changes them, `by_type` makes others;
`literals/` reads values, `fitting` says which are of a shape, `domain` what examples show of the arguments.
"""
