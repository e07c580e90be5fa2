//! The command line.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};

use crate::cases::{self, Case, Selection};
use crate::setup::{Setup, StartPath};

/// Posts the programs of `attacks/` to a server of its own and says what was contained.
#[derive(Debug, Parser)]
#[command(name = "battery")]
pub struct Options {
    /// What is to be done.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run every program and check everything
    Run {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        passes: Passes,
    },
    /// Open the holes of a test-only build, and see that the programs notice
    Controls {
        #[command(flatten)]
        common: Common,
    },
    /// Run thousands of ordinary submissions with attacks among them, and see that nothing is left
    Soak {
        #[command(flatten)]
        common: Common,
        /// Submissions
        #[arg(long, default_value_t = 10_000)]
        count: usize,
        /// Submissions in flight at the same time
        #[arg(long, default_value_t = 8)]
        parallel: usize,
    },
    /// Measure how much an ordinary submission suffers beside each attack
    Neighbour {
        #[command(flatten)]
        common: Common,
        /// Submissions per measurement
        #[arg(long, default_value_t = 40)]
        count: usize,
    },
    /// See that the catalogue is covered; needs no server and no root
    Check {
        /// The folder with the catalogue and the programs
        #[arg(long, default_value = "attacks")]
        attacks: PathBuf,
    },
}

/// What all commands with a server have in common.
#[derive(Debug, Args)]
pub struct Common {
    /// The program `code-runner`, with `code-runner-runner` beside it
    #[arg(long)]
    pub server: PathBuf,
    /// The folder with the catalogue and the programs
    #[arg(long, default_value = "attacks")]
    pub attacks: PathBuf,
    /// The folder with the languages [default: `languages` beside the attacks]
    #[arg(long)]
    languages: Option<PathBuf>,
    /// The JSON file whose section of this command is written
    #[arg(long, default_value = "attacks/report.json")]
    pub report: PathBuf,
    /// How the server is started; may be given more than once
    #[arg(long = "path", value_enum, default_values_t = [StartPath::Root])]
    paths: Vec<StartPath>,
    /// The programs that take long, too
    #[arg(long)]
    full: bool,
    /// Only programs with this id, part of a name, or pattern of either; may be given more than once
    #[arg(long)]
    only: Vec<String>,
    /// Only programs in this language; may be given more than once
    #[arg(long = "language")]
    language: Vec<String>,
    /// Submissions the server runs at the same time
    #[arg(long, default_value_t = 4)]
    pub workers: usize,
    /// Leave the digests of the tool chains out, which take a minute
    #[arg(long)]
    pub skip_tools: bool,
}

/// Which passes `run` makes.
#[derive(Debug, Clone, Copy, Args)]
pub struct Passes {
    /// After every program alone, all of them again under load; on the first path
    #[arg(long)]
    pub loaded: bool,
    /// Only under load
    #[arg(long)]
    pub loaded_only: bool,
    /// Under load and on further paths all languages, too, and not C, Python and Bash alone
    #[arg(long)]
    pub everywhere: bool,
}

/// The languages whose programs are run wherever the wall could differ: they reach all of it.
const CORE: [&str; 3] = ["bash", "c", "python"];

impl Passes {
    /// Is this case run under load and on further paths, too?
    pub fn has_further(&self, case: &Case) -> bool {
        self.everywhere || CORE.contains(&case.language.as_str())
    }

    /// Those that are.
    pub fn of_further(&self, cases: &[Case]) -> Vec<Case> {
        cases.iter().filter(|case| self.has_further(case)).cloned().collect()
    }
}

impl Common {
    /// The cases that are wanted.
    pub fn cases(&self) -> Result<Vec<Case>, String> {
        let selection = Selection { full: self.full, only: self.only.clone(), languages: self.language.clone() };
        selection.of(cases::load(&self.attacks)?)
    }

    /// The start paths, each once.
    pub fn paths(&self) -> Vec<StartPath> {
        let mut paths = self.paths.clone();
        paths.dedup();
        paths
    }

    /// The folder with the languages.
    pub fn languages(&self) -> PathBuf {
        let beside = || {
            self.attacks.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new(".")).join("languages")
        };
        self.languages.clone().unwrap_or_else(beside)
    }

    /// A server that has these languages.
    pub fn setup(&self, path: StartPath, languages: &[String], holes: Option<&str>) -> Result<Setup, String> {
        // The server is started in a folder of its own.
        let program =
            std::fs::canonicalize(&self.server).map_err(|error| format!("{}: {error}", self.server.display()))?;
        Ok(Setup {
            program,
            languages: self.languages(),
            needed: languages.to_vec(),
            path,
            workers: self.workers,
            holes: holes.map(str::to_owned),
        })
    }
}
