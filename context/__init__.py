"""What the model gets to see: snippets of the workspace, chosen for a cursor and priced in tokens."""
