"""What a review knows: what changed, what may be said of it, and how it is written down.

`scope` says what changed, each of `sources` finds something about it, `merge` keeps what sits on a changed
line and quotes it, `render` writes it. Nothing here knows an editor or prints.
"""
