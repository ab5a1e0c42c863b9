"""``codenook doctor``: look at everything that codenook needs, and say what to do about what is missing.

A check is a function that returns findings; each module here holds the checks of one group, and
`examine` runs them all.
"""
