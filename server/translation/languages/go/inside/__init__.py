"""What calls a function of Go inside of the sandbox: files of the program's own package."""
