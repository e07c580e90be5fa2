//! What becomes of a server that has no descriptors left.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::json;

use crate::server::Server;

/// The descriptors that the kernel lets the server have.
fn limit(server: &Server, most: u64) {
    let pid = Pid::from_raw(server.process.id().cast_signed()).expect("a process");
    let limit = Rlimit { current: Some(most), maximum: Some(1 << 16) };
    prlimit(Some(pid), Resource::Nofile, limit).expect("root may");
}

/// How many it has.
fn used(server: &Server) -> u64 {
    std::fs::read_dir(format!("/proc/{}/fd", server.process.id())).expect("a folder").count() as u64
}

/// B-056: silent connections take all of them, and the loop that accepts survives that.
#[test]
fn a_server_without_descriptors_waits_for_some_and_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path());
    server.health();
    server.filled();
    let most = used(&server) + 20;
    limit(&server, most);
    let address = server.url("").replace("http://", "");
    let silent: Vec<TcpStream> = (0..200).map(|_| TcpStream::connect(&address).expect("the kernel accepts")).collect();
    let deadline = Instant::now() + Duration::from_secs(30);
    while used(&server) < most {
        assert!(Instant::now() < deadline, "they are never used up: {} of {most}", used(&server));
    }
    drop(silent);

    // What it was short of while it had none may have made it unready for a moment; it says so, and gets over it.
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let (status, body) = server.get("/health/ready");
        if status == 200 {
            break;
        }
        assert!(status == 503 && Instant::now() < deadline, "{status} {body}");
    }
    let result = server.run(&json!({"code": "return input_str", "inputs": ["4"]}));
    assert_eq!(result["output"]["4"], json!({"output": "4"}));
    server.stop();
}
