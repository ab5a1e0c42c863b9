"""Runs tests in the project's own interpreter, any since Python 3.8, and tells what came of them."""
