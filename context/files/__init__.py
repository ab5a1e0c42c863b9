"""Which files of a workspace may be read: ignore files, secrets, what nobody wrote by hand, and limits."""
