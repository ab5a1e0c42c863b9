"""What only JavaScript's grammar has; the rest is inherited."""
