"""What calls a function of Rust inside of the sandbox: modules of the program's own crate."""
