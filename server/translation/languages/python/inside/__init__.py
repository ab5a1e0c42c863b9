"""What runs in the sandbox: Python 3.8, the standard library alone."""
