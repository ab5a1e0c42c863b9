"""What each language has: inputs by rule, what the target does with them, and tests of that."""
