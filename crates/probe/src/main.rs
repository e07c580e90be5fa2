//! Tries the wall from inside a box; see the library beside it for its part in the whole.
//!
//! Whatever it tries is harmless where it succeeds, so that a wall with a hole is found and not used: calls get
//! arguments that the kernel can only answer with an error, and a file that could be made is removed again.

#![deny(unsafe_code)]

mod breaches;
mod calls;
mod files;
mod identity;
mod limits;
mod sys;
mod view;

use std::io;
use std::process::ExitCode;

use breaches::Breaches;
use probe::{BROKEN, COULD_NOT, Expected, HOLDS, Task};

fn main() -> ExitCode {
    let (task, expected) = match probe::parse(std::env::args().skip(1)) {
        Ok(parsed) => parsed,
        Err(error) => return could_not(&error),
    };
    let mut breaches = Breaches::default();
    match attempt(task, &expected, &mut breaches) {
        Err(error) => could_not(&error.to_string()),
        Ok(()) if breaches.print() => ExitCode::from(BROKEN),
        Ok(()) => ExitCode::from(HOLDS),
    }
}

fn could_not(reason: &str) -> ExitCode {
    println!("could not be tried: {reason}");
    ExitCode::from(COULD_NOT)
}

fn attempt(task: Task, expected: &Expected, breaches: &mut Breaches) -> io::Result<()> {
    match task {
        Task::Walls => {
            // What was found at the start comes first: the calls that follow may leave descriptors open.
            view::check(expected, breaches)?;
            identity::check(breaches)?;
            files::check(expected, breaches)?;
            calls::check(breaches)
        }
        Task::Identity => identity::check(breaches),
        Task::View => view::check(expected, breaches),
        Task::Files => files::check(expected, breaches),
        Task::Calls => calls::check(breaches),
        Task::Spin => limits::spin(),
        Task::Sleep => limits::sleep(),
        Task::Memory => limits::memory(expected, breaches),
        Task::Fork => limits::fork(expected, breaches),
        Task::Fill => limits::fill(expected, breaches),
        Task::Flood => limits::flood(),
    }
}
