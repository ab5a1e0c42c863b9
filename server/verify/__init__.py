"""Checks that make a result trustworthy: pure functions of a document and a candidate."""
