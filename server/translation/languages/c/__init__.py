"""Translation from C and to it."""
