"""What a translated file has besides the bodies of its functions: constants, classes and their fields."""
