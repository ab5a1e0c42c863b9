"""What runs in the sandbox, in the project's own interpreter: Python 3.8, the standard library alone.

`script` puts the modules together to one text; nothing here is imported where the server runs, but for that.
"""
