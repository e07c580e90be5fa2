//! `code-runner grade`: a folder or an archive of submissions against the tests of an exercise, with or without a server.
//!
//! In the order of the data: `tests_file` reads the exercise, `folder` and `archive` what was handed in, `students` says whose it
//! is, `request` makes the body of `POST /run` of it, `cache` knows what was graded before, a `grader` runs the rest, and
//! `outputs` shows the `sheet`. What a result means is for the server's own code to say: this command runs nothing by another
//! way than a request, and judges nothing.
//!
//! The table goes to standard output, or where that has another form to standard error, like everything that is only said.

mod archive;
mod cache;
mod client;
mod fields;
mod folder;
mod found;
mod graded;
mod grader;
mod known;
mod local;
mod outputs;
mod points;
mod prepared;
mod remote;
mod request;
mod sheet;
mod students;
mod tests_file;
mod work;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use executor::{Cancel, Executor, NativeExecutor, load_languages};
use model::Language;

use self::client::Client;
use self::grader::Grader;
use self::known::KnownLanguages;
use self::local::Local;
use self::prepared::Prepared;
use self::remote::{Patience, Remote};
use self::sheet::{NOT_GRADED, USAGE};
use crate::backend::{self, Backend};
use crate::config::{Config, Secret};
use crate::signals;
use crate::validate::Rules;

/// Submissions that a server has of this command at the same time, if nobody says how many.
const AT_A_SERVER: usize = 8;
/// The most that may be asked for.
const MOST_JOBS: u16 = 256;
/// Bytes of a file with a key.
const MOST_KEY_BYTES: u64 = 4096;

/// What to grade.
///
/// Exit codes: 0, every submission was graded and passed every test (or has the share of points of `--fail-under`); 1, every
/// submission was graded and one did not; 2, the command line, the tests or the key can not be used; 3, some submission has no
/// grade.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Exit codes: 0 all graded and passed, 1 all graded and not all passed, 2 nothing could be graded because \
                        of what was given, 3 some submission has no grade."
)]
pub struct GradeArgs {
    /// A folder, or a zip archive, in which each file or folder is a student's submission. The extension tells the language,
    /// unless `--language` or the file of the tests does.
    #[arg(value_name = "SUBMISSIONS")]
    submissions: PathBuf,
    /// The tests: a TOML file.
    #[arg(long, value_name = "FILE")]
    tests: PathBuf,
    /// A server that runs the submissions. The key to it is in API_TOKEN or in `--key-file`. Without it they are run here.
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// A file with the key to the server.
    #[arg(long, value_name = "FILE", requires = "server")]
    key_file: Option<PathBuf>,
    /// How many submissions run at the same time. Without it, as many as there are workers here, and 8 at a server.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_JOBS)))]
    jobs: Option<u16>,
    /// Write CSV, for spreadsheets; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write JSON; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write JUnit XML, for continuous integration; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// A submission is good enough with this much of a hundred of the points. Without it, if it passed every test.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    fail_under: Option<f64>,
    /// Where results are kept for the next time. Without it, `.code-runner-grade.json` beside SUBMISSIONS.
    #[arg(long, value_name = "FILE", conflicts_with = "no_cache")]
    cache: Option<PathBuf>,
    /// Run everything, and keep nothing.
    #[arg(long)]
    no_cache: bool,
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').trim().parse().ok().filter(|percent| (0.0..=100.0).contains(percent));
    number.ok_or_else(|| "allowed is a number from 0 to 100".to_owned())
}

/// The command, from the start of what runs it. `language` was given on the command line, for all submissions.
pub fn run(args: GradeArgs, language: Option<String>, config: Config) -> ExitCode {
    let graded = match &args.server {
        Some(server) => at_a_server(server, &args, language, &config),
        None => here(&args, language, &config),
    };
    graded.map_or_else(Failure::said, ExitCode::from)
}

/// Why there is no sheet.
struct Failure {
    code: u8,
    reason: String,
}

impl Failure {
    /// What was given can not be used.
    fn usage(reason: impl Into<String>) -> Self {
        Self { code: USAGE, reason: reason.into() }
    }

    /// We can not do it.
    fn ours(reason: impl Into<String>) -> Self {
        Self { code: NOT_GRADED, reason: reason.into() }
    }

    fn said(self) -> ExitCode {
        eprintln!("code-runner: {}", self.reason);
        ExitCode::from(self.code)
    }
}

fn here(args: &GradeArgs, language: Option<String>, config: &Config) -> Result<u8, Failure> {
    // Read first: who has given the wrong file need not wait, nor be root.
    let loaded = load_languages(&config.languages_dir).map_err(|error| Failure::usage(error.to_string()))?;
    let languages: Vec<Language> = loaded.into_iter().map(|loaded| loaded.language).collect();
    let prepared = Prepared::read(args, language, &KnownLanguages::untried(&languages)).map_err(Failure::usage)?;

    let Backend { languages, executor, ground } = backend::start(config).map_err(Failure::ours)?;
    // From here on it writes files, which are to be those of whoever has started it.
    ground.leave_power().map_err(|error| Failure::ours(error.to_string()))?;
    let code = runtime().and_then(|runtime| {
        runtime.block_on(async {
            try_languages(&executor, &prepared).await;
            let rules = Rules::new(config, languages).map_err(Failure::usage)?;
            grade_here(args, prepared, config, &rules, &*executor).await
        })
    });
    let ended = executor.shut_down().map_err(|error| Failure::ours(error.to_string()));
    code.and_then(|code| ended.map(|()| code))
}

/// Runs the version command of every language that is needed. One that fails is no error; it is known for it.
async fn try_languages(executor: &NativeExecutor, prepared: &Prepared) {
    for id in prepared.languages() {
        let _ = executor.self_test(&id).await;
    }
}

async fn grade_here(
    args: &GradeArgs,
    prepared: Prepared,
    config: &Config,
    rules: &Rules,
    executor: &dyn Executor,
) -> Result<u8, Failure> {
    let described =
        serde_json::to_value(rules.describe(executor, true)).map_err(|error| Failure::ours(error.to_string()))?;
    let languages = KnownLanguages::from_json(described).map_err(Failure::ours)?;
    let jobs = args.jobs.map_or_else(|| config.workers(), usize::from);
    finish(args, prepared, &languages, &Local { rules, executor }, jobs, &interruption()?).await
}

/// Grades with this executor, in these languages: for tests of the whole.
pub async fn run_with(
    args: GradeArgs,
    language: Option<String>,
    config: &Config,
    languages: Vec<Language>,
    executor: &dyn Executor,
) -> ExitCode {
    let graded = async {
        let prepared = Prepared::read(&args, language, &KnownLanguages::untried(&languages)).map_err(Failure::usage)?;
        let rules = Rules::new(config, languages).map_err(Failure::usage)?;
        grade_here(&args, prepared, config, &rules, executor).await
    };
    graded.await.map_or_else(Failure::said, ExitCode::from)
}

fn at_a_server(server: &str, args: &GradeArgs, language: Option<String>, config: &Config) -> Result<u8, Failure> {
    let key = key(args.key_file.as_deref(), config).map_err(Failure::usage)?;
    runtime()?.block_on(async {
        let client = Client::new(server, key).map_err(Failure::usage)?;
        if client.is_open() {
            eprintln!("code-runner: the key and the submissions go to {} without encryption", client.address());
        }
        let remote = Remote { client, patience: Patience::default() };
        let cancel = interruption()?;
        let languages = remote.languages(&cancel).await.map_err(|reason| {
            let reason = format!("{}: {reason}", remote.client.address());
            if cancel.is_cancelled() { Failure::ours(reason) } else { Failure::usage(reason) }
        })?;
        let prepared = Prepared::read(args, language, &languages).map_err(Failure::usage)?;
        let languages =
            remote.tried_languages(languages, &prepared.languages(), &cancel).await.map_err(Failure::ours)?;
        let jobs = args.jobs.map_or(AT_A_SERVER, usize::from);
        finish(args, prepared, &languages, &remote, jobs, &cancel).await
    })
}

/// The key to the server: of the file that was named, or as the server itself is given it.
fn key(file: Option<&Path>, config: &Config) -> Result<Secret, String> {
    let text = match (file.or(config.api_token_file.as_deref()), &config.api_token) {
        (Some(path), _) => {
            let failed = |reason: String| format!("the key file {} can not be used: {reason}", path.display());
            let metadata = std::fs::metadata(path).map_err(|error| failed(error.to_string()))?;
            if metadata.len() > MOST_KEY_BYTES {
                return Err(failed("it is too large to hold a key".to_owned()));
            }
            std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?
        }
        (None, Some(key)) => key.expose().to_owned(),
        (None, None) => return Err("--server needs a key: set API_TOKEN, or give --key-file".to_owned()),
    };
    let key = text.trim();
    if key.is_empty() { Err("the key to the server is empty".to_owned()) } else { Ok(Secret::new(key)) }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| Failure::ours(error.to_string()))
}

/// What the first SIGINT or SIGTERM cancels; the second one ends the process.
fn interruption() -> Result<Cancel, Failure> {
    let cancel = Cancel::default();
    let (told, signal) = (cancel.clone(), signals::shutdown().map_err(|error| Failure::ours(error.to_string()))?);
    drop(tokio::spawn(async move {
        signal.await;
        told.cancel();
    }));
    Ok(cancel)
}

async fn finish(
    args: &GradeArgs,
    prepared: Prepared,
    languages: &KnownLanguages,
    grader: &dyn Grader,
    jobs: usize,
    cancel: &Cancel,
) -> Result<u8, Failure> {
    let Prepared { exercise, entries, passed_over, cache } = prepared;
    if let Some(line) = outputs::passed_over(&passed_over) {
        eprintln!("{line}");
    }
    let rows = work::rows(&exercise, entries, languages, grader, cache, jobs, cancel).await.map_err(Failure::usage)?;
    let sheet = sheet::Sheet { exercise: &exercise, rows: &rows };
    outputs::write(&sheet, args.csv.as_deref(), args.json.as_deref(), args.junit.as_deref()).map_err(Failure::ours)?;
    if cancel.is_cancelled() {
        eprintln!("interrupted; what was graded is kept, and the same command goes on with the rest");
    }
    Ok(sheet.exit_code(args.fail_under))
}
