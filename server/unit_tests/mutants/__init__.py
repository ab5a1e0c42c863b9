"""Small faults put into a definition, each of which a good test notices."""
