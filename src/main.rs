//! The binary: hands the command line to the door and its answer to the shell.

fn main() {}
