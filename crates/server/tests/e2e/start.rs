//! How the server starts, and when it refuses to.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::json;

use crate::server::{KEY, Server, command, languages, output};

#[test]
fn the_first_start_makes_a_key_and_the_first_submission_is_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start_without_key(folder.path());
    let file = folder.path().join("data/api-token");
    let key = std::fs::read_to_string(&file).expect("a key").trim().to_owned();
    assert!(server.first_words.contains(&key) && server.first_words.contains("curl"), "{}", server.first_words);
    assert_eq!(std::fs::metadata(&file).expect("is there").permissions().mode() & 0o777, 0o600);

    let id = server.submit(&json!({"code": "return str(int(input_str) * int(input_str))", "inputs": ["4", "x"]}));
    let result = server.result(&id);
    assert_eq!(result["output"]["4"], json!({"output": "16"}));
    let error = result["output"]["x"]["error"].as_str().unwrap_or_default();
    assert!(error.starts_with("ValueError"), "{result}");
    server.stop();

    let again = Server::start_without_key(folder.path());
    assert!(!again.first_words.contains(&key), "the key is shown only once");
    assert_eq!(again.get(&format!("/result/{id}")).1, result, "a result never changes");
    again.stop();
}

#[test]
fn whoever_starts_it_may_keep_new_files_to_themselves() {
    let folder = tempfile::tempdir().expect("a folder");
    let serve = command(folder.path());
    let mut private = Command::new("sh");
    private.args(["-c", "umask 077 && exec \"$@\"", "sh"]).arg(serve.get_program()).args(serve.get_args());
    private.env_clear().envs(serve.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("API_TOKEN", KEY);
    private.current_dir(folder.path());
    let server = Server::start_with(folder.path(), &mut private, KEY.to_owned());
    server.health();
    let result = server.run(&json!({"code": "return input_str", "inputs": ["4"]}));
    assert_eq!(result["output"], json!({"4": {"output": "4"}}), "{result}");
    server.stop();
}

#[test]
fn the_serving_process_has_no_privilege_and_sees_little_of_the_host() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path());
    let proc = format!("/proc/{}", server.process.id());
    let status = std::fs::read_to_string(format!("{proc}/status")).expect("text");
    for line in
        ["CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1"]
    {
        assert!(status.contains(line), "no {line} in {status}");
    }
    let uid = status.lines().find_map(|line| line.strip_prefix("Uid:\t")).expect("a uid");
    assert!(uid.split('\t').all(|uid| uid != "0"), "{uid}");
    for path in ["etc", "usr", "proc", "root", "home"] {
        assert!(!std::path::Path::new(&format!("{proc}/root/{path}")).exists(), "{path}");
    }
    let launcher = std::fs::read_to_string(format!("/proc/{}/status", server.launcher())).expect("text");
    assert!(launcher.contains("Threads:\t1"), "{launcher}");
    let environment = std::fs::read(format!("/proc/{}/environ", server.launcher())).expect("bytes");
    assert!(environment.is_empty(), "the launcher has an environment");
    server.stop();
}

#[test]
fn a_key_file_may_lie_where_the_serving_process_sees_nothing() {
    let (folder, secrets) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let file = secrets.path().join("key");
    std::fs::write(&file, format!("{KEY}\n")).expect("can be written");
    let server = Server::start_with(folder.path(), command(folder.path()).env("API_TOKEN_FILE", &file), KEY.to_owned());
    assert_eq!(server.get("/usage").0, 200);
    server.stop();
    let refused = output(command(folder.path()).env("API_TOKEN_FILE", &file).env("API_TOKEN", KEY));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("both API_TOKEN and API_TOKEN_FILE are set"), "{said}");
}

#[test]
fn an_address_others_can_reach_needs_a_chosen_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = output(command(folder.path()).env("CODE_RUNNER_LISTEN", "0.0.0.0:0"));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("API_TOKEN is not set"), "{said}");
}

#[test]
fn a_second_server_on_the_same_data_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path());
    let refused = output(command(folder.path()).env("API_TOKEN", KEY));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("is open in another Code Runner process"), "{said}");
    server.stop();
}

#[test]
fn a_missing_layer_is_named_with_its_remedy_and_nothing_starts() {
    let folder = tempfile::tempdir().expect("a folder");
    let serve = command(folder.path());
    // In a mount namespace of its own the cgroups are covered; the host keeps them.
    let mut hidden = Command::new("unshare");
    hidden.args(["--mount", "sh", "-c", "mount -t tmpfs none /sys/fs/cgroup && exec \"$@\"", "sh"]);
    hidden.arg(serve.get_program()).args(serve.get_args()).current_dir(folder.path());
    hidden.env("API_TOKEN", KEY).env("CODE_RUNNER_LISTEN", "127.0.0.1:0");
    hidden.env("CODE_RUNNER_LANGUAGES_DIR", languages());
    let refused = output(&mut hidden);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success(), "{said}");
    assert!(said.contains("layer `cgroups` is missing") && said.contains("remedy: cgroup v2"), "{said}");

    let refused = output(command(folder.path()).env("API_TOKEN", KEY).env("CODE_RUNNER_RUNNER", "/bin/true"));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("layer `runner` is missing"), "{said}");
}

#[test]
fn an_ordinary_user_is_told_which_privileges_are_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let serve = command(folder.path());
    let mut plain = Command::new("setpriv");
    plain.args(["--bounding-set=-all", "--inh-caps=-all"]);
    plain.arg(serve.get_program()).args(serve.get_args()).current_dir(folder.path());
    plain.env("API_TOKEN", KEY).env("CODE_RUNNER_LISTEN", "127.0.0.1:0");
    plain.env("CODE_RUNNER_LANGUAGES_DIR", languages());
    let refused = output(&mut plain);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success(), "{said}");
    assert!(said.contains("layer `privileges` is missing") && said.contains("CAP_SYS_ADMIN"), "{said}");
}
