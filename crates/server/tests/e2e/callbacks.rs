//! A callback from a server that has given its privileges up, and sees no file of the host.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::server::{KEY, Server, command};

/// Takes requests on loopback, answers each with 200 and hands them on: the port, and the requests.
fn receiver() -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("it has an address").port();
    let (send, requests) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut text = String::new();
            // The end of the body is that of its JSON.
            while !text.ends_with('}') {
                let mut bytes = [0; 4096];
                let read = stream.read(&mut bytes).expect("can be read");
                if read == 0 {
                    break;
                }
                text.push_str(&String::from_utf8_lossy(&bytes[..read]));
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").expect("can be answered");
            if send.send(text).is_err() {
                return;
            }
        }
    });
    (port, requests)
}

#[test]
fn a_result_reaches_a_name_from_a_confined_server_and_no_proxy_of_its_environment() {
    let folder = tempfile::tempdir().expect("a folder");
    let ((port, requests), (proxy, asked)) = (receiver(), receiver());
    let mut serve = command(folder.path());
    serve.env("API_TOKEN", KEY).env("CODE_RUNNER_CALLBACK_TARGETS", "localhost");
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
        serve.env(name, format!("http://127.0.0.1:{proxy}"));
    }
    let server = Server::start_with(folder.path(), &mut serve, KEY.to_owned());
    // A name of /etc/hosts, which the server can not see any more.
    let url = format!("http://localhost:{port}/results");
    let result = server.run(&json!({"code": "return input_str", "inputs": ["4"], "callback_url": url}));
    let request = requests.recv_timeout(Duration::from_secs(60)).expect("the result is told");
    assert!(request.starts_with("POST /results HTTP/1.1\r\n"), "{request}");
    assert!(request.contains(&format!("\r\nhost: localhost:{port}\r\n")), "{request}");
    assert!(request.contains("\r\nwebhook-signature: v1,"), "{request}");
    let (_, body) = request.split_once("\r\n\r\n").expect("a body");
    let mut body: Value = serde_json::from_str(body).expect("JSON");
    body.as_object_mut().expect("an object").remove("exec_id");
    assert_eq!(body, result);
    assert!(asked.try_recv().is_err(), "the proxy was asked");
    let (status, refused) =
        server.post_to("/run", &json!({"code": "", "inputs": [], "callback_url": format!("http://127.0.0.1:{port}/")}));
    assert_eq!((status, &refused["field"]), (422, &"callback_url".into()), "the name is allowed, not its address");
}
