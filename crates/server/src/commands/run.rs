//! `code-runner run`: one submission from the command line, without a server.
//!
//! It comes through the same validation as a request and is shown as a table or as the JSON of
//! `GET /result`. Where the executor is from is for the caller to say.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use comfy_table::{ContentArrangement, Table, presets};
use executor::{Cancel, Executor};
use model::{Fault, InputReport, Language, Mode, Report, Verdict};

use crate::backend::{self, Backend};
use crate::config::Config;
use crate::dagger;
use crate::validate::Rules;
use crate::wire::{Done, Encoding, FileBody, LimitsBody, ModeName, RunRequest, milliseconds};

/// Some verdict is not `ok`.
const NOT_OK: u8 = 1;
/// The command line can not be used; the same number clap exits with.
const USAGE: u8 = 2;
/// Code Runner failed.
const PLATFORM: u8 = 3;
/// Characters of a text that a cell of the table shows.
const CELL_CHARS: usize = 500;

/// What to run.
#[derive(Debug, Clone, Args)]
pub struct RunArgs {
    /// The code.
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    code: Option<String>,
    /// A file with the code.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// What the code is: `function`, the body of a function of `input_str`, or `program`.
    #[arg(long, default_value = "function", value_parser = mode)]
    mode: Mode,
    /// An input; may be given several times. Without any input the code runs once, on an empty one.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    input: Vec<String>,
    /// A file that holds an input; may be given several times, and comes after those given as text.
    #[arg(long, value_name = "FILE")]
    input_file: Vec<PathBuf>,
    /// Print the JSON that `GET /result` answers.
    #[arg(long)]
    json: bool,
    /// CPU time of a run, in milliseconds.
    #[arg(long, value_name = "MS")]
    cpu_time_ms: Option<u64>,
    /// Time of a run on the clock, in milliseconds.
    #[arg(long, value_name = "MS")]
    wall_time_ms: Option<u64>,
    /// Memory of a run, in KiB.
    #[arg(long, value_name = "KIB")]
    memory_kib: Option<u64>,
    /// Processes and threads of a run.
    #[arg(long, value_name = "NUMBER")]
    processes: Option<u64>,
    /// Bytes that are kept of what a run writes.
    #[arg(long, value_name = "BYTES")]
    output_bytes: Option<u64>,
    /// Bytes of a run's files.
    #[arg(long, value_name = "BYTES")]
    file_bytes: Option<u64>,
    /// A file that stands beside the code; may be given several times.
    #[arg(long, value_name = "FILE")]
    attach: Vec<PathBuf>,
    /// A word for the compiler's command line; may be given several times.
    #[arg(long, value_name = "WORD", allow_hyphen_values = true)]
    compile_option: Vec<String>,
    /// A word for the program's command line; may be given several times.
    #[arg(long, value_name = "WORD", allow_hyphen_values = true)]
    arg: Vec<String>,
}

fn mode(name: &str) -> Result<Mode, String> {
    let known = Mode::ALL.into_iter().find(|mode| mode.name() == name);
    known.ok_or_else(|| format!("allowed is {}", Mode::ALL.map(Mode::name).join(" or ")))
}

/// The command, from the start of what runs it.
pub fn run(args: RunArgs, config: Config) -> ExitCode {
    let started = dagger::prepare(&config).and_then(|prepared| Ok((prepared, backend::start(&config)?)));
    let (prepared, Backend { languages, executor, ground: _ }) = match started {
        Ok(started) => started,
        Err(error) => return fail(PLATFORM, &error),
    };
    let code = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(async {
            let Some(prepared) = prepared else { return run_with(args, &config, languages, &*executor).await };
            match prepared.beside(&config, executor.clone()) {
                Ok((all, running)) => {
                    running.connect().await;
                    run_with(args, &config, languages, &*all).await
                }
                Err(error) => fail(PLATFORM, &error),
            }
        }),
        Err(error) => fail(PLATFORM, &error.to_string()),
    };
    match executor.shut_down() {
        Ok(()) => code,
        Err(error) => fail(PLATFORM, &error.to_string()),
    }
}

/// Runs it and prints what came of it. The exit code is 0 if every verdict is `ok`, 1 if one is not, 2 if
/// the arguments can not be used and 3 if Code Runner failed.
pub async fn run_with(args: RunArgs, config: &Config, languages: Vec<Language>, executor: &dyn Executor) -> ExitCode {
    let json = args.json;
    let request = match args.into_request(config) {
        Ok(request) => request,
        Err(error) => return fail(USAGE, &error),
    };
    let submission = Rules::new(config, languages)
        .and_then(|rules| rules.submission(request, "command line").map_err(|error| error.detail().to_owned()));
    let submission = match submission {
        Ok(submission) => submission,
        Err(error) => return fail(USAGE, &error),
    };
    if let Some(reason) = executor.language(&submission.language).unavailable() {
        return fail(PLATFORM, &format!("`{}` can not be used: {reason}", submission.language));
    }
    match executor.execute(&submission, &Cancel::default()).await {
        Err(error) => fail(PLATFORM, &error.to_string()),
        Ok(report) => {
            let code = exit_code(&report);
            match shown(report, json) {
                Ok(text) => {
                    super::print(&(text + "\n"));
                    ExitCode::from(code)
                }
                Err(error) => fail(PLATFORM, &error.to_string()),
            }
        }
    }
}

fn fail(code: u8, reason: &str) -> ExitCode {
    eprintln!("code-runner: {reason}");
    ExitCode::from(code)
}

impl RunArgs {
    fn into_request(self, config: &Config) -> Result<RunRequest, String> {
        let Self {
            code,
            file,
            mode,
            input: mut inputs,
            input_file,
            json: _,
            cpu_time_ms,
            wall_time_ms,
            memory_kib,
            processes,
            output_bytes,
            file_bytes,
            attach: files,
            compile_option,
            arg,
        } = self;
        let code = match (code, file) {
            (Some(code), _) => code,
            (None, Some(file)) => read(&file)?,
            (None, None) => return Err("give the code or --file".to_owned()),
        };
        for file in &input_file {
            inputs.push(read(file)?);
        }
        if inputs.is_empty() {
            inputs.push(String::new());
        }
        let limits = LimitsBody { cpu_time_ms, wall_time_ms, memory_kib, processes, output_bytes, file_bytes };
        let language = Some(config.language.clone());
        Ok(RunRequest {
            code,
            inputs,
            tests: None,
            checker: None,
            language,
            mode: Some(ModeName(mode)),
            limits: Some(limits),
            files: files.iter().map(|file| attached(file)).collect::<Result<_, _>>()?,
            compile_options: compile_option,
            args: arg,
            // Nobody comes after it.
            compile_cache: Some(false),
            priority: None,
            student: None,
            callback_url: None,
            no_store: None,
        })
    }
}

/// A file of the host as a request would send it, under its own name.
fn attached(file: &Path) -> Result<FileBody, String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{} can not be read: {error}", file.display()))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(match String::from_utf8(bytes) {
        Ok(content) => FileBody { name, content, encoding: Some(Encoding::Utf8) },
        Err(error) => {
            let content = model::base64_bytes::encode(error.as_bytes());
            FileBody { name, content, encoding: Some(Encoding::Base64) }
        }
    })
}

fn read(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => format!("{} is not UTF-8", file.display()),
        _ => format!("{} can not be read: {error}", file.display()),
    })
}

/// The exit code a report deserves.
pub fn exit_code(report: &Report) -> u8 {
    if report.verdict == Verdict::Ok {
        0
    } else if report.inputs.iter().any(|input| input.fault == Some(Fault::Platform)) {
        PLATFORM
    } else {
        NOT_OK
    }
}

/// The report as text: a table for people, or JSON for machines.
///
/// # Errors
/// Never in practice: every report is JSON.
pub fn shown(report: Report, json: bool) -> serde_json::Result<String> {
    if json {
        return serde_json::to_string_pretty(&Done::from(report));
    }
    let said = report.compile.as_ref().map_or("", |compile| compile.output.trim_end());
    Ok(if said.is_empty() { table(&report).to_string() } else { format!("{}\n{}", printable(said), table(&report)) })
}

fn table(report: &Report) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["input", "verdict", "output", "error", "time ms", "memory KiB"]);
    for run in &report.inputs {
        let InputReport { input, verdict, output, error, wall_time, memory_kib, .. } = run;
        table.add_row([
            printable(input),
            verdict.name().to_owned(),
            printable(output),
            printable(error.as_deref().unwrap_or_default()),
            format!("{:.1}", milliseconds(*wall_time)),
            memory_kib.to_string(),
        ]);
    }
    table
}

/// A text that can not steer the terminal: control characters are shown, not sent. Lines stay lines.
pub(super) fn printable(text: &str) -> String {
    let mut clean = String::new();
    for c in text.chars().take(CELL_CHARS) {
        match c {
            '\n' => clean.push('\n'),
            _ if c.is_control() || is_bidi_control(c) => clean.extend(c.escape_default()),
            _ => clean.push(c),
        }
    }
    if text.chars().nth(CELL_CHARS).is_some() {
        clean.push('…');
    }
    clean
}

/// Characters that reorder what is beside them.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
