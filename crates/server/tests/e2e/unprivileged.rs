//! Started by an ordinary user: it works where that user has subordinate ids and cgroups, and says which of
//! them is missing where not.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::server::{KEY, Server, command, languages, output};

/// The user of `scripts/as-user`, and the range of ids it is given there.
const UID: &str = "61234";
const IDS: std::ops::Range<u32> = 300_000..365_536;

#[test]
fn an_ordinary_user_serves_with_a_user_namespace_and_cgroups_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start_with(folder.path(), &mut as_user(folder.path(), &[]), KEY.to_owned());
    let (status, health) = server.get("/health");
    assert_eq!((status, &health["status"]), (200, &json!("ok")), "{health}");

    // What the launcher forks from and into is all of that user namespace.
    server.filled();
    let code = "import os\nreturn f'{int(input_str)} {os.getuid() != 0} {os.path.exists(\"/root\")}'";
    let result = server.run(&json!({"code": code, "inputs": ["4", "x"]}));
    assert_eq!(result["output"]["4"], json!({"output": "4 True False"}), "{result}");
    assert!(result["output"]["x"]["error"].as_str().unwrap_or_default().starts_with("ValueError"), "{result}");
    assert_ne!(server.starts().0, 0, "no program was warm");
    let hog =
        json!({"code": "x = 'a' * (1 << 30)", "mode": "program", "inputs": ["1"], "limits": {"memory_kib": 65536}});
    let fork = "import os\nn = 0\ntry:\n  while n < 99:\n    if os.fork() == 0: os.kill(os.getpid(), 19)\n    n += 1\nexcept OSError: pass\nprint(n)";
    let fork = json!({"code": fork, "mode": "program", "inputs": ["1"], "limits": {"processes": 8}});
    assert_eq!(server.run(&hog)["verdict"], "memory_limit");
    assert_eq!(server.run(&fork)["output"]["1"]["output"], "7\n");

    // The server is who started it, the launcher somebody else, and neither is the host's root.
    assert_eq!(uid(server.process.id()), UID);
    let launcher: u32 = uid(server.launcher()).parse().expect("a number");
    assert!(IDS.contains(&launcher), "{launcher}");
    let name = server.instance();
    server.stop();
    let left = Command::new("find").args(["/sys/fs/cgroup", "-type", "d", "-name", &name]).output().expect("find");
    assert!(left.stdout.is_empty(), "{}", String::from_utf8_lossy(&left.stdout));
}

#[test]
fn an_ordinary_user_without_subordinate_ids_or_cgroups_is_told_how_to_get_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = output(&mut as_user(folder.path(), &["--without-ids", "--without-cgroups"]));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success(), "{said}");
    assert!(said.contains("layer `users` is missing") && said.contains("usermod --add-subuids"), "{said}");
    assert!(said.contains("layer `cgroups` is missing") && said.contains("Delegate=yes"), "{said}");

    let refused = output(&mut as_user(folder.path(), &["--without-cgroups"]));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && !said.contains("layer `users` is missing"), "{said}");
    assert!(said.contains("layer `cgroups` is missing"), "{said}");
}

/// `serve`, as that user, from copies that it can read whoever owns the repository.
fn as_user(folder: &Path, options: &[&str]) -> Command {
    as_user_with(folder, options, "serve")
}

/// The program as an ordinary user, told to do this, in a folder that is made that user's.
pub fn as_user_with(folder: &Path, options: &[&str], word: &str) -> Command {
    let serve = command(folder);
    let program = Path::new(serve.get_program());
    let parts = ["code-runner-runner", "code-runner-probe", "code-runner-zygote.so"];
    let [runner, probe, library] = parts.map(|name| program.with_file_name(name));
    let copies = folder.join("copies");
    let copy = "mkdir -p $6 && cp $1 $2 $3 $4 $6 && cp -r $5 $6/languages && chown -R $7:$7 $8";
    let mut copying = Command::new("sh");
    copying
        .args(["-euc", copy, "sh"])
        .arg(program)
        .arg(runner)
        .arg(probe)
        .arg(library)
        .arg(languages())
        .arg(&copies)
        .arg(UID)
        .arg(folder);
    assert!(copying.status().expect("sh").success());

    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/as-user");
    let mut command = Command::new(script);
    command.args(options).arg(copies.join("code-runner")).arg(word).current_dir(folder);
    command.env("API_TOKEN", KEY).env("CODE_RUNNER_LISTEN", "127.0.0.1:0").env("CODE_RUNNER_WORKERS", "2");
    command.env("CODE_RUNNER_LANGUAGES_DIR", copies.join("languages"));
    command
}

/// The first of the four uids of a process, as the host knows it.
fn uid(pid: u32) -> String {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("text");
    let uids = status.lines().find_map(|line| line.strip_prefix("Uid:\t")).expect("a uid");
    uids.split('\t').next().unwrap_or_default().to_owned()
}
