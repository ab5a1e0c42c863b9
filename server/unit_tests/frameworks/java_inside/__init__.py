"""What runs test classes of Java inside of the sandbox."""
