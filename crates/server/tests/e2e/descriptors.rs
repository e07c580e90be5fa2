//! What becomes of a server that has no descriptors left.

use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::server::{KEY, Server, command};

/// The descriptors that the kernel lets the server and its launcher have.
const MOST: u64 = 256;

/// The command, with no more.
fn limited(folder: &Path) -> Command {
    let serve = command(folder);
    let mut limited = Command::new("sh");
    limited
        .args(["-c", &format!("ulimit -n {MOST} && exec \"$@\""), "sh"])
        .arg(serve.get_program())
        .args(serve.get_args());
    limited.current_dir(folder).env_clear().stdin(Stdio::null()).env("API_TOKEN", KEY).env("CODE_RUNNER_AHEAD", "4");
    limited.env("CODE_RUNNER_HEADER_TIMEOUT_MS", "2000");
    limited.envs(serve.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited
}

/// How many it has.
fn used(server: &Server) -> u64 {
    std::fs::read_dir(format!("/proc/{}/fd", server.process.id())).expect("a folder").count() as u64
}

/// B-056, C-24: silent connections, of which anybody can make any number, leave enough to run submissions with.
#[test]
fn connections_do_not_take_the_descriptors_that_boxes_need() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start_with(folder.path(), &mut limited(folder.path()), KEY.to_owned());
    assert!(
        server.said.iter().any(|line| line.contains("fewer connections than max_connections")),
        "{:?}",
        server.said
    );
    server.health();
    let before = used(&server);
    let address = server.url("").replace("http://", "");
    // One more can be made only when there is a place for it, here or in the kernel, so that some of them are accepted.
    let connect = |_| (TcpStream::connect(&address).expect("the kernel accepts"), used(&server));
    let (silent, seen): (Vec<TcpStream>, Vec<u64>) = (0..MOST).map(connect).unzip();
    let highest = seen.into_iter().max().expect("some were made");
    assert!((before + 32..MOST).contains(&highest), "{highest} of {MOST} with silent connections, {before} without");
    // Each of these waits until some of the silent ones have had their time, and is served then.
    let result = server.run(&json!({"code": "return input_str", "inputs": ["4", "5"]}));
    assert_eq!(result["output"]["5"], json!({"output": "5"}));
    drop(silent);
    assert_eq!(server.get("/health/ready").0, 200);
    assert_eq!(server.language("python")["available"], true);
    server.stop();
}
