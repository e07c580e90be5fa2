//! How a server is started: the program, its languages, its settings, and on which path.
//!
//! Makes the process and no more; what becomes of it is for `server` to see.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use clap::ValueEnum;

use crate::canaries::{Canaries, VARIABLE};

/// The compiler's limit on the clock, in milliseconds. Less than the default, so that compilers that are kept busy do
/// not make the battery longer than it has to be.
pub const COMPILE_WALL_MS: u64 = 30_000;

/// The compiler's tasks: a number that no run has for its limit, so that its boxes can be told from those of runs.
pub const COMPILE_PROCESSES: u64 = 255;

/// How long what a program leaves on the host may take to go. Longer than any box in which the server tries a language
/// lives, as it does every ten minutes: the slowest of them compiles.
pub const PATIENCE: Duration = Duration::from_millis(COMPILE_WALL_MS + 10_000);

/// The same where holes are open: something is then left for ever, and often.
pub const PATIENCE_WITH_HOLES: Duration = Duration::from_secs(2);

/// How the server is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StartPath {
    /// As it is, by root.
    Root,
    /// By an ordinary user, in user namespaces.
    User,
    /// By root, with no program started before its code is there.
    Strict,
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

impl StartPath {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::User => "user",
            Self::Strict => "strict",
        }
    }

    /// The command that starts `program`, for a server whose folder is `folder`.
    fn command(self, program: &Path, folder: &Path) -> Result<Command, String> {
        if !rustix::process::geteuid().is_root() {
            return Err(format!("the path `{}` needs root", self.name()));
        }
        match self {
            Self::Root | Self::Strict => Ok(Command::new(program)),
            Self::User => {
                let copy = hand_over(program, folder).map_err(|error| format!("{}: {error}", folder.display()))?;
                let mut command = Command::new(as_user()?);
                command.arg(copy);
                Ok(command)
            }
        }
    }

    /// Removes what starting on this path has left on the host.
    pub fn clean(self) -> Result<(), String> {
        if self != Self::User {
            return Ok(());
        }
        let status = Command::new(as_user()?).arg("--clean").status().map_err(|error| error.to_string())?;
        if status.success() { Ok(()) } else { Err("the user's cgroups can not be removed".to_owned()) }
    }
}

/// The script that makes an ordinary user with all that one needs.
fn as_user() -> Result<PathBuf, String> {
    fs::canonicalize("scripts/as-user").map_err(|error| format!("scripts/as-user: {error}; start in the repository"))
}

/// The user's uid, as the script has it.
const USER: u32 = 61_234;

/// Gives the folder to the user, with copies of the programs, which may lie where only root can read.
fn hand_over(program: &Path, folder: &Path) -> std::io::Result<PathBuf> {
    let copies = folder.join("programs");
    fs::create_dir(&copies)?;
    for name in ["code-runner", "code-runner-runner", "code-runner-probe", "code-runner-zygote.so"] {
        fs::copy(program.with_file_name(name), copies.join(name))?;
    }
    give_away(folder)?;
    Ok(copies.join("code-runner"))
}

fn give_away(path: &Path) -> std::io::Result<()> {
    std::os::unix::fs::lchown(path, Some(USER), Some(USER))?;
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            give_away(&entry?.path())?;
        }
    }
    Ok(())
}

impl Setup {
    /// How long what a program leaves on the host may take to go.
    pub fn patience(&self) -> Duration {
        if self.holes.is_some() { PATIENCE_WITH_HOLES } else { PATIENCE }
    }

    /// Starts it in this folder, which it gets for its own, with copies of the languages it needs.
    pub fn spawn(&self, canaries: &Canaries, folder: &Path) -> Result<Child, String> {
        copy_languages(self, &folder.join("languages"))?;
        let file = |name: &str| File::create(folder.join(name)).map_err(|error| format!("{name}: {error}"));
        let mut command = self.path.command(&self.program, folder)?;
        command
            .arg("serve")
            .current_dir(folder)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("API_TOKEN", &canaries.key)
            .env(VARIABLE, &canaries.environment)
            .env("CODE_RUNNER_LANGUAGES_DIR", folder.join("languages"))
            .env("CODE_RUNNER_LISTEN", "127.0.0.1:0")
            .env("CODE_RUNNER_WORKERS", self.workers.to_string())
            .env("CODE_RUNNER_MAX_COMPILE_WALL_TIME_MS", COMPILE_WALL_MS.to_string())
            .env("CODE_RUNNER_MAX_COMPILE_PROCESSES", COMPILE_PROCESSES.to_string())
            // Inputs of ten megabytes are among the cases.
            .env("CODE_RUNNER_MAX_BODY_BYTES", (32_u32 << 20).to_string())
            .env("CODE_RUNNER_MAX_INPUT_BYTES", (16_u32 << 20).to_string())
            .stdin(Stdio::null())
            .stdout(file("stdout")?)
            .stderr(file("stderr")?);
        if self.path == StartPath::Strict {
            command.env("CODE_RUNNER_START", "strict");
        }
        if let Some(holes) = &self.holes {
            command.env("CODE_RUNNER_HOLES", holes);
        }
        command.spawn().map_err(|error| format!("{}: {error}", self.program.display()))
    }
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
