"""Bodies from a model, one function at a time; whether they are right is for others to find out."""
