"""One folder for each language: `reading`, `writing` and `running` it."""
