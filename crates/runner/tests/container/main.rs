//! The runner alone in a container: as root, who gives programs another user, and as an ordinary user, who is whoever
//! the programs are. Needs root, to make the container (`make test` sees to that), and no engine.

mod bench;
mod forge;
mod life;
mod limits;
mod wall;

use std::process::ExitCode;

use bench::User;
use libtest_mimic::{Arguments, Trial};

/// A test, once for each user.
type Check = fn(User);

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // The tests measure CPU time and memory, and look for what is left; they take turns.
    arguments.test_threads = Some(1);
    let checks = limits::CHECKS.iter().chain(wall::CHECKS).chain(forge::CHECKS).chain(life::CHECKS);
    let of_both = checks.flat_map(|(name, check)| {
        [User::Root, User::Plain].map(|user| {
            let check = *check;
            Trial::test(format!("{user:?}::{name}"), move || {
                check(user);
                Ok(())
            })
        })
    });
    libtest_mimic::run(&arguments, of_both.collect()).exit_code()
}
