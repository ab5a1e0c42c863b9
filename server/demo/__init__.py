"""The demonstration: the real server, asked at a few places of a small package that ships with it.

`tour` is the order of events, `places` are the cursors, `client` is a small editor,
`screen` is what is printed.
"""

from codenook.server.demo.tour import run

__all__ = ["run"]
