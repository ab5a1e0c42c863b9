"""What a step of the training raises when it cannot do what it was asked."""


class TrainingError(Exception):
    """A step cannot do what it was asked; the message says why, in one line."""
