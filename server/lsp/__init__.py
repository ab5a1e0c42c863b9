"""The language server: the only place that knows the protocol and its library.

`inline_completion` is the way of a request; `server` wires everything together.
"""
