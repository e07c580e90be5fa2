//! A server whose Python runs in containers of an engine, and everything else in boxes. The engine is a fake one, which
//! makes containers of its own with the real runner in them; between it and the server is the usher, as always.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use fake_engine::FakeEngine;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::server::{KEY, Server, command};

/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// Submissions that run at the same time in each test.
const PERMITS: u32 = 2;

/// Tests run side by side, and how many processes a user has is counted for the whole host.
static NEXT_UID: AtomicU32 = AtomicU32::new(1_700_200_000);

/// The command that an operator would have installed.
fn cli() -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_code-runner")).with_file_name("fake-dagger")
}

/// A server, and the first user of programs in its containers.
fn start(folder: &Path, engine: &FakeEngine) -> (Server, u32) {
    let first_uid = NEXT_UID.fetch_add(PERMITS, Ordering::Relaxed);
    let mut serve = command(folder);
    serve
        .env("API_TOKEN", KEY)
        .env("CODE_RUNNER_DAGGER_LANGUAGES", "python")
        .env("CODE_RUNNER_DAGGER_ENGINES", engine.host())
        .env("CODE_RUNNER_DAGGER_CLI", cli())
        .env("CODE_RUNNER_DAGGER_FIRST_UID", first_uid.to_string())
        .env("CODE_RUNNER_DAGGER_PERMITS", PERMITS.to_string());
    (Server::start_with(folder, &mut serve, KEY.to_owned()), first_uid)
}

/// How many processes these users have.
fn programs(first_uid: u32) -> usize {
    let processes = std::fs::read_dir("/proc").expect("a folder").filter_map(Result::ok);
    let owners = processes.filter_map(|process| Some(process.metadata().ok()?.uid()));
    owners.filter(|uid| (first_uid..first_uid + PERMITS).contains(uid)).count()
}

/// Until that is so.
fn until(what: &str, patience: Duration, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + patience;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
    }
}

/// What `GET /health` says of the only engine, once it says this of it.
fn engine_until(server: &Server, holds: impl Fn(&Value) -> bool) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let (_, health) = server.get("/health");
        if holds(&health["dagger"]["engines"][0]) {
            return health["dagger"].clone();
        }
        assert!(Instant::now() < deadline, "the engine never gets there: {health}");
    }
}

fn outputs(result: &Value) -> Vec<(Value, Value)> {
    let all = result["results"].as_array().unwrap_or_else(|| panic!("no results: {result}"));
    all.iter().map(|run| (run["verdict"].clone(), run["output"].clone())).collect()
}

/// Runs for longer than any of this takes.
fn sleeping() -> Value {
    let code = "import time\ntime.sleep(15)\nreturn input_str";
    json!({"code": code, "language": "python", "inputs": ["4"], "limits": {"wall_time_ms": 20_000}})
}

#[test]
fn one_language_runs_in_containers_and_the_others_in_boxes() {
    let (folder, engine) = (tempfile::tempdir().expect("can be made"), FakeEngine::new(&[]));
    let (server, _) = start(folder.path(), &engine);
    until("python never works", PATIENCE, || server.language("python")["available"] == json!(true));
    let dagger = engine_until(&server, |engine| engine["version"] == "v0.21.9");
    assert_eq!(dagger["languages"], json!(["python"]));
    assert!(dagger["weaker"].as_array().is_some_and(|weaker| !weaker.is_empty()), "{dagger}");

    // Those of the languages that were tried.
    let before = engine.count("begin ");
    let tests =
        json!([{"input": "4", "expected": "16"}, {"input": "5", "expected": "26"}, {"input": "x", "expected": "-"}]);
    let body = json!({"code": "return str(int(input_str) * int(input_str))", "language": "python", "tests": tests});
    let result = server.run(&body);
    let expected = [("ok", "16"), ("wrong_answer", "25"), ("runtime_error", "")];
    assert_eq!(outputs(&result), expected.map(|(verdict, output)| (json!(verdict), json!(output))), "{result}");
    assert!(result["results"][2]["error"].as_str().is_some_and(|error| error.starts_with("ValueError")), "{result}");
    assert_eq!(engine.count("begin "), before + 1, "three inputs, one container");
    assert_eq!(result["wall"], json!("container"));

    let bash = json!({"code": "cat", "language": "bash", "mode": "program", "inputs": ["in a box"]});
    let result = server.run(&bash);
    assert_eq!((outputs(&result), result.get("wall")), (vec![(json!("ok"), json!("in a box"))], None));
    assert_eq!(engine.count("begin "), before + 1, "that needed none");
    server.stop();
}

#[test]
fn what_runs_in_a_container_is_cancelled_there() {
    let (folder, engine) = (tempfile::tempdir().expect("can be made"), FakeEngine::new(&[]));
    let (server, first_uid) = start(folder.path(), &engine);
    engine_until(&server, |engine| engine["version"] == "v0.21.9");
    until("python never works", PATIENCE, || server.language("python")["available"] == json!(true));
    engine.script(&["run"]);
    let id = server.submit(&sleeping());
    engine.seen("begin run", 1);
    until("its program never runs", PATIENCE, || programs(first_uid) > 0);
    assert_eq!(server.delete(&format!("/result/{id}")), 202);
    engine.seen("container gone", 1);
    // The kernel ends it a moment after its container.
    until("its program lives on", Duration::from_secs(10), || programs(first_uid) == 0);
    assert_eq!(outputs(&server.result(&id))[0].0, json!("cancelled"));
    server.stop();
}

#[test]
fn without_its_engine_a_language_waits_and_the_others_go_on() {
    let (folder, engine) = (tempfile::tempdir().expect("can be made"), FakeEngine::greeting("dies"));
    let (server, _) = start(folder.path(), &engine);
    let says_why = |engine: &Value| engine["error"].as_str().is_some_and(|error| error.contains("no such socket"));
    engine_until(&server, says_why);
    server.until_ready();
    let python = json!({"code": "return input_str", "language": "python", "inputs": ["4"]});
    let deadline = Instant::now() + PATIENCE;
    // Until it was tried, nobody knows that it does not work, and what is sent then waits.
    let (status, refused) = loop {
        match server.post(&python) {
            (202, _) => assert!(Instant::now() < deadline, "it is never refused"),
            other => break other,
        }
    };
    assert_eq!(status, 503, "{refused}");
    let bash = json!({"code": "cat", "language": "bash", "mode": "program", "inputs": ["in a box"]});
    assert_eq!(outputs(&server.run(&bash)), [(json!("ok"), json!("in a box"))]);

    engine.set("handshake", "");
    until("it never comes back", PATIENCE, || server.language("python")["available"] == json!(true));
    assert_eq!(outputs(&server.run(&python)), [(json!("ok"), json!("4"))]);
    server.stop();
}

#[test]
fn a_killed_server_leaves_no_session_and_no_container() {
    let (folder, engine) = (tempfile::tempdir().expect("can be made"), FakeEngine::new(&[]));
    let (mut server, first_uid) = start(folder.path(), &engine);
    engine_until(&server, |engine| engine["version"] == "v0.21.9");
    until("python never works", PATIENCE, || server.language("python")["available"] == json!(true));
    engine.script(&["run"]);
    server.submit(&sleeping());
    engine.seen("begin run", 1);
    until("its program never runs", PATIENCE, || programs(first_uid) > 0);
    server.signal(Signal::KILL);
    assert!(!server.wait());
    // Less than the program has left.
    let patience = Duration::from_secs(10);
    until("a session lives on", patience, || engine.sessions() == 0);
    until("a program lives on", patience, || programs(first_uid) == 0);
}
