"""Where the project's own interpreter finds our package, inside of the sandbox: nothing else is here."""
