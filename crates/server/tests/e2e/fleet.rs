//! Several nodes that share a PostgreSQL: what one accepted is run by another, and told by a third.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;
use testdb::Way;

use crate::nodes::{Fleet, now, runs, until_nodes};
use crate::server::{KEY, Server, command, languages, output};

/// Far less than what a test would take that waits for a lease, a heartbeat or the end of a program instead of a notice.
const AT_ONCE: Duration = Duration::from_secs(6);

#[test]
fn what_one_node_accepts_another_runs_and_a_third_tells_of() {
    let fleet = Fleet::new();
    let (a, b) = (fleet.api("a"), fleet.api("b"));
    let workers = ["w1", "w2", "w3"].map(|name| fleet.worker(name));
    until_nodes(&b, &["a", "b", "w1", "w2", "w3"]);

    // A long poll at one node ends when another finishes what a third accepted.
    let id = a.submit(&json!({"code": "import time\ntime.sleep(1)\nreturn input_str", "inputs": ["x"]}));
    let asked = Instant::now();
    let (status, done) = b.get(&format!("/result/{id}?wait=30"));
    assert_eq!((status, &done["verdict"]), (200, &json!("ok")), "{done}");
    assert!(asked.elapsed() < AT_ONCE, "{:?}", asked.elapsed());

    // Events, and a wish to cancel.
    let code = "import time\nif input_str == 'long': time.sleep(15)\nreturn input_str";
    let id = a.submit(&json!({"code": code, "inputs": ["short", "long"]}));
    let mut events = Events::of(&b, &id);
    let asked = Instant::now();
    let first = events.until("input");
    assert_eq!((&first["index"], &first["result"]["output"]), (&json!(0), &json!("short")));
    assert!(asked.elapsed() < AT_ONCE, "{:?}", asked.elapsed());
    let asked = Instant::now();
    assert_eq!(b.delete(&format!("/result/{id}")), 202);
    let done = events.until("done");
    assert!(asked.elapsed() < AT_ONCE, "{:?}", asked.elapsed());
    assert_eq!(done["verdict"], "cancelled");
    assert_eq!(a.get(&format!("/result/{id}")), (200, done));

    // Copies of a request at two nodes at the same time are one submission.
    let body = json!({"code": "return input_str", "inputs": ["once"]});
    let ids = std::thread::scope(|scope| {
        let copies = [&a, &b, &a, &b].map(|node| scope.spawn(|| node.submit_once("one", &body)));
        copies.map(|copy| copy.join().expect("no panic"))
    });
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(a.result(&ids[0])["verdict"], "ok");
    assert_eq!(b.get("/metrics").1["total_executions"], 3, "nothing ran twice");
    assert_eq!(a.get("/metrics").1, b.get("/metrics").1);

    for node in workers.into_iter().chain([b, a]) {
        node.stop();
    }
}

#[test]
fn keys_and_what_they_may_do_are_the_same_at_every_node() {
    let fleet = Fleet::new();
    let (a, b) = (fleet.api("a"), fleet.api("b"));
    let (status, key) =
        a.post_to("/keys", &json!({"name": "school", "limits": {"requests_per_minute": 3}, "scopes": ["read"]}));
    assert_eq!(status, 201, "{key}");
    let key = key["secret"].as_str().expect("a key");
    let made = Instant::now();
    while b.status("/languages", key) == 401 {
        assert!(made.elapsed() < Duration::from_secs(1), "a key is known within a second");
    }
    // One request was that one.
    let statuses: Vec<u16> = (0..4).map(|count| [&a, &b][count % 2].status("/languages", key)).collect();
    assert_eq!(statuses, [200, 200, 429, 429]);

    // The command line talks to the same store.
    let listed = output(&mut fleet.command("a", &["keys", "list"]));
    assert!(listed.status.success() && String::from_utf8_lossy(&listed.stdout).contains("school"), "{listed:?}");
    a.stop();
    b.stop();
}

#[test]
fn what_a_worker_ran_that_was_killed_is_run_by_another() {
    let fleet = Fleet::new();
    let (api, first) = (fleet.api("a"), fleet.hasty_worker("w1"));
    let id = api.submit(&json!({"code": "import time\ntime.sleep(2)\nreturn input_str", "inputs": ["x"]}));
    runs(&api, &id);
    let second = fleet.hasty_worker("w2");
    first.signal(Signal::KILL);
    let done = api.result(&id);
    assert_eq!((&done["verdict"], &done["output"]["x"]["output"]), (&json!("ok"), &json!("x")));
    assert_eq!(api.get("/metrics").1["total_executions"], 1);
    until_nodes(&api, &["a", "w2"]);
    second.stop();
    api.stop();
}

#[test]
fn a_worker_that_stood_still_for_longer_than_its_lease_changes_no_result() {
    let fleet = Fleet::new();
    let (api, mut first) = (fleet.api("a"), fleet.hasty_worker("w1"));
    let id = api.submit(&json!({"code": "import time\ntime.sleep(2)\nreturn input_str", "inputs": ["x"]}));
    runs(&api, &id);
    first.signal(Signal::STOP);
    let second = fleet.hasty_worker("w2");
    let done = api.result(&id);
    assert_eq!(done["verdict"], "ok");
    first.signal(Signal::CONT);
    // Its end is behind all that it may still want to say.
    first.signal(Signal::TERM);
    assert!(first.wait(), "it ends well");
    assert_eq!(api.get(&format!("/result/{id}")), (200, done));
    assert_eq!(api.get("/metrics").1["total_executions"], 1);
    second.stop();
    api.stop();
}

#[test]
fn a_worker_that_is_told_to_stop_finishes_what_it_runs_and_leaves() {
    let fleet = Fleet::new();
    let (api, mut worker) = (fleet.api("a"), fleet.worker("w1"));
    until_nodes(&api, &["a", "w1"]);
    let id = api.submit(&json!({"code": "import time\ntime.sleep(2)\nreturn input_str", "inputs": ["x"]}));
    runs(&api, &id);
    let waits = api.submit(&json!({"code": "return input_str", "inputs": ["y"]}));
    worker.signal(Signal::TERM);
    assert!(worker.wait(), "it ends well");
    assert_eq!(api.get(&format!("/result/{id}")).1["verdict"], "ok", "what ran is done");
    until_nodes(&api, &["a"]);
    assert_eq!(api.get(&format!("/result/{waits}")).0, 202, "it took nothing new");
    let next = fleet.worker("w2");
    assert_eq!(api.result(&waits)["verdict"], "ok");
    next.stop();
    api.stop();
}

#[test]
fn without_its_database_a_node_says_so_and_works_again_when_that_is_back() {
    let (way, database) = Way::to_database(&now(testdb::database()));
    let fleet = Fleet::of(database);
    let (api, worker) = (fleet.api("a"), fleet.worker("w1"));
    until_nodes(&api, &["a", "w1"]);

    way.cut();
    let asked = Instant::now();
    let body = json!({"code": "return input_str", "inputs": ["x"]});
    let (status, retry_after, problem) = api.refused(&body);
    assert_eq!((status, &problem["code"]), (503, &json!("store_unavailable")), "{problem}");
    assert!(retry_after >= 1);
    for node in [&api, &worker] {
        assert_eq!(node.get("/health/ready").0, 503);
        assert_eq!(node.get("/health/live").0, 200);
    }
    assert!(asked.elapsed() < Duration::from_secs(60), "answers come within bounds: {:?}", asked.elapsed());

    way.mend();
    api.until_ready();
    worker.until_ready();
    let id = api.submit(&body);
    assert_eq!(api.result(&id)["verdict"], "ok");
    let said = [api.stop_and_hear(), worker.stop_and_hear()].concat().join("\n");
    assert!(!said.contains("postgres://"), "the address of the database is not for logs: {said}");
}

#[test]
fn what_nobody_can_run_waits_and_says_for_what() {
    let fleet = Fleet::new();
    let (api, worker) = (fleet.api("a"), fleet.worker("w1"));
    until_nodes(&api, &["a", "w1"]);
    let (_, all) = api.get("/languages");
    let available = |id: &str| {
        let found = all["languages"].as_array().expect("a list").iter().find(|language| language["id"] == id);
        found.expect("is listed")["available"].clone()
    };
    assert_eq!((available("python"), available("bash")), (json!(true), json!(false)));

    let id = api.submit(&json!({"code": "cat", "language": "bash", "mode": "program", "inputs": ["x"]}));
    let python = api.submit(&json!({"code": "return input_str", "inputs": ["x"]}));
    assert_eq!(api.result(&python)["verdict"], "ok", "others do not wait behind it");
    let (status, pending) = api.get(&format!("/result/{id}"));
    assert_eq!((status, &pending["waiting_for"]), (202, &json!("a worker with the language bash")));

    let mut command = fleet.command("w2", &["worker"]);
    command.env("CODE_RUNNER_NODE_LANGUAGES", "bash");
    let second = fleet.start("w2", command);
    assert_eq!(api.result(&id)["output"]["x"]["output"], "x");
    for node in [second, worker, api] {
        node.stop();
    }
}

#[test]
fn what_a_server_kept_in_its_file_is_known_to_nodes_that_share_a_database() {
    let fleet = Fleet::new();
    let folder = fleet.folder("before");
    let before = Server::start(&folder);
    let id = before.submit(&json!({"code": "return input_str", "inputs": ["x"]}));
    let result = before.result(&id);
    let migrate = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_code-runner"));
        command.arg("migrate").current_dir(&folder).env_clear().env("CODE_RUNNER_STORE", &fleet.database);
        let ended = output(&mut command);
        let said = [ended.stdout, ended.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        (ended.status.success(), said)
    };
    let (copied, said) = migrate();
    assert!(!copied, "a server has the file: {said}");
    before.stop();
    let (copied, said) = migrate();
    assert!(copied && said.contains("copied 1 submissions"), "{said}");
    let api = fleet.api("a");
    assert_eq!(api.get(&format!("/result/{id}")), (200, result));
    api.stop();
    let (copied, said) = migrate();
    assert!(!copied, "the database holds something: {said}");
}

#[test]
fn a_node_that_needs_others_does_not_start_with_a_file() {
    let folder = TempDir::new().expect("can be made");
    for does in [&["serve", "--no-worker"][..], &["worker"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_code-runner"));
        command.args(does).current_dir(folder.path()).env_clear().env("CODE_RUNNER_LANGUAGES_DIR", languages());
        let ended = output(&mut command);
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success() && said.contains("CODE_RUNNER_STORE"), "{does:?}: {said}");
    }
}

#[test]
fn the_password_of_a_database_is_told_to_nobody() {
    let folder = TempDir::new().expect("can be made");
    let ends = |name: &str, value: &str| {
        let ended = output(command(folder.path()).env("API_TOKEN", KEY).env(name, value));
        let said = [ended.stdout, ended.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        assert!(!ended.status.success() && !said.contains("hush"), "{said}");
        said
    };
    // It knows nobody of this name.
    let server = testdb::Server::shared().address();
    ends("CODE_RUNNER_STORE", &server.replace("postgres@", "ada:hush@"));
    ends("CODE_RUNNER_STORE", "mysql://ada:hush@127.0.0.1/runs");
    let file = folder.path().join("store");
    std::fs::write(&file, "mysql://ada:hush@127.0.0.1/runs").expect("can be written");
    let said = ends("CODE_RUNNER_STORE_FILE", path(&file));
    assert!(said.contains("CODE_RUNNER_STORE_FILE"), "{said}");
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// The events of a submission, as they come.
struct Events(Box<dyn Iterator<Item = String>>);

impl Events {
    fn of(server: &Server, id: &str) -> Self {
        let lines = BufReader::new(server.stream(&format!("/result/{id}/events"))).lines();
        Self(Box::new(lines.map_while(Result::ok)))
    }

    /// What the next event of this name says.
    fn until(&mut self, name: &str) -> Value {
        let line = format!("event: {name}");
        assert!(self.0.any(|said| said == line), "the stream ended without `{name}`");
        let data = self.0.find_map(|said| said.strip_prefix("data: ").map(str::to_owned)).expect("has data");
        serde_json::from_str(&data).expect("is JSON")
    }
}
