"""What runs in the sandbox for several jobs: Python 3.8, the standard library alone.

`script` puts modules together to one text; nothing here is imported where the server runs, but for that.
"""
