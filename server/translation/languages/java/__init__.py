"""Translation from Java and to it."""
