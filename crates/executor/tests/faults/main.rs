//! Each single step of making a box fails, one at a time, and the box fails closed or is as strong as ever.
//!
//! The processes that make a box (`trace::Part` lists them) are traced once, undisturbed; then every call of each is made
//! to fail. Then either the caller is told that Code Runner has failed, and nobody's code was started; or the call did
//! not matter, which is shown by the answer and by the state of the program as the kernel and the program itself tell it.
//! Nothing may be left. Boxes that are made before they are used may be given up for others, too (`waits`).
//!
//! Beside that, a launcher is sent what no client of ours would send (`hostile`).
//!
//! The binaries are the ordinary ones. Needs root, and the runner and the library of templates built beside the test. This program is also the
//! launcher of its boxes (`launcher` as its first argument) and the tracer (`tracer`).

mod attempt;
mod calls;
mod hostile;
mod left;
mod odd;
mod path;
mod raw;
mod state;
mod sys;
mod trace;
mod tracer;
mod trials;
mod waits;

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.first().map(String::as_str) {
        Some("launcher") => return sandbox::launcher_main(),
        Some("tracer") => return tracer::main(&words[1..]),
        _ => {}
    }
    // A group beside our own, so that a box that kept it would be seen. There is one thread yet.
    if let Err(error) = rustix::thread::set_thread_groups(&[rustix::process::Gid::from_raw(4)]) {
        eprintln!("boxes need root: setgroups: {error}");
        return ExitCode::FAILURE;
    }
    let mut arguments = Arguments::from_args();
    // Each test is about time, too: a launcher that has to wait for a processor looks at its boxes more often.
    arguments.test_threads = Some(1);
    let bench = match attempt::Bench::new() {
        Ok(bench) => Arc::new(bench),
        Err(error) => {
            eprintln!("boxes can not be made: {error}");
            return ExitCode::FAILURE;
        }
    };
    let tally = Arc::new(trials::Tally::default());
    let recorded = trials::trials(&bench, &tally).and_then(|trials| Ok((trials, waits::trials(&bench, &tally)?)));
    match recorded {
        Ok((mut trials, waiting)) => {
            trials.extend(waiting);
            trials.extend(hostile::trials());
            let conclusion = libtest_mimic::run(&arguments, trials);
            println!("{tally}");
            conclusion.exit_code()
        }
        Err(error) => {
            eprintln!("an undisturbed box can not be traced: {error}");
            ExitCode::FAILURE
        }
    }
}
