"""codenook: a private code assistant for any editor, with a model on the user's own machine."""

__version__ = "0.1.0"
