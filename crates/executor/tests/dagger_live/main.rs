//! The executor for Dagger with a real engine: what no fake one can show. `make dagger-live` runs it; without an engine it lists
//! what it would do, and fails.
//!
//! | variable | meaning |
//! |---|---|
//! | `_EXPERIMENTAL_DAGGER_RUNNER_HOST` | the engine |
//! | `CODE_RUNNER_DAGGER_CLI` | the command `dagger`; else `/usr/local/bin/dagger` |
//! | `DAGGER_LIVE_SECOND` | another engine, for what needs two |
//! | `DAGGER_LIVE_HOST` | a command that runs its last argument in a shell that sees the engine's processes and disk, such as `docker exec dagger-engine sh -c` |
//! | `DAGGER_LIVE_RESTART` | a command, run by `sh -c`, that restarts the engine and returns when it is there again |
//! | `DAGGER_LIVE_JOBS` | how many submissions show the slope of memory and disk; else 1000 |
//! | `DAGGER_LIVE_USER` | `user`: the runner is no root in its containers |
//!
//! What needs a variable that is not set is ignored, and said to be.

mod cases;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use executor::dagger::{DaggerExecutor, DaggerSettings, Opener, RunAs, SessionRules};
use executor::{Ceilings, LoadedLanguage, load_languages};
use libtest_mimic::{Arguments, Trial};
use model::Limits;

const ENGINE: &str = "_EXPERIMENTAL_DAGGER_RUNNER_HOST";

/// The languages that are used; their images are pulled.
const LANGUAGES: [&str; 2] = ["c", "python"];

/// The first user id of programs here.
pub const FIRST_UID: u32 = 1_790_000_000;

/// What a case may need beside an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing else.
    Engine,
    /// Another engine.
    Second,
    /// A shell that sees the engine.
    Host,
    /// A way to restart it.
    Restart,
}

impl Needs {
    const fn variable(self) -> &'static str {
        match self {
            Self::Engine => ENGINE,
            Self::Second => "DAGGER_LIVE_SECOND",
            Self::Host => "DAGGER_LIVE_HOST",
            Self::Restart => "DAGGER_LIVE_RESTART",
        }
    }
}

/// A case: its name, what it shows, what it needs, and how.
pub type Case = (&'static str, &'static str, Needs, fn(&Live));

/// An engine, and what is known of it.
pub struct Live {
    /// What everything runs on.
    pub runtime: tokio::runtime::Runtime,
    engine: String,
}

fn main() -> ExitCode {
    let Some(engine) = variable(ENGINE) else {
        println!("There is no engine: {ENGINE} is not set. With one this would be run:\n");
        for (name, shows, needs, _) in cases::CASES {
            let needs = if *needs == Needs::Engine { String::new() } else { format!(" [needs {}]", needs.variable()) };
            println!("  {name}: {shows}{needs}");
        }
        println!("\n  {ENGINE}=unix:///run/dagger/engine.sock make dagger-live");
        return ExitCode::from(2);
    };
    let mut arguments = Arguments::from_args();
    // What is measured is to be nobody else's.
    arguments.test_threads = Some(1);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let live = Arc::new(Live { runtime, engine });
    let trials = cases::CASES.iter().map(|(name, _, needs, case)| {
        let live = Arc::clone(&live);
        let trial = Trial::test(*name, move || {
            case(&live);
            Ok(())
        });
        trial.with_ignored_flag(variable(needs.variable()).is_none())
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A number that is set, or this one.
pub fn number(name: &str, default: usize) -> usize {
    variable(name).map_or(default, |text| text.parse().expect("is a number"))
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn languages() -> Vec<LoadedLanguage> {
    let mut languages = load_languages(&repository().join("languages")).expect("are readable");
    languages.retain(|loaded| LANGUAGES.contains(&loaded.language.id.as_str()));
    languages
}

impl Live {
    /// An executor with a session, for this engine and perhaps the second one.
    pub fn executor(&self, both: bool, permits: u32, session_jobs: u64) -> Arc<DaggerExecutor> {
        let second = variable(Needs::Second.variable()).filter(|_| both);
        let engines: Vec<String> = [Some(self.engine.clone()), second].into_iter().flatten().collect();
        let cli = variable("CODE_RUNNER_DAGGER_CLI").unwrap_or_else(|| "/usr/local/bin/dagger".to_owned());
        let program = std::env::current_exe().expect("has a path");
        let folder = program.parent().and_then(Path::parent).expect("lies in target/…/deps");
        let settings = DaggerSettings {
            engines,
            permits,
            sessions: SessionRules {
                opener: Opener::Itself(cli.into()),
                patience: Duration::from_secs(120),
                jobs: session_jobs,
                age: Duration::from_secs(3600),
            },
            runner: folder.join("code-runner-runner"),
            run_as: if variable("DAGGER_LIVE_USER").as_deref() == Some("user") { RunAs::User } else { RunAs::Root },
            first_uid: FIRST_UID,
            grace: Duration::from_secs(60),
            ceilings: Ceilings { run: Limits::default(), compile: Limits::for_compiling() },
        };
        let executor = Arc::new(DaggerExecutor::new(settings, languages()).expect("the settings are right"));
        self.runtime.block_on(executor.connect());
        executor
    }

    /// What this prints in a shell that sees the engine.
    pub fn on_host(&self, script: &str) -> String {
        let words = variable(Needs::Host.variable()).expect("is set");
        let mut words = words.split_whitespace();
        let output = Command::new(words.next().expect("a command")).args(words).arg(script).output();
        let output = output.expect("can be started");
        assert!(output.status.success(), "{script}: {output:?}");
        String::from_utf8(output.stdout).expect("is text").trim().to_owned()
    }

    /// How many processes of programs live there.
    pub fn programs(&self) -> usize {
        let uids = format!("^Uid:[[:space:]]{}", FIRST_UID / 1000);
        let script = format!("grep -l '{uids}' /proc/[0-9]*/status 2>/dev/null | wc -l");
        self.on_host(&script).parse().expect("is a number")
    }

    /// Restarts the engine.
    pub fn restart(&self) {
        let script = variable(Needs::Restart.variable()).expect("is set");
        let status = Command::new("sh").args(["-c", &script]).status().expect("can be started");
        assert!(status.success(), "{script}: {status}");
    }
}
