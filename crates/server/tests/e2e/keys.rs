//! `code-runner keys` beside a server that has given its privileges up, and what both keep to themselves.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::server::{KEY, Server, command};

/// Runs the command as root, as an operator does, and returns what it printed.
fn keys(folder: &Path, words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_code-runner"));
    let output = command.arg("keys").args(words).current_dir(folder).env_clear().output().expect("can be started");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim_end().to_owned()
}

#[test]
fn keys_change_beside_a_server_and_no_secret_is_in_its_messages_or_files() {
    let folder = tempfile::tempdir().expect("a folder");
    // Before the first start: the database is root's, and the server has to get it.
    let first = keys(folder.path(), &["make", "school-a"]);
    let mut serve = command(folder.path());
    serve.env("API_TOKEN", KEY).env("CODE_RUNNER_LOG", "trace");
    let server = Server::start_with(folder.path(), &mut serve, KEY.to_owned());
    server.until(&first, 200);
    let result = server.run(&json!({"code": "return str(sum(range(5_000_000)))", "inputs": ["a", "b", "c", "d"]}));
    assert_eq!(result["verdict"], "ok", "{result}");
    let (_, usage) = server.get("/usage");
    let counted = usage["total"]["cpu_seconds"].as_f64().expect("a number") * 1000.0;
    let results = result["results"].as_array().expect("a list");
    let reported: f64 = results.iter().map(|run| run["cpu_time_ms"].as_f64().expect("a number")).sum();
    assert!(reported > 1.0 && (counted - reported).abs() < 0.01, "{usage} {result}");

    let second = keys(folder.path(), &["rotate", "school-a"]);
    server.until(&second, 200);
    server.until(&first, 401);
    let third = keys(folder.path(), &["make", "school-b", "--requests-per-minute", "1"]);
    server.until(&third, 429);
    keys(folder.path(), &["revoke", "school-a"]);
    server.until(&second, 401);
    let secret = |(_, answer): (u16, serde_json::Value)| answer["secret"].as_str().expect("a secret").to_owned();
    let fourth = secret(server.post_to("/keys", &json!({"name": "school-c"})));
    let fifth = secret(server.post_to("/keys/school-c/rotate", &json!({"overlap_seconds": 60})));
    assert_eq!([&fourth, &fifth].map(|key| server.status("/usage", key)), [200, 200]);
    assert_eq!(server.status("/usage", &format!("{fifth}0")), 401);
    let result = server.run(&json!({"code": "return input_str", "inputs": ["b"]}));
    assert_eq!(result["verdict"], "ok", "the server writes on: {result}");

    let messages = server.stop_and_hear().join("\n");
    for word in ["DEBUG", "a key was made", "a key was rotated", "stopping"] {
        assert!(messages.contains(word), "every message is looked at, but `{word}` is not there");
    }
    let mut places = vec![("a message".to_owned(), messages.into_bytes())];
    for entry in ["data", "logs"].iter().flat_map(|name| std::fs::read_dir(folder.path().join(name)).expect("a folder"))
    {
        let path = entry.expect("a file").path();
        places.push((path.display().to_string(), std::fs::read(&path).expect("can be read")));
    }
    assert!(places.len() >= 3, "the database and the log are among them");
    for key in [&first, &second, &third, &fourth, &fifth, KEY] {
        let secret = key.rsplit('_').next().expect("a part").as_bytes();
        for (place, bytes) in &places {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret), "{place} has a secret");
        }
    }
}
