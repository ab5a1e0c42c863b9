"""Logs go to stderr and carry no source text."""

import logging


def set_up_logs() -> None:
    """Log codenook at the level of its settings, and the protocol's libraries only when something is wrong.

    pygls logs whole messages at INFO, and the values that a failed message carried at ERROR; both
    hold source text.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(_without_values)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def _without_values(record: logging.LogRecord) -> bool:
    """Leave of a message of pygls only its own words, which stand before the first value."""
    if record.name.startswith("pygls"):
        record.msg, record.args = str(record.msg).partition("%")[0].strip(), ()
    return True
