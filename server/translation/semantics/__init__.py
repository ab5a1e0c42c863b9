"""What code of one language means in another: its signs in a syntax tree, and the sentences about a pair."""
