//! `code-runner settings`: prints the page `docs/settings.md`.

use std::process::ExitCode;

use crate::config;

/// Prints it.
pub fn run() -> ExitCode {
    super::print(&config::markdown())
}
