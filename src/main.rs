//! The binary: hands the command line to the door and its answer to the shell.

use std::process::ExitCode;

fn main() -> ExitCode {
    schriftgut::cli::main()
}
