"""What the model reads: prompt layouts, one for each family of models."""
