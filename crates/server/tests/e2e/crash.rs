//! Accepted means finished, once, whatever dies in between.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::server::{Server, cgroups, send_signal};

/// A run that takes a while, so that a kill finds it running.
fn slow(number: usize) -> Value {
    json!({"code": "import time\ntime.sleep(0.05)\nreturn str(int(input_str) ** 2)", "inputs": [number.to_string()]})
}

fn submit_many(server: &Server, count: usize) -> Vec<String> {
    (0..count).map(|number| server.submit(&slow(number))).collect()
}

/// Every one is finished, right, counted once and logged once.
fn all_finished_once(server: &Server, ids: &[String]) {
    for (number, id) in ids.iter().enumerate() {
        let result = server.result(id);
        assert_eq!(result["verdict"], json!("ok"), "{result}");
        assert_eq!(result["output"][number.to_string()]["output"], json!((number * number).to_string()));
    }
    let (_, metrics) = server.get("/metrics");
    assert_eq!(metrics["total_executions"], json!(ids.len()), "{metrics}");
    assert_eq!(metrics["in_progress"], json!(0), "{metrics}");
}

fn logged(server: &Server) -> Vec<String> {
    server.log().iter().map(|line| line["exec_id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn what_was_accepted_before_kill_9_is_finished_after_the_restart_and_nothing_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut victim = Server::start(folder.path());
    let ids = submit_many(&victim, 50);
    let instance = victim.instance();
    let launcher = victim.launcher();
    victim.signal(Signal::KILL);
    assert!(!victim.wait());

    let server = Server::start(folder.path());
    all_finished_once(&server, &ids);
    server.stop();
    let server = Server::start(folder.path());
    let logged = logged(&server);
    let distinct: BTreeSet<&String> = logged.iter().collect();
    assert_eq!(logged.len(), distinct.len(), "a submission was reported twice");
    assert!(distinct.iter().all(|id| ids.contains(id)));
    server.stop();

    assert!(!is_our_launcher(launcher), "the launcher of the killed server is alive");
    assert_eq!(cgroups(&instance), Vec::<PathBuf>::new());
}

/// Is there a process of this number that is a launcher? Numbers are used again.
fn is_our_launcher(pid: u32) -> bool {
    std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.ends_with(b"\0launcher\0"))
}

#[test]
fn when_the_launcher_dies_the_server_ends_and_the_next_start_finishes_the_queue() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut victim = Server::start(folder.path());
    let ids = submit_many(&victim, 20);
    let instance = victim.instance();
    send_signal(victim.launcher(), Signal::KILL);
    assert!(!victim.wait(), "a server without a launcher ended well");

    let server = Server::start(folder.path());
    all_finished_once(&server, &ids);
    server.stop();
    assert_eq!(cgroups(&instance), Vec::<PathBuf>::new());
}

#[test]
fn sigterm_finishes_what_runs_and_keeps_what_waits() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path());
    let ids = submit_many(&server, 20);
    let instance = server.instance();
    server.stop();
    assert_eq!(cgroups(&instance), Vec::<PathBuf>::new());

    let server = Server::start(folder.path());
    all_finished_once(&server, &ids);
    server.stop();
    let server = Server::start(folder.path());
    assert_eq!(logged(&server).len(), ids.len());
    server.stop();
}
