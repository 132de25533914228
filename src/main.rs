//! The binary: hands the command line to the door and its answer to the shell.

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("worker") => schriftgut::intake::worker::main(),
        _ => ExitCode::SUCCESS,
    }
}
