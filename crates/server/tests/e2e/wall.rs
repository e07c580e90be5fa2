//! The server tries its own wall, and does not serve where it can not.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::server::{KEY, Server, command, languages, output};

/// What `doctor` has a row for.
const PROBES: [&str; 10] = [
    "identity",
    "view",
    "files",
    "calls",
    "cpu_time",
    "wall_time",
    "memory",
    "processes",
    "file_bytes",
    "output_bytes",
];

#[test]
fn a_server_is_healthy_when_every_probe_has_passed_beside_submissions() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path());
    let id = server.submit(&json!({"code": "return input_str", "inputs": ["a"]}));
    let health = server.health();
    assert_eq!(health["status"], "ok");
    assert!(health["wall_test"]["duration_ms"].as_f64().is_some_and(|time| time > 0.0), "{health}");
    assert_eq!(server.result(&id)["verdict"], "ok");
    server.stop();
}

#[test]
fn doctor_has_a_row_for_every_probe() {
    let folder = tempfile::tempdir().expect("a folder");
    let doctor = output(
        Command::new(env!("CARGO_BIN_EXE_code-runner"))
            .arg("doctor")
            .current_dir(folder.path())
            .env_clear()
            .env("CODE_RUNNER_LANGUAGES_DIR", languages()),
    );
    let said = String::from_utf8_lossy(&doctor.stdout);
    for probe in PROBES {
        let row = said.lines().find(|line| line.starts_with(&format!("│ {probe} ")));
        assert!(row.is_some_and(|row| row.contains("holds")), "{probe}: {said}");
    }
    assert!(said.contains("system calls and 1 socket family"), "{said}");
    assert!(doctor.status.success(), "{said}");
}

/// The programs of boxes, with another one in the place of the probe.
fn programs_with(folder: &Path, probe: &Path) {
    let built = Path::new(env!("CARGO_BIN_EXE_code-runner")).parent().expect("lies in a folder");
    std::fs::copy(built.join("code-runner-runner"), folder.join("code-runner-runner")).expect("the runner is built");
    std::fs::copy(probe, folder.join("code-runner-probe")).expect("can be copied");
}

#[test]
fn where_the_wall_can_not_be_tried_nothing_starts() {
    let folder = tempfile::tempdir().expect("a folder");
    // The runner is a static program and no probe: it ends without having tried anything.
    let built = Path::new(env!("CARGO_BIN_EXE_code-runner")).with_file_name("code-runner-runner");
    programs_with(folder.path(), &built);
    let runner = folder.path().join("code-runner-runner");
    let refused = output(command(folder.path()).env("API_TOKEN", KEY).env("CODE_RUNNER_RUNNER", &runner));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success(), "{said}");
    assert!(said.contains("the wall is broken, says probe `walls`: it ended with "), "{said}");

    std::fs::remove_file(folder.path().join("code-runner-probe")).expect("is there");
    let refused = output(command(folder.path()).env("API_TOKEN", KEY).env("CODE_RUNNER_RUNNER", &runner));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("layer `probe` is missing"), "{said}");
}
