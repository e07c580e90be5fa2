//! Disks that are full: under the database (C-14), under the log (C-15), and wherever temporary files could lie (C-16).
//!
//! Each disk is a small tmpfs in a mount namespace of the server's own, filled up and emptied while it works. Nobody may
//! see anything but what is right, or that the server can not take more for now; and all of it mends itself.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::server::{KEY, Server, command};

/// The server's disk for the database.
const DATA_KIB: usize = 8 << 10;

/// The one for the log: two pages.
const LOG_KIB: usize = 8;

/// The command in a mount namespace in which `mounts`, shell commands, were run before.
fn mounted(folder: &Path, mounts: &str) -> Command {
    let serve = command(folder);
    let mut mounted = Command::new("unshare");
    let script = format!("{mounts} && exec \"$@\"");
    mounted.args(["--mount", "sh", "-ec", &script, "sh"]).arg(serve.get_program()).args(serve.get_args());
    mounted.current_dir(folder).env_clear().env("API_TOKEN", KEY).env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    mounted.envs(serve.get_envs().filter_map(|(name, value)| Some((name, value?))));
    mounted
}

/// One of the server's folders, as the server sees it.
fn inside(server: &Server, folder: &Path, name: &str) -> PathBuf {
    let path = fs::canonicalize(folder).expect("a folder").join(name);
    let beyond_root = path.strip_prefix("/").expect("is absolute");
    PathBuf::from(format!("/proc/{}/root", server.process.id())).join(beyond_root)
}

/// Fills the disk of a folder to its last byte. Removing the file empties it again.
pub fn fill(folder: &Path) -> PathBuf {
    let path = folder.join("filler");
    let mut file = fs::File::create(&path).expect("can be made");
    for size in [1 << 16, 1 << 12, 1] {
        while file.write(&vec![0; size]).is_ok_and(|written| written > 0) {}
    }
    path
}

fn with_code(code: &str, input: &str) -> Value {
    json!({"code": code, "inputs": [input]})
}

#[test]
fn a_full_disk_under_the_database_is_told_as_503_and_nothing_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let mounts = format!("mkdir data && mount -t tmpfs -o size={DATA_KIB}k,mode=700 none data");
    let server = Server::start_with(folder.path(), &mut mounted(folder.path(), &mounts), KEY.to_owned());
    server.health();
    let done = server.submit(&with_code("return input_str", "done"));
    let before = server.result(&done);

    // It is running when the disk gets full, and ends while it is.
    let running = server.submit(&with_code("import time\ntime.sleep(1)\nreturn input_str", "running"));
    let filler = fill(&inside(&server, folder.path(), "data"));
    let mut accepted = vec![done.clone(), running.clone()];
    let large = with_code(&format!("# {}\nreturn input_str", "x".repeat(200_000)), "large");
    let refused = loop {
        assert!(accepted.len() < 100, "the disk never gets full");
        match server.post(&large) {
            (202, answer) => accepted.push(answer["exec_id"].as_str().expect("an id").to_owned()),
            (status, answer) => break (status, answer["code"].clone()),
        }
    };
    assert_eq!(refused, (503, json!("store_unavailable")));
    let (status, body) = server.get("/health/ready");
    assert_eq!((status, &body["code"]), (503, &json!("store_unavailable")), "it can accept nothing: {body}");
    assert_eq!(server.get("/health/live").0, 200);
    assert_eq!(server.get(&format!("/result/{done}")), (200, before), "what is stored can be read");
    assert_eq!(server.post(&large).0, 503);

    fs::remove_file(filler).expect("is there");
    server.until_ready();
    accepted.push(server.submit(&large));
    for id in &accepted {
        let result = server.result(id);
        assert_eq!(result["verdict"], json!("ok"), "{result}");
    }
    let (_, metrics) = server.get("/metrics");
    assert_eq!((&metrics["total_executions"], &metrics["in_progress"]), (&json!(accepted.len()), &json!(0)));
    server.stop();
}

/// How many lines of the log are lost, as `/metrics` says.
fn lines_lost(server: &Server) -> u64 {
    let text = server.metrics_text();
    let line = text.lines().find_map(|line| line.strip_prefix("code_runner_log_lines_lost_total "));
    line.and_then(|count| count.parse().ok()).expect("a number")
}

#[test]
fn a_full_disk_under_the_log_costs_lines_that_are_counted_and_no_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let mounts = format!("mkdir logs && mount -t tmpfs -o size={LOG_KIB}k,mode=700 none logs");
    let server = Server::start_with(folder.path(), &mut mounted(folder.path(), &mounts), KEY.to_owned());
    let logs = inside(&server, folder.path(), "logs");
    let run = |number: usize| {
        let result = server.run(&with_code("return input_str", &number.to_string()));
        assert_eq!(result["output"][number.to_string()]["output"], json!(number.to_string()), "{result}");
    };
    run(0);
    let filler = fill(&logs);
    // A page of the log is begun, and has room for some lines and a part of another.
    let mut count = 1;
    while lines_lost(&server) < 3 {
        run(count);
        count += 1;
        assert!(count < 200, "no line is lost, or nobody counts it");
    }
    assert_eq!(server.get("/health/ready").0, 200);
    fs::remove_file(filler).expect("is there");
    run(count);
    let lost = lines_lost(&server) as usize;

    // The disk ends with the server, so the lines that are on their way are waited for.
    let lines = || -> Vec<Value> {
        let files = fs::read_dir(&logs).expect("a folder").map(|file| file.expect("a file").path());
        let text: String = files.map(|file| fs::read_to_string(file).expect("text")).collect();
        text.lines().filter(|line| !line.is_empty()).filter_map(|line| serde_json::from_str(line).ok()).collect()
    };
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while lines().len() + lost < count + 1 {
        assert!(std::time::Instant::now() < deadline, "{} lines and {lost} lost of {}", lines().len(), count + 1);
    }
    assert_eq!(lines().len() + lost, count + 1, "each has a line or is counted");
    server.stop();
}

#[test]
fn full_disks_where_temporary_files_lie_are_nothing_to_a_submission() {
    // Not below /tmp, which is covered.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let mount =
        |place: &str| format!("mount -t tmpfs -o size=4k none {place} && head -c 4096 /dev/zero > {place}/filler");
    let mounts = ["/tmp", "/var/tmp", "/dev/shm"].map(mount).join(" && ");
    let server = Server::start_with(folder.path(), &mut mounted(folder.path(), &mounts), KEY.to_owned());
    let write = "import tempfile\nwith tempfile.TemporaryFile() as file: file.write(b'x' * 100_000)\nreturn input_str";
    let compiled = "static char answer[8];\nsprintf(answer, \"%d\", atoi(input_str) + 1);\nreturn answer;";
    for (language, code, answer) in [("python", write, "4"), ("c", compiled, "5")] {
        let result = server.run(&json!({"language": language, "code": code, "inputs": ["4"]}));
        assert_eq!(result["output"]["4"], json!({"output": answer}), "{result}");
    }
    server.stop();
}
