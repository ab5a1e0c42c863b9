"""What JavaScript and TypeScript have: inputs by rule, what the target does with them, and tests of that.

`kit` is what others ask; `parameters` and `values` make inputs, `examples` and `call_sites` find some,
`observing` has the project's node say what comes of them.
"""
