//! The attack battery: posts the programs of `attacks/` to a Code Runner server of its own and says what was
//! contained. A tool for development, never shipped.
//!
//! ```text
//!   attacks/<language>/*  ── cases, header ──▶ alone │ loaded │ controls │ soak │ neighbour
//!   attacks/catalogue.toml ─ catalogue             │  post over HTTP (client), compare
//!                                                  ▼
//!   code-runner serve (server) ◀── canaries planted; checks afterwards: host, texts, tools, kernel_log
//!                                                  │
//!                                                  ▼
//!                                       summary (tables), report (JSON)
//! ```
//!
//! It speaks HTTP and looks at the host from outside; it knows nothing of how boxes are made, and decides nothing but
//! whether what it saw is what the header of a program says.

#![forbid(unsafe_code)]

mod alone;
mod bench;
mod canaries;
mod cases;
mod catalogue;
mod checks;
mod client;
mod compare;
mod controls;
mod finding;
mod header;
mod host;
mod kernel_log;
mod loaded;
mod neighbour;
mod options;
mod ordinary;
mod report;
mod run;
mod server;
mod setup;
mod size;
mod soak;
mod summary;
mod texts;
mod tools;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use crate::options::{Command, Options};

fn main() -> ExitCode {
    let result = match Options::parse().command {
        Command::Run { common, passes } => run::run(&common, &passes),
        Command::Controls { common } => controls::run(&common),
        Command::Soak { common, count, parallel } => soak::run(&common, count, parallel),
        Command::Neighbour { common, count } => neighbour::run(&common, count),
        Command::Check { attacks } => check(&attacks),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Is the catalogue covered? Prints what is missing.
fn check(attacks: &Path) -> Result<bool, String> {
    let (catalogue, cases) = (catalogue::Catalogue::load(attacks)?, cases::load(attacks)?);
    let problems = catalogue.problems(&cases);
    problems.iter().for_each(|problem| println!("{problem}"));
    println!("{} attacks, {} programs, {} problems", catalogue.attacks.len(), cases.len(), problems.len());
    Ok(problems.is_empty())
}
