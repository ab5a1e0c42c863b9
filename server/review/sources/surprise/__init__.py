"""What a base model would have expected in a change: places where an alternative is far likelier."""
