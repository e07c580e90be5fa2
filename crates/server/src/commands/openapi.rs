//! `code-runner openapi`: prints the OpenAPI document.

use std::process::ExitCode;

use crate::routes;

/// Prints it.
pub fn run() -> ExitCode {
    match routes::document().to_pretty_json() {
        Ok(text) => super::print(&(text + "\n")),
        Err(error) => {
            eprintln!("code-runner: the OpenAPI document can not be written: {error}");
            ExitCode::FAILURE
        }
    }
}
