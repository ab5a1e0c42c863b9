"""Whole tests that a model wrote, looked at before anything runs.

This keeps what is plainly no test of the target from being tried and shown. It is no wall: that is the
sandbox.
"""
