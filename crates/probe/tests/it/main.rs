//! The probe where there is no wall: it says so. That it says nothing in a box is shown where boxes are made
//! (crates/executor/tests/boxes/probes.rs).

use std::process::{Command, Output};

use probe::{BROKEN, COULD_NOT, Expected, Task, parse, words};

fn expected() -> Expected {
    let env = vec!["LANG=C.UTF-8".to_owned(), "A=b=c".to_owned()];
    Expected { memory_kib: 1024, processes: 4, file_bytes: 4096, open_files: 32, landlock: true, env }
}

fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_code-runner-probe")).args(words).output().expect("can be started")
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("ended by itself")
}

#[test]
fn what_is_told_is_what_is_understood() {
    for task in Task::ALL {
        assert_eq!(parse(words(task, &expected())), Ok((task, expected())));
    }
}

#[test]
fn without_a_wall_the_calls_reach_the_kernel_and_are_named() {
    let output = run(&["calls"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(status(&output), i32::from(BROKEN), "{said}");
    assert!(said.contains("clone(user) reaches the kernel") && said.contains("flock reaches the kernel"), "{said}");
}

#[test]
fn without_a_wall_the_surroundings_are_not_those_of_a_box() {
    let output = run(&["view", "env=GIVEN=1"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(status(&output), i32::from(BROKEN), "{said}");
    assert!(said.contains("the own process id is") && said.contains("can be reached"), "{said}");
}

#[test]
fn what_can_not_be_tried_is_no_breach() {
    for words in [vec![], vec!["nonsense"], vec!["calls", "nonsense=1"], vec!["identity"]] {
        let output = run(&words);
        assert_eq!(status(&output), i32::from(COULD_NOT), "{words:?}: {output:?}");
    }
}
