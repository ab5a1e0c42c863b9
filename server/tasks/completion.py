"""Completion: a snapshot and a cursor in, verified and ranked candidates out."""
