"""A ledger for a small lending library."""
