//! Watching and cancelling a submission that runs in real boxes.

use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::server::Server;

#[test]
fn what_runs_is_watched_and_stopped_long_before_its_time() {
    let folder = tempfile::tempdir().expect("can be made");
    let server = Server::start(folder.path());
    let code = "import time\nif input_str == 'long': time.sleep(15)\nreturn input_str";
    let id = server.submit(&json!({"code": code, "inputs": ["short", "long"]}));

    let mut events = BufReader::new(server.stream(&format!("/result/{id}/events"))).lines().map_while(Result::ok);
    let mut until = |name: &str| {
        let line = format!("event: {name}");
        assert!(events.any(|said| said == line), "the stream ended without `{name}`");
        let is_data = |said: String| said.strip_prefix("data: ").map(str::to_owned);
        // The lines of an event come in any order, and the id is not asked for here.
        let data = events.find_map(is_data).expect("has data");
        serde_json::from_str::<Value>(&data).expect("is JSON")
    };
    let first = until("input");
    assert_eq!((&first["index"], &first["result"]["output"]), (&json!(0), &json!("short")));

    let asked = Instant::now();
    assert_eq!(server.delete(&format!("/result/{id}")), 202);
    let done = until("done");
    assert!(asked.elapsed() < Duration::from_secs(10), "it was to sleep for longer: {:?}", asked.elapsed());
    let verdicts: Vec<_> = done["results"].as_array().expect("a list").iter().map(|run| &run["verdict"]).collect();
    assert_eq!((json!(verdicts), &done["verdict"]), (json!(["ok", "cancelled"]), &json!("cancelled")));
    assert_eq!(server.get(&format!("/result/{id}")), (200, done));
    assert_eq!(server.delete(&format!("/result/{id}")), 204);
    assert_eq!(server.get(&format!("/result/{id}")).0, 404);
    server.stop();
}

/// The names of all events of a submission, and the indexes and verdicts of its inputs.
fn watched(server: &Server, body: &Value) -> (Vec<String>, Vec<(Value, Value)>) {
    let id = server.submit(body);
    let lines: Vec<_> =
        BufReader::new(server.stream(&format!("/result/{id}/events"))).lines().map_while(Result::ok).collect();
    let names: Vec<_> = lines.iter().filter_map(|line| line.strip_prefix("event: ").map(str::to_owned)).collect();
    let inputs = lines.iter().filter_map(|line| {
        let data: Value = serde_json::from_str(line.strip_prefix("data: ")?).expect("is JSON");
        data.get("index").map(|index| (index.clone(), data["result"]["verdict"].clone()))
    });
    let mut inputs: Vec<_> = inputs.collect();
    inputs.sort_by_key(|(index, _)| index.as_u64());
    (names, inputs)
}

#[test]
fn failures_are_told_once_it_is_known_that_they_stand() {
    let folder = tempfile::tempdir().expect("can be made");
    let server = Server::start(folder.path());
    // The first sleeps, so that it is watched from the beginning.
    let code = "import time\nif input_str == '0': time.sleep(1)\nelse: raise ValueError\nreturn input_str";
    let (names, inputs) = watched(&server, &json!({"code": code, "inputs": ["0", "1", "2"]}));
    assert_eq!(names.iter().filter(|name| *name == "input").count(), 3, "{names:?}");
    let verdicts = ["ok", "runtime_error", "runtime_error"].iter().enumerate();
    assert_eq!(inputs, verdicts.map(|(index, verdict)| (json!(index), json!(verdict))).collect::<Vec<_>>());

    let (names, inputs) = watched(&server, &json!({"code": "return (", "inputs": ["0", "1"]}));
    assert_eq!((names.last().map(String::as_str), inputs), (Some("done"), vec![]), "{names:?}");
    server.stop();
}
