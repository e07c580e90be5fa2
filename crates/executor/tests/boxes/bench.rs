//! The work bench: an executor, a runtime, and the two checks that follow every attack.

use std::sync::Arc;

use executor::NativeExecutor;
use libtest_mimic::{Failed, Trial};
use model::{Mode, Report, Submission};

use crate::host::Host;
use crate::{execute, submission};

/// What every test needs.
pub struct Bench {
    runtime: tokio::runtime::Runtime,
    /// The executor under test.
    pub executor: Arc<NativeExecutor>,
}

impl Bench {
    /// A bench around this executor.
    pub fn new(runtime: tokio::runtime::Runtime, executor: Arc<NativeExecutor>) -> Self {
        Self { runtime, executor }
    }

    /// Runs a future to its end.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Runs a submission beside an ordinary one, which must not notice. Then nothing may be left of
    /// it on the host, and the next ordinary submission must be answered as ever.
    pub fn run_and_look_around(&self, attack: &Submission) -> Result<Report, String> {
        let before = Host::look();
        let neighbour = ordinary();
        let (report, beside) =
            self.block_on(async { tokio::join!(execute(&self.executor, attack), execute(&self.executor, &neighbour)) });
        expect_right(&beside?).map_err(|error| format!("a submission beside it: {error}"))?;
        Host::wait_for(&before)?;
        let after = self.block_on(execute(&self.executor, &ordinary()))?;
        expect_right(&after).map_err(|error| format!("the submission after it: {error}"))?;
        report
    }
}

/// A test that is a function, and says what is wrong.
pub type Test = fn(&Bench) -> Result<(), String>;

/// These tests by their names.
pub fn named<const N: usize>(bench: &Arc<Bench>, tests: [(&str, Test); N]) -> Vec<Trial> {
    let trial = |(name, test): (&str, Test)| {
        let bench = Arc::clone(bench);
        Trial::test(name, move || test(&bench).map_err(Failed::from))
    };
    tests.into_iter().map(trial).collect()
}

/// What must hold, and what to say if it does not.
pub fn check(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

/// The submission of the README.
fn ordinary() -> Submission {
    submission(Mode::Function, "return str(int(input_str) * int(input_str))", &["4", "x"])
}

fn expect_right(report: &Report) -> Result<(), String> {
    let [four, x] = report.inputs.as_slice() else { return Err(format!("not two entries: {report:?}")) };
    if four.output != "16" || !x.error.as_deref().unwrap_or_default().starts_with("ValueError") {
        return Err(format!("{report:?}"));
    }
    Ok(())
}
