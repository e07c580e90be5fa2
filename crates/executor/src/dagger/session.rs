//! One `dagger session`: a child process of ours that stands between us and an engine, from its start to its end.
//!
//! The command has to be there; nothing is ever downloaded. It says on its first line where it listens and with which token,
//! is asked to end when the session is dropped, by the end of its standard input, and killed if it does not. It has nothing of our environment but what
//! it needs to find an engine, and sends nothing to anybody else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};
use tokio::sync::OnceCell;

use super::client::{Client, SMALL};
use super::failure::Failure;
use super::usher::{self, Usher};
use super::{documents, version};

/// The variables that the command gets of ours: where its files are, and what the schemes of engines need.
const INHERITED: [&str; 10] = [
    "PATH",
    "HOME",
    "XDG_RUNTIME_DIR",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "XDG_STATE_HOME",
    "TMPDIR",
    "DOCKER_HOST",
    "KUBECONFIG",
    "SSH_AUTH_SOCK",
];

/// Those that keep it quiet.
const QUIET: [(&str, &str); 3] = [("DAGGER_SILENT", "1"), ("DO_NOT_TRACK", "1"), ("DAGGER_NO_NAG", "1")];

/// Names the engine, for the child alone.
const RUNNER_HOST: &str = "_EXPERIMENTAL_DAGGER_RUNNER_HOST";

/// The longest first line, in bytes.
const MOST_LINE: u64 = 4096;

/// What is kept of what the command says of errors, in bytes.
const MOST_SAID: usize = 2048;

/// How long is waited for what a command that ended has said.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// How long the command may take to end when it is asked to.
const END: Duration = Duration::from_secs(5);

/// How long a question may take that runs nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// Who starts the command.
#[derive(Clone)]
pub enum Opener {
    /// This process, by this path.
    Itself(PathBuf),
    /// A process that was started before this one lost sight of the host.
    Usher(Arc<Usher>),
}

/// An open session.
pub struct Session {
    /// How it is asked.
    pub client: Client,
    /// The engine's version.
    pub version: String,
    /// When it was opened.
    pub opened: Instant,
    /// How many submissions it was given.
    jobs: AtomicU64,
    /// By language: the id of its container, once somebody has asked for it.
    bases: Mutex<BTreeMap<String, Arc<OnceCell<String>>>>,
    _process: Process,
}

/// What ends the command when it is dropped.
enum Process {
    Itself { _child: Child },
    Usher { _opened: usher::Opened },
}

/// The command. When it is dropped it is asked to end, and killed if it does not.
pub(super) struct Child(Option<tokio::process::Child>);

impl Child {
    /// Asks it to end, and waits for that.
    pub(super) async fn end(mut self) {
        if let Some(child) = self.0.take() {
            end(child).await;
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Without a runtime, or when that ends, it is killed at once.
        if let (Some(child), Ok(runtime)) = (self.0.take(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(end(child));
        }
    }
}

/// It waits for the end of its standard input; then it has time to tell the engine.
async fn end(mut child: tokio::process::Child) {
    drop(child.stdin.take());
    // Whoever is still there afterwards is killed, because it is dropped.
    let _ = tokio::time::timeout(END, child.wait()).await;
}

/// The first line: where the session listens, and what it wants to be told.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Handshake {
    port: u16,
    session_token: String,
}

impl Session {
    /// Starts the command for this engine and waits until it has said where it listens, and of which version the engine is.
    ///
    /// # Errors
    /// When that does not come within `patience`, or the engine must not be used.
    pub async fn open(opener: &Opener, engine: &str, patience: Duration) -> Result<Self, Failure> {
        let (handshake, process) = match opener {
            Opener::Itself(cli) => {
                let (handshake, child) = start(cli, engine, patience).await.map_err(Failure::NoSession)?;
                (handshake, Process::Itself { _child: child })
            }
            Opener::Usher(usher) => {
                let (handshake, opened) = usher.open(engine).await.map_err(Failure::NoSession)?;
                (handshake, Process::Usher { _opened: opened })
            }
        };
        let client = Client::new(handshake.port, &handshake.session_token);
        let version = ask(&client, &documents::version()).await?;
        version::check(&version).map_err(Failure::Version)?;
        let (opened, jobs, bases) = (Instant::now(), AtomicU64::new(0), Mutex::new(BTreeMap::new()));
        Ok(Self { client, version, opened, jobs, bases, _process: process })
    }

    /// Counts a submission.
    pub fn begin_job(&self) {
        self.jobs.fetch_add(1, Ordering::Relaxed);
    }

    /// How many it was given.
    pub fn jobs(&self) -> u64 {
        self.jobs.load(Ordering::Relaxed)
    }

    /// The container of this language, which `make` makes once.
    pub async fn base<F: Future<Output = Result<String, Failure>>>(
        &self,
        language: &str,
        make: impl FnOnce() -> F,
    ) -> Result<String, Failure> {
        let cell = {
            let mut bases = self.bases.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(bases.entry(language.to_owned()).or_default())
        };
        cell.get_or_try_init(make).await.cloned()
    }
}

/// Asks what runs nothing.
pub async fn ask(client: &Client, document: &documents::Document) -> Result<String, Failure> {
    let asked = tokio::time::timeout(PATIENCE, client.ask(document, SMALL)).await;
    asked.unwrap_or(Err(Failure::Deadline(PATIENCE.as_secs())))
}

/// Starts the command for this engine and waits for its first line.
pub(super) async fn start(cli: &Path, engine: &str, patience: Duration) -> Result<(Handshake, Child), String> {
    let (mut child, said) = spawn(cli, engine)?;
    match tokio::time::timeout(patience, handshake(&mut child)).await {
        Ok(Ok(handshake)) => Ok((handshake, Child(Some(child)))),
        Ok(Err(cause)) => {
            // It may have ended before all that it said was read.
            let Said { last, reader } = said;
            let _ = tokio::time::timeout(LAST_WORDS, reader).await;
            Err(with_last(cause, &last))
        }
        Err(_) => {
            let cause = format!("`dagger session` said nothing within {} s", patience.as_secs_f64());
            Err(with_last(cause, &said.last))
        }
    }
}

/// What a command says of errors.
struct Said {
    /// The last of it.
    last: Arc<Mutex<Vec<u8>>>,
    /// Who reads it.
    reader: tokio::task::JoinHandle<()>,
}

fn spawn(cli: &Path, engine: &str) -> Result<(tokio::process::Child, Said), String> {
    if !cli.is_file() {
        return Err(format!("there is no {}; it is never downloaded", cli.display()));
    }
    let inherited = INHERITED.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    let spawned = tokio::process::Command::new(cli)
        .arg("session")
        .env_clear()
        .envs(inherited)
        .envs(QUIET)
        .env(RUNNER_HOST, engine)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let mut child = spawned.map_err(|error| format!("{} can not be started: {error}", cli.display()))?;
    let last = Arc::default();
    let stderr = child.stderr.take().ok_or("it has no standard error")?;
    let reader = tokio::spawn(keep_last(stderr, Arc::clone(&last)));
    Ok((child, Said { last, reader }))
}

/// Reads to the end, so that nobody waits who writes there, and keeps the last of it.
async fn keep_last(mut from: impl AsyncRead + Unpin, last: Arc<Mutex<Vec<u8>>>) {
    let mut buffer = [0; 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        last.extend_from_slice(&buffer[..count]);
        let too_many = last.len().saturating_sub(MOST_SAID);
        last.drain(..too_many);
    }
}

async fn handshake(child: &mut tokio::process::Child) -> Result<Handshake, String> {
    let mut stdout = child.stdout.take().ok_or("it has no standard output")?;
    let mut line = Vec::new();
    let read = BufReader::new((&mut stdout).take(MOST_LINE)).read_until(b'\n', &mut line).await;
    read.map_err(|error| error.to_string())?;
    if !line.ends_with(b"\n") {
        // Too long, or it has ended; then what it said is soon there.
        let ended = tokio::time::timeout(Duration::from_secs(1), child.wait()).await;
        return Err(match ended {
            Ok(Ok(status)) => format!("`dagger session` ended ({status})"),
            _ => "the first line of `dagger session` is not one".to_owned(),
        });
    }
    let parsed: Result<Handshake, _> = serde_json::from_slice(&line);
    // Whoever writes on is not to wait.
    tokio::spawn(async move { tokio::io::copy(&mut stdout, &mut tokio::io::sink()).await });
    parsed.map_err(|error| format!("the first line of `dagger session` is no handshake: {error}"))
}

fn with_last(cause: String, last: &Mutex<Vec<u8>>) -> String {
    let last = last.lock().unwrap_or_else(PoisonError::into_inner);
    match String::from_utf8_lossy(&last).lines().rfind(|line| !line.trim().is_empty()) {
        Some(line) => format!("{cause}: {}", model::text::one_line(line)),
        None => cause,
    }
}
