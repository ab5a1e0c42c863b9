"""What calls a method of a class of Java inside of the sandbox."""
