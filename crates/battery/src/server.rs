//! `code-runner serve` as a child of ours, with folders of its own, and the way of starting it.
//!
//! Everything the server owns lies below one temporary folder, which goes with it. Nothing here asks whether the
//! server behaves; it only starts it, waits until it is ready, and ends it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use rustix::process::{Pid, Signal, kill_process};

use crate::canaries::{Canaries, VARIABLE};
use crate::client::{Client, LanguageState};
use crate::host::Place;

/// How long a start, with the trial of every language, may take.
const START: Duration = Duration::from_secs(300);

/// How long an ordinary end may take.
const END: Duration = Duration::from_secs(15);

/// The compiler's limit on the clock, in milliseconds. Less than the default, so that compilers that are kept busy do
/// not make the battery longer than it has to be.
pub const COMPILE_WALL_MS: u64 = 30_000;

/// The compiler's tasks: a number that no run has for its limit, so that its boxes can be told from those of runs.
pub const COMPILE_PROCESSES: u64 = 255;

/// How the server is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StartPath {
    /// As it is, by root.
    Root,
    /// By an ordinary user, in user namespaces.
    User,
}

/// What is to be started.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The program `code-runner`, its runner beside it.
    pub program: PathBuf,
    /// Where all languages are.
    pub languages: PathBuf,
    /// Which of them the server is to have.
    pub needed: Vec<String>,
    /// How it is started.
    pub path: StartPath,
    /// Submissions that run at the same time.
    pub workers: usize,
    /// What a test-only build is to leave out, joined by `+`.
    pub holes: Option<String>,
}

/// A server that is ready. Dropping it ends it.
pub struct Server {
    /// A client with the right key.
    pub client: Client,
    /// What of the host is its.
    pub place: Place,
    languages: Vec<LanguageState>,
    process: Child,
    folder: tempfile::TempDir,
}

impl StartPath {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::User => "user",
        }
    }

    fn command(self, program: &Path) -> Result<Command, String> {
        match self {
            Self::Root if !rustix::process::geteuid().is_root() => Err("the path `root` needs root".to_owned()),
            Self::Root => Ok(Command::new(program)),
            Self::User => Err("the path `user` is not implemented yet".to_owned()),
        }
    }
}

impl Server {
    /// Starts one and waits until it is ready and has tried its languages.
    pub fn start(setup: &Setup, canaries: &Canaries) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| format!("a temporary folder: {error}"))?;
        copy_languages(setup, &folder.path().join("languages"))?;
        let mut process = spawn(setup, canaries, folder.path())?;
        // From here on the child must not outlive an error.
        let started = wait_until_it_listens(&mut process, folder.path()).and_then(|address| {
            let client = Client::new(&address, &canaries.key);
            let languages = wait_until_ready(&client, &mut process, folder.path())?;
            Ok((client, languages, Place::of(process.id(), folder.path())?))
        });
        match started {
            Ok((client, languages, place)) => Ok(Self { client, place, languages, process, folder }),
            Err(error) => {
                let _ = process.kill();
                let _ = process.wait();
                Err(error)
            }
        }
    }

    /// Has it, or its launcher, ended or been replaced? In words if so.
    pub fn is_the_same(&mut self) -> Result<(), String> {
        if let Ok(Some(status)) = self.process.try_wait() {
            return Err(format!("the server ended: {status}: {}", last_words(self.folder.path())));
        }
        let now = Place::of(self.process.id(), self.folder.path())?.launcher;
        if now == self.place.launcher { Ok(()) } else { Err(format!("the launcher is another: {now}")) }
    }

    /// Where the text of its messages and its log lie.
    pub fn text_files(&self) -> Vec<PathBuf> {
        let logs = fs::read_dir(self.folder.path().join("logs")).into_iter().flatten();
        let logs = logs.filter_map(Result::ok).map(|entry| entry.path());
        logs.chain(["stdout", "stderr"].map(|name| self.folder.path().join(name))).collect()
    }

    /// Bytes of all files in its data folder.
    pub fn data_bytes(&self) -> u64 {
        let files = fs::read_dir(self.folder.path().join("data")).into_iter().flatten().filter_map(Result::ok);
        files.filter_map(|entry| entry.metadata().ok()).map(|data| data.len()).sum()
    }

    /// Can this language be used?
    pub fn language(&self, id: &str) -> Result<(), String> {
        let found = self.languages.iter().find(|language| language.id == id);
        let state = found.ok_or_else(|| format!("the server has no language {id}"))?;
        let reason = || state.reason.clone().unwrap_or_default();
        if state.available { Ok(()) } else { Err(format!("{id} can not be used: {}", reason())) }
    }

    /// Ends it and its launcher by force.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        // It ends by itself, unless an open hole keeps it from doing so.
        signal(self.place.launcher, Signal::KILL);
    }

    /// Ends it: politely, and by force if that takes too long.
    pub fn stop(mut self) -> Result<(), String> {
        signal(self.process.id(), Signal::TERM);
        let deadline = Instant::now() + END;
        while Instant::now() < deadline {
            match self.process.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(format!("the server ended with {status}")),
                _ => std::thread::sleep(Duration::from_millis(20)),
            }
        }
        Err("the server did not end by itself".to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(None) = self.process.try_wait() {
            let _ = self.process.kill();
            let _ = self.process.wait();
        }
    }
}

/// Sends a signal to a process that may be gone.
pub fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid.cast_signed()) {
        let _ = kill_process(pid, signal);
    }
}

fn spawn(setup: &Setup, canaries: &Canaries, folder: &Path) -> Result<Child, String> {
    let file = |name: &str| File::create(folder.join(name)).map_err(|error| format!("{name}: {error}"));
    let mut command = setup.path.command(&setup.program)?;
    command
        .arg("serve")
        .current_dir(folder)
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("API_TOKEN", &canaries.key)
        .env(VARIABLE, &canaries.environment)
        .env("CODE_RUNNER_LANGUAGES_DIR", folder.join("languages"))
        .env("CODE_RUNNER_LISTEN", "127.0.0.1:0")
        .env("CODE_RUNNER_WORKERS", setup.workers.to_string())
        .env("CODE_RUNNER_MAX_COMPILE_WALL_TIME_MS", COMPILE_WALL_MS.to_string())
        .env("CODE_RUNNER_MAX_COMPILE_PROCESSES", COMPILE_PROCESSES.to_string())
        // Inputs of ten megabytes are among the cases.
        .env("CODE_RUNNER_MAX_BODY_BYTES", (32_u32 << 20).to_string())
        .env("CODE_RUNNER_MAX_INPUT_BYTES", (16_u32 << 20).to_string())
        .stdin(Stdio::null())
        .stdout(file("stdout")?)
        .stderr(file("stderr")?);
    if let Some(holes) = &setup.holes {
        command.env("CODE_RUNNER_HOLES", holes);
    }
    command.spawn().map_err(|error| format!("{}: {error}", setup.program.display()))
}

fn wait_until_it_listens(process: &mut Child, folder: &Path) -> Result<String, String> {
    let deadline = Instant::now() + START;
    while Instant::now() < deadline {
        let said = fs::read_to_string(folder.join("stderr")).unwrap_or_default();
        let address = said.split_once("listening address=").map(|(_, rest)| rest);
        // Only a whole line has the whole port.
        if let Some(line) = address.and_then(|rest| rest.split_once('\n')).map(|(line, _)| line) {
            return Ok(line.split(' ').next().unwrap_or_default().to_owned());
        }
        if let Ok(Some(status)) = process.try_wait() {
            return Err(format!("the server ended at once: {status}: {}", last_words(folder)));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Err(format!("the server does not listen: {}", last_words(folder)))
}

fn wait_until_ready(client: &Client, process: &mut Child, folder: &Path) -> Result<Vec<LanguageState>, String> {
    let deadline = Instant::now() + START;
    while Instant::now() < deadline {
        if let Ok(Some(status)) = process.try_wait() {
            return Err(format!("the server ended: {status}: {}", last_words(folder)));
        }
        if matches!(client.get("/health", "application/json"), Ok((200, _))) {
            let languages = client.languages().map_err(|error| error.to_string())?;
            if languages.iter().all(|language| language.self_test.is_some() || !language.available) {
                return Ok(languages);
            }
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Err("the server does not get ready".to_owned())
}

fn copy_languages(setup: &Setup, to: &Path) -> Result<(), String> {
    for id in &setup.needed {
        let from = setup.languages.join(id);
        copy_folder(&from, &to.join(id)).map_err(|error| format!("{}: {error}", from.display()))?;
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn last_words(folder: &Path) -> String {
    let said = fs::read_to_string(folder.join("stderr")).unwrap_or_default();
    let lines: Vec<&str> = said.lines().collect();
    lines[lines.len().saturating_sub(5)..].join(" / ")
}
