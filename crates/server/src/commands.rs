//! What `code-runner` can be told to do, one module per command.

pub mod doctor;
pub mod grade;
pub mod keys;
pub mod languages;
pub mod migrate;
pub mod openapi;
pub mod run;
pub mod serve;
pub mod settings;

use std::io::{self, Write};
use std::process::ExitCode;

/// Prints to standard output. A reader that has gone away, such as `head`, has seen enough.
fn print(text: &str) -> ExitCode {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("code-runner: standard output can not be written: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
