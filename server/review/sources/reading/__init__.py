"""Chat models read a change, hunk by hunk; what they say is checked, and looked at a second time."""
