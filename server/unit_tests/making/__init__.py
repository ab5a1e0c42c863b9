"""What a model adds: inputs, expectations, whole tests, and doubt in what was observed."""
