//! The executor for Dagger, without an engine: every failure by a fake one (`tier1`), what all executors promise (`contract`),
//! every language's kit, and programs of `attacks/` in the runner's containers (`attacks`). Needs root, to make containers and boxes, and the runner and
//! the probe built beside the test (`make test` sees to both).
//!
//! This binary is also the command `dagger` that its own executors start, with the argument `session`, and the launcher of the
//! native executor's boxes, with `launcher`, and who opens sessions for others, with `usher`.

mod attacks;
mod bench;
mod contract;
mod documented;
mod kit;
mod native;
mod tier1;

use std::process::ExitCode;
use std::sync::Arc;

use bench::Changes;
use contract::Subject;
use executor::dagger::RunAs;
use fake_engine::FakeEngine;
use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("launcher") => return sandbox::launcher_main(),
        Some("session") => return fake_engine::session(),
        Some("usher") => return executor::dagger::usher::main(std::env::args_os().skip(2)),
        _ => {}
    }
    let mut arguments = Arguments::from_args();
    // They measure CPU time and memory; they take turns.
    arguments.test_threads = Some(1);
    // Before there is a second thread.
    let native = native::start();
    let runtime = Arc::new(tokio::runtime::Runtime::new().expect("a runtime"));
    let engine = FakeEngine::new(&[]);
    let dagger = |run_as| {
        let executor = bench::executor(&[&engine], Changes { run_as, ..Changes::default() });
        runtime.block_on(executor.connect());
        Arc::new(executor)
    };
    let (root, user) = (dagger(RunAs::Root), dagger(RunAs::User));
    let subjects = [
        Subject { name: "native", executor: native.clone() },
        Subject { name: "dagger", executor: root.clone() },
        Subject { name: "dagger as an ordinary user", executor: user.clone() },
        contract::fake(),
    ];
    let mut trials = Vec::new();
    for (name, test) in tier1::TESTS {
        let runtime = Arc::clone(&runtime);
        trials.push(trial(format!("tier1::{name}"), move || test(&runtime)));
    }
    for (name, is_fakes_too, case) in contract::CASES {
        for subject in subjects.iter().filter(|subject| *is_fakes_too || subject.name != "fake") {
            let (runtime, subject) = (Arc::clone(&runtime), subject.clone());
            trials.push(trial(format!("contract::{}::{name}", subject.name), move || case(&runtime, &subject)));
        }
    }
    trials.extend(attacks::trials(&runtime, &subjects[1..3]));
    trials.extend(kit::trials(&runtime, &engine));
    trials.extend(documented::trials());
    let conclusion = libtest_mimic::run(&arguments, trials);
    root.shut_down();
    user.shut_down();
    drop(subjects);
    native.shut_down().expect("the launcher ends well");
    conclusion.exit_code()
}

fn trial(name: String, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}
