//! `code-runner serve` as a child of ours, with folders of its own, and the way of starting it.
//!
//! Everything the server owns lies below one temporary folder, which goes with it. Nothing here asks whether the
//! server behaves; it only starts it, waits until it is ready, and ends it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::canaries::Canaries;
use crate::client::{Client, LanguageState};
use crate::host::Place;
use crate::setup::Setup;

/// How long a start, with the trial of every language, may take.
const START: Duration = Duration::from_secs(300);

/// How long an ordinary end may take.
const END: Duration = Duration::from_secs(15);

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

impl Server {
    /// Starts one and waits until it is ready and has tried its languages.
    pub fn start(setup: &Setup, canaries: &Canaries) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| format!("a temporary folder: {error}"))?;
        let mut process = setup.spawn(canaries, folder.path())?;
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
        let cause = || state.cause.clone().unwrap_or_default();
        if state.available { Ok(()) } else { Err(format!("{id} can not be used: {}", cause())) }
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

fn last_words(folder: &Path) -> String {
    let said = fs::read_to_string(folder.join("stderr")).unwrap_or_default();
    let lines: Vec<&str> = said.lines().collect();
    lines[lines.len().saturating_sub(5)..].join(" / ")
}
