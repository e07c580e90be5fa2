//! `code-runner keys` as a process of its own, alone and beside a server.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::support::{OTHER_KEY, TestApp, soon};

/// Runs `code-runner keys` with these words on the store in this folder.
fn keys(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_code-runner"));
    command.arg("keys").args(words).arg("--data-dir").arg(folder).env_clear();
    command.output().expect("can be started")
}

/// What it printed, if it went well.
fn printed(folder: &Path, words: &[&str]) -> String {
    let output = keys(folder, words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// The same, while this process goes on serving.
async fn beside(folder: &Path, words: &'static [&str]) -> String {
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || printed(&folder, words)).await.expect("it went well")
}

/// What it complained of.
fn refused(folder: &Path, words: &[&str]) -> String {
    let output = keys(folder, words);
    assert!(!output.status.success(), "{words:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

impl TestApp {
    async fn answers(&self, key: &str, status: u16) {
        let get = || self.http.get("/usage").add_header("x-api-key", key);
        soon(async { while get().await.status_code() != status {} }).await;
    }
}

#[tokio::test]
async fn a_running_server_notices_what_the_command_line_does() {
    let app = TestApp::echoing().await;
    let folder = app.folder.path();
    // The server has looked at its keys before.
    app.answers(OTHER_KEY, 200).await;
    let first =
        beside(folder, &["make", "school-a", "--requests-per-minute", "1000000", "--scope", "run", "--keep-days", "7"])
            .await;
    app.answers(&first, 200).await;
    let usage: Value = app.http.get("/usage").add_header("x-api-key", &first).await.json();
    assert_eq!((&usage["name"], &usage["limits"]["requests_per_minute"]), (&"school-a".into(), &1_000_000.into()));
    assert_eq!(usage["limits"]["result_days"], 7);

    let second = beside(folder, &["rotate", "school-a", "--overlap-seconds", "600"]).await;
    app.answers(&second, 200).await;
    app.answers(&first, 200).await;
    let third = beside(folder, &["rotate", "school-a"]).await;
    app.answers(&third, 200).await;
    for old in [&first, &second] {
        app.answers(old, 401).await;
    }
    let words = &[
        "change",
        "school-a",
        "--requests-per-minute",
        "none",
        "--running",
        "7",
        "--keep-days",
        "9",
        "--scope",
        "read",
    ];
    assert_eq!(beside(folder, words).await, "school-a is changed");
    let limits = json!({"requests_per_minute": null, "cpu_seconds_per_day": null, "running": 7, "result_days": 9});
    soon(async {
        let usage = || async { app.http.get("/usage").add_header("x-api-key", &third).await.json::<Value>() };
        while usage().await["limits"] != limits {}
    })
    .await;
    let refused = app.http.post("/run").add_header("x-api-key", &third).json(&json!({"code": "", "inputs": []})).await;
    assert_eq!(refused.status_code(), 403);
    assert_eq!(beside(folder, &["revoke", "school-a"]).await, "school-a is revoked");
    app.answers(&third, 401).await;
    app.answers(OTHER_KEY, 200).await;
    app.submit("return input_str", &["it goes on"]).await;
}

#[test]
fn without_a_server_keys_are_made_listed_and_ended() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let secret = printed(&data, &["make", "school-a", "--expires-at", "2999-01-01T02:00:00+02:00"]);
    let (public, rest) = secret.rsplit_once('_').unwrap();
    assert_eq!((&secret[..3], rest.len()), ("cr_", 64));

    let table = printed(&data, &["list"]);
    for word in ["default", "school-a", public, "run, read", "2999-01-01T00:00:00Z"] {
        assert!(table.contains(word), "{word} is not in {table}");
    }
    assert!(!table.contains(rest));
    let list: Value = serde_json::from_str(&printed(&data, &["list", "--json"])).unwrap();
    assert_eq!(list["keys"][1]["secrets"][0]["public_part"], public);

    printed(&data, &["revoke", "school-a"]);
    let list: Value = serde_json::from_str(&printed(&data, &["list", "--json"])).unwrap();
    assert_eq!((&list["keys"][1]["state"], &list["keys"][1]["secrets"]), (&"revoked".into(), &Value::Array(vec![])));
}

#[test]
fn what_can_not_be_done_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    printed(folder, &["make", "school-a"]);
    for (words, said) in [
        (&["make", "School A"][..], "`name` must be 1 to 64 of a-z"),
        (&["make", "school-a"], "a name is given once"),
        (&["make", "default"], "a name is given once"),
        (&["make", "b", "--scope", "root"], "`scopes[0]` must be one of `run`, `read`, `admin`"),
        (&["make", "b", "--requests-per-minute", "0"], "must be a whole number from 1 to 1000000"),
        (&["make", "b", "--expires-at", "1999-01-01T00:00:00Z"], "must be in the future"),
        (&["change", "school-a"], "the following required arguments were not provided"),
        (&["change", "nobody", "--running", "1"], "there is no such key"),
        (&["change", "default", "--running", "1"], "change API_TOKEN"),
        (&["change", "school-a", "--running", "0"], "must be a whole number from 1 to 1000000"),
        (&["change", "school-a", "--running", "many"], "invalid value 'many'"),
        (&["change", "school-a", "--scope", "root"], "`scopes[0]` must be one of `run`, `read`, `admin`"),
        (&["change", "school-a", "--expires-at", "1999-01-01T00:00:00Z"], "must be in the future"),
        (&["change", "school-a", "--name", "b"], "unexpected argument '--name'"),
        (&["rotate", "nobody"], "there is no such key"),
        (&["rotate", "default"], "change API_TOKEN"),
        (&["revoke", "default"], "change API_TOKEN"),
        (&["revoke", "nobody"], "there is no such key"),
    ] {
        let complaint = refused(folder, words);
        assert!(complaint.contains(said), "{words:?}: {complaint}");
    }
}
