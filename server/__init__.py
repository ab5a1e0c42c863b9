"""What the user talks to: the language server, the command line, the tasks and their checks."""
