"""Any GGUF model on held-out packages, as the product would ask it: one command, one table."""
