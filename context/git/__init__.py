"""What the repository around a workspace tells: what changed together, and what changed last."""
