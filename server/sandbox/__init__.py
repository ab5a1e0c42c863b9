"""Runs one command so that it can do no harm: bubblewrap, with limits, and nothing in its place without it.

`command` says what is run and within what, `folders` what it sees, `programs` what a program needs to see,
`installations` how much of that is shown, `run` runs it, `usage` watches what it takes. `reading` looks at
files of a workspace. Nothing here knows what the command is good for.
"""
