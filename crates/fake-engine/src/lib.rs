//! A fake Dagger Engine, for development only: what an engine does to a client, without an engine.
//!
//! [`FakeEngine`] is the folder by which a test says what it does, and sees what was asked of it. [`session`] is the command
//! `dagger session` that belongs to it, as a process; the program `fake-dagger` is nothing else. What it runs, it runs in
//! containers that are as much like an engine's as can be had without one, with the real runner in them, which needs root.
//! It knows nothing of how its client is made.

mod session;

use std::fs;
use std::time::{Duration, Instant};

pub use session::main as session;

/// What an engine's address begins with, as one that the server takes; the rest is the folder.
pub const SCHEME: &str = "unix://";

/// How long anything may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A fake engine: the folder that says what it does.
pub struct FakeEngine(tempfile::TempDir);

/// A session still writes into the folder until it has ended.
impl Drop for FakeEngine {
    fn drop(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while self.sessions() > 0 && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl FakeEngine {
    /// One that does what it is asked for, once these are done with: see `session`.
    pub fn new(script: &[&str]) -> Self {
        let engine = Self(tempfile::tempdir().expect("a folder"));
        engine.script(script);
        engine
    }

    /// The same, with another handshake.
    pub fn greeting(handshake: &str) -> Self {
        let engine = Self::new(&[]);
        engine.set("handshake", handshake);
        engine
    }

    /// What it does with the next submissions: see `session`.
    pub fn script(&self, script: &[&str]) {
        self.set("script", &script.join("\n"));
    }

    /// Writes a file that it looks into.
    pub fn set(&self, name: &str, content: &str) {
        fs::write(self.0.path().join(name), content).expect("can be written");
    }

    /// Its address.
    pub fn host(&self) -> String {
        format!("{SCHEME}{}", self.0.path().display())
    }

    /// What it has seen, a line each.
    pub fn log(&self) -> String {
        fs::read_to_string(self.0.path().join("log")).unwrap_or_default()
    }

    /// How many of its sessions are processes that live.
    pub fn sessions(&self) -> usize {
        let lives = |pid: &&str| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
        };
        self.log().lines().filter_map(|line| line.strip_prefix("pid ")).filter(lives).count()
    }

    /// How often this line is in its log.
    pub fn count(&self, line: &str) -> usize {
        self.log().lines().filter(|other| *other == line).count()
    }

    /// Until this line is in its log so often.
    pub fn seen(&self, line: &str, times: usize) {
        let deadline = Instant::now() + PATIENCE;
        while self.count(line) < times {
            assert!(Instant::now() < deadline, "`{line}` is not {times} times in:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}
