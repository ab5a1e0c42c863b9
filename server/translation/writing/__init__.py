"""What the languages share in which code is written: names, literals, errors, documentation.

A language's own `writing` says how a type and a header are spelled in it; `writer` does the rest.
"""
