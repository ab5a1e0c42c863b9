"""The index of a workspace: what its files define, import and mention, kept on disk and asked in SQL."""
