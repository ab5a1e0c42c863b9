"""What calls a function of C++ inside of the sandbox."""
