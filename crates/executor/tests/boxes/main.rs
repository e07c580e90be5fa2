//! Real boxes on this host, and what no single program of `attacks/` can show. Needs root, and the runner
//! built beside the test (`make test` sees to both).
//!
//! This binary is also the launcher of its own boxes: `launcher` as the only argument.

mod bench;
mod cache;
mod compile;
mod grading;
mod host;
mod kit;
mod life;
mod probes;
mod side_by_side;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use executor::{
    Cancel, Ceilings, CompileCacheSettings, Executor, LauncherCommand, NativeExecutor, Starts, load_languages,
};
use libtest_mimic::{Arguments, Trial};
use model::{ExecId, Limits, Mode, Report, Submission};

/// Boxes at the same time.
const SLOTS: u16 = 2;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("launcher") {
        return sandbox::launcher_main();
    }
    let mut arguments = Arguments::from_args();
    // The tests look at what is left on the host after each; they take turns.
    arguments.test_threads = Some(1);
    let languages = load_languages(&repository().join("languages")).expect("the languages are installed");
    let executor =
        match NativeExecutor::start(&launcher_command(), languages, ceilings(), CompileCacheSettings::default(), SLOTS)
        {
            Ok(executor) => Arc::new(executor),
            Err(error) => {
                eprintln!("boxes can not be made: {error}");
                return ExitCode::FAILURE;
            }
        };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for id in kit::TESTED {
        let status = runtime.block_on(executor.self_test(id)).expect("a box can be made");
        assert_eq!(status.unavailable(), None, "{id}: `make test` installs what its tests need");
        println!("{id}: {status:?}");
    }
    let bench = Arc::new(bench::Bench::new(runtime, Arc::clone(&executor)));

    let mut trials: Vec<Trial> = life::trials(&bench);
    trials.extend(side_by_side::trials(&bench));
    trials.extend(compile::trials(&bench));
    trials.extend(cache::trials(&bench));
    trials.extend(grading::trials(&bench));
    trials.extend(kit::trials(&bench));
    trials.extend(probes::trials(&bench));
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(bench);
    executor.shut_down().expect("the launcher ends well");
    conclusion.exit_code()
}

/// This program again, as the launcher.
fn launcher_command() -> LauncherCommand {
    let program = std::env::current_exe().expect("has a path");
    let folder = program.parent().and_then(Path::parent).expect("lies in target/…/deps").to_owned();
    let ground = sandbox::Ground::take().expect("has a folder for lock files");
    LauncherCommand {
        program,
        arguments: vec!["launcher".to_owned()],
        runner: folder.join("code-runner-runner"),
        probe: folder.join("code-runner-probe"),
        ground,
        holes: sandbox::Holes::default(),
        starts: Starts::STRICT,
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What applies when nothing is configured.
fn ceilings() -> Ceilings {
    Ceilings { run: Limits::default(), compile: Limits::for_compiling() }
}

/// A submission in Python with the operator's limits.
fn submission(mode: Mode, code: &str, inputs: &[&str]) -> Submission {
    let inputs = inputs.iter().map(|input| (*input).to_owned()).collect();
    Submission::plain(ExecId::new(uuid::Uuid::new_v4()), "test", "python", mode, code, inputs)
}

/// Runs it to its end.
async fn execute(executor: &NativeExecutor, submission: &Submission) -> Result<Report, String> {
    executor.execute(submission, &Cancel::default()).await.map_err(|error| error.to_string())
}
