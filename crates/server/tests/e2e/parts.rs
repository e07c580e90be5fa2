//! Parts of a server that die, stand still or are told to end while submissions run: a box's first process, the launcher,
//! the server. Everything accepted has its one right result in the end. C-08, C-09, C-10, C-27.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::server::{KEY, Server, cgroups, command, send_signal};

/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server in which the only box is that of the submission that runs.
fn with_one_box(folder: &Path) -> Server {
    let mut serve = command(folder);
    serve.env("API_TOKEN", KEY).env("CODE_RUNNER_AHEAD", "0").env("CODE_RUNNER_WORKERS", "1");
    Server::start_with(folder, &mut serve, KEY.to_owned())
}

/// A run of so many milliseconds, which may take so many.
fn sleeping(milliseconds: u32, most: u32) -> Value {
    let code = format!("import time\ntime.sleep({milliseconds} / 1000)\nreturn input_str");
    json!({"code": code, "inputs": ["4"], "limits": {"wall_time_ms": most}})
}

fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match look() {
            Some(found) => return found,
            None => assert!(Instant::now() < deadline, "{what} never comes"),
        }
    }
}

fn children(pid: u32) -> Vec<u32> {
    let list = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
}

/// The first process of the box in which a program runs, and the program.
fn running_box(server: &Server) -> (u32, u32) {
    // The wall is tried in boxes, too; their programs have other names.
    let is_ours = |pid: &u32| fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| has(&line, b"python"));
    let program = |init: u32| children(init).into_iter().find(is_ours).map(|program| (init, program));
    until("a program", || children(server.launcher()).into_iter().find_map(program))
}

fn has(line: &[u8], word: &[u8]) -> bool {
    line.windows(word.len()).any(|part| part == word)
}

fn is_alive(pid: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    !status.is_empty() && !status.contains("State:\tZ")
}

/// C-08
#[test]
fn a_box_whose_first_process_is_killed_is_our_fault_and_tried_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = with_one_box(folder.path());
    server.health();
    let id = server.submit(&sleeping(500, 5000));
    let (init, program) = running_box(&server);
    send_signal(init, Signal::KILL);
    until("the end of the program", || (!is_alive(program)).then_some(()));
    let result = server.result(&id);
    assert_eq!((&result["verdict"], &result["output"]["4"]), (&json!("ok"), &json!({"output": "4"})), "{result}");
    server.stop();
    assert_eq!(server_log(folder.path()).len(), 1, "it has one result");
}

fn server_log(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder.join("logs")).expect("a folder").map(|file| file.expect("a file").path());
    files
        .flat_map(|file| fs::read_to_string(file).expect("text").lines().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

/// C-10: a launcher that stands still sees the end of a program and that of its time at once.
#[test]
fn a_launcher_that_stood_still_does_not_take_its_own_time_for_the_students() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = with_one_box(folder.path());
    server.health();
    let most = Duration::from_secs(6);
    let begun = Instant::now();
    let id = server.submit(&sleeping(300, 6000));
    let (_, program) = running_box(&server);
    let seen = Instant::now();
    let launcher = server.launcher();
    send_signal(launcher, Signal::STOP);
    until("the end of the program", || (!is_alive(program)).then_some(()));
    assert!(begun.elapsed() < most, "this machine is too slow for this test");
    // Its time is up so long after it was seen at the latest.
    std::thread::sleep(most.saturating_sub(seen.elapsed()));
    send_signal(launcher, Signal::CONT);
    let result = server.result(&id);
    assert_eq!((&result["verdict"], &result["output"]["4"]), (&json!("ok"), &json!({"output": "4"})), "{result}");
    server.stop();
}

/// C-27: nothing can outlive the server, also where the launcher can not clean up any more.
#[test]
fn a_launcher_that_stands_still_dies_with_its_server_and_so_do_its_boxes() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut victim = with_one_box(folder.path());
    victim.health();
    let id = victim.submit(&sleeping(8500, 10_000));
    let (init, program) = running_box(&victim);
    let (launcher, instance) = (victim.launcher(), victim.instance());
    send_signal(launcher, Signal::STOP);
    victim.signal(Signal::KILL);
    assert!(!victim.wait());
    let begun = Instant::now();
    until("the end of all", || [launcher, init, program].iter().all(|&pid| !is_alive(pid)).then_some(()));
    assert!(begun.elapsed() < Duration::from_secs(7), "it ended by itself after {:?}", begun.elapsed());
    assert_ne!(cgroups(&instance), Vec::<PathBuf>::new(), "somebody has cleaned up");

    let server = with_one_box(folder.path());
    assert_eq!(cgroups(&instance), Vec::<PathBuf>::new());
    let result = server.result(&id);
    assert_eq!((&result["verdict"], &result["output"]["4"]), (&json!("ok"), &json!({"output": "4"})), "{result}");
    server.stop();
    assert_eq!(server_log(folder.path()).len(), 1, "it has one result");
}

/// C-09
#[test]
fn whichever_signal_ends_the_server_what_was_accepted_is_finished() {
    for (signals, ends_well) in [
        (&[Signal::INT][..], true),
        // The second is for whoever does not want to wait.
        (&[Signal::TERM, Signal::TERM], false),
        (&[Signal::HUP], false),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut victim = with_one_box(folder.path());
        let ids: Vec<String> = (0..3).map(|_| victim.submit(&sleeping(400, 5000))).collect();
        running_box(&victim);
        let (launcher, instance) = (victim.launcher(), victim.instance());
        let begun = Instant::now();
        for (number, signal) in signals.iter().enumerate() {
            if number > 0 {
                until("the notice", || (victim.get("/health/ready").0 == 503).then_some(()));
            }
            victim.signal(*signal);
        }
        assert_eq!(victim.wait(), ends_well, "{signals:?}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{signals:?}: {:?}", begun.elapsed());
        until("the end of the launcher", || (!is_alive(launcher)).then_some(()));
        assert_eq!(cgroups(&instance), Vec::<PathBuf>::new());

        let server = with_one_box(folder.path());
        for id in &ids {
            assert_eq!(server.result(id)["verdict"], json!("ok"));
        }
        assert_eq!(server.get("/metrics").1["total_executions"], json!(ids.len()));
        server.stop();
    }
}
