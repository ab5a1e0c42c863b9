"""Runs one command so that it can do no harm: bubblewrap, with limits, and nothing in its place without it.

`command` says what is run and within what, `folders` what it sees, `programs` what a program needs to see,
`run` runs it, `usage` watches what it takes. Nothing here knows what the command is good for.
"""
