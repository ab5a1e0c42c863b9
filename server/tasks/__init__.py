"""The jobs: gather context, ask the model, verify, return a value with its evidence."""
