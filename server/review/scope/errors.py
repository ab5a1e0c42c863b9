"""What is wrong with what somebody wants reviewed."""


class ScopeError(ValueError):
    """It can't be reviewed; the message is one line for the user."""
