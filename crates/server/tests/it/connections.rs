//! Clients that behave badly below HTTP: over real sockets, byte by byte. B-053 to B-062.

use std::time::Duration;

use executor::fake::{FakeExecutor, answered};
use store::Store;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::serve::{Server, post, read_to_end, status};
use crate::support::{KEY, soon};

const HEALTH: &str = "GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n";
const LAST_HEALTH: &str = "GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

/// The statuses of all answers on a connection, in their order.
fn statuses(answers: &str) -> Vec<&str> {
    answers.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect()
}

async fn assert_serves(server: &Server) {
    assert_eq!(statuses(&server.talk(LAST_HEALTH.as_bytes()).await), ["200"]);
}

/// Sends a byte from time to time and never more, until the server closes: what it said.
async fn drip(mut stream: TcpStream) -> String {
    let (mut said, mut buffer) = (Vec::new(), [0; 1024]);
    let dripping = async {
        loop {
            let _ = stream.write_all(b"x").await;
            match timeout(Duration::from_millis(10), stream.read(&mut buffer)).await {
                Err(_) => {}
                Ok(Ok(0) | Err(_)) => return,
                Ok(Ok(length)) => said.extend_from_slice(&buffer[..length]),
            }
        }
    };
    soon(dripping).await;
    String::from_utf8(said).expect("text")
}

/// B-053: what was sent whole is run or was never accepted, and no connection is left over.
#[tokio::test]
async fn clients_that_leave_before_the_answer_leave_nothing_behind() {
    let server = Server::start(FakeExecutor::echoing(), &[("max_connections", "2")]).await;
    for _ in 0..50 {
        let mut stream = server.connect().await;
        stream.write_all(&post(r#"{"code":"","inputs":["4"]}"#)).await.unwrap();
        drop(stream);
    }
    assert_serves(&server).await;
    let (_folder, store) = server.stop().await;
    let totals = store.totals().await.unwrap();
    let finished: u64 = totals.by_verdict.iter().map(|(_, count)| count).sum();
    assert!(totals.in_progress + finished <= 50, "{totals:?}");
}

/// B-054
#[tokio::test]
async fn heads_that_come_byte_by_byte_are_dropped_and_others_served_meanwhile() {
    let server = Server::start(FakeExecutor::echoing(), &[("header_timeout_ms", "500")]).await;
    let mut slow = Vec::new();
    for _ in 0..100 {
        let mut stream = server.connect().await;
        stream.write_all(b"GET /health HTTP/1.1\r\nhost: ").await.unwrap();
        slow.push(tokio::spawn(drip(stream)));
    }
    assert_serves(&server).await;
    for ended in slow {
        let said = soon(ended).await.unwrap();
        assert!(said.is_empty() || status(&said) == "408", "{said}");
    }
    server.stop().await;
}

/// B-055: it would come within `body_timeout_ms`, and still is too slow.
#[tokio::test]
async fn a_body_that_comes_byte_by_byte_is_408() {
    let server = Server::start(FakeExecutor::echoing(), &[("stall_timeout_ms", "100")]).await;
    let mut stream = server.connect().await;
    let head = format!(
        "POST /run HTTP/1.1\r\nhost: localhost\r\nx-api-key: {KEY}\r\ncontent-type: application/json\r\n\
         content-length: 1000000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let said = drip(stream).await;
    assert_eq!(statuses(&said), ["408"], "{said}");
    assert!(said.contains("request_timeout"), "{said}");
    server.stop().await;
}

/// B-057: the place of a client that does not take its answer goes to the next, and so does the memory.
#[tokio::test]
async fn an_answer_that_nobody_takes_is_dropped() {
    let large = "x".repeat(5 * 1024 * 1024);
    let executor = FakeExecutor::scripted(move |_, input| answered(input, &large));
    let server = Server::start(executor, &[("max_connections", "1"), ("stall_timeout_ms", "200")]).await;
    let answer = server.talk(&post(r#"{"code":"","inputs":["4"]}"#)).await;
    let id = answer.split("/result/").nth(1).and_then(|rest| rest.get(..36)).expect("a location").to_owned();
    server.store.finished(id.parse().unwrap()).await;

    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {KEY}\r\n\r\n");
    let (get, watch) = (get(&format!("/result/{id}")), get(&format!("/result/{id}/events")));
    for (get, takes) in [(&get, 0), (&get, 64), (&watch, 0), (&watch, 64)] {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let mut stream = soon(socket.connect(server.address)).await.unwrap();
        stream.write_all(get.as_bytes()).await.unwrap();
        let mut some = vec![0; takes];
        soon(stream.read_exact(&mut some)).await.unwrap();
        // There is one place, and it is taken until the server has had enough.
        assert_serves(&server).await;
        drop(stream);
    }
    // Who takes it gets all of it.
    let whole = server.talk(get.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n").as_bytes()).await;
    assert!(whole.len() > 10 * 1024 * 1024 && whole.ends_with('}'), "{}", whole.len());
    server.stop().await;
}

/// B-058
#[tokio::test]
async fn a_hundred_requests_at_once_are_answered_in_their_order() {
    let server = Server::start(FakeExecutor::echoing(), &[]).await;
    let bad = format!(
        "POST /run HTTP/1.1\r\nhost: localhost\r\nx-api-key: {KEY}\r\ncontent-type: application/json\r\n\
         content-length: 2\r\n\r\n[]"
    );
    let pairs = format!("{HEALTH}{bad}").repeat(49);
    let answers = server.talk(format!("{pairs}{HEALTH}{LAST_HEALTH}").as_bytes()).await;
    let mut expected = ["200", "400"].repeat(49);
    expected.extend(["200", "200"]);
    assert_eq!(statuses(&answers), expected);

    // One that is no request at all ends it, after what was owed.
    let answers = server.talk(format!("{HEALTH}{bad}{HEALTH}G\u{e9}T / HTTP/1.1\r\n\r\n{HEALTH}").as_bytes()).await;
    assert_eq!(statuses(&answers), ["200", "400", "200", "400"], "{answers}");
    server.stop().await;
}

/// Heads after whose first lines nobody can be sure where the request ends, each with a second request in what may be
/// its body.
fn ambiguous() -> Vec<(&'static str, String)> {
    let extension = format!("5;{}\r\nhello\r\n0\r\n\r\n", "x".repeat(1024 * 1024));
    let line = "POST /run HTTP/1.1\r\nhost: localhost\r\n";
    let chunked = "transfer-encoding: chunked\r\n\r\n";
    [
        ("both lengths", format!("{line}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n")),
        (
            "both lengths, the other way round",
            format!("{line}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n"),
        ),
        ("two lengths", format!("{line}content-length: 2\r\ncontent-length: 3\r\n\r\n{{}}")),
        ("the same length twice", format!("{line}content-length: 2\r\nContent-Length: 2\r\n\r\n{{}}")),
        ("a list of lengths", format!("{line}content-length: 2, 2\r\n\r\n{{}}")),
        ("a plus", format!("{line}content-length: +2\r\n\r\n{{}}")),
        ("a minus", format!("{line}content-length: -2\r\n\r\n{{}}")),
        ("hexadecimal", format!("{line}content-length: 0x2\r\n\r\n{{}}")),
        ("no number", format!("{line}content-length:\r\n\r\n{{}}")),
        ("a length that is too long", format!("{line}content-length: {}2\r\n\r\n{{}}", " ".repeat(200))),
        ("2^64", format!("{line}content-length: 18446744073709551616\r\n\r\n{{}}")),
        ("chunked twice", format!("{line}transfer-encoding: chunked\r\n{chunked}0\r\n\r\n")),
        ("chunked, chunked", format!("{line}transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n")),
        ("chunked and then not", format!("{line}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n")),
        ("compressed and chunked", format!("{line}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n")),
        ("not chunked", format!("{line}transfer-encoding: identity\r\n\r\n0\r\n\r\n")),
        ("a tab and chunked", format!("{line}transfer-encoding: \x0bchunked\r\n\r\n0\r\n\r\n")),
        ("a blank before the colon", format!("{line}transfer-encoding : chunked\r\n\r\n0\r\n\r\n")),
        ("a blank before the name", format!("{line} transfer-encoding: chunked\r\n\r\n0\r\n\r\n")),
        ("a folded header", format!("{line}a: b\r\n c\r\n\r\n")),
        ("chunked in HTTP/1.0", format!("POST /run HTTP/1.0\r\nhost: localhost\r\n{chunked}0\r\n\r\n")),
        ("bare LF", "GET /health HTTP/1.1\nhost: localhost\n\n".to_owned()),
        ("bare LF in the middle", format!("{line}a: b\ncontent-length: 2\r\n\r\n{{}}")),
        ("bare LF at the end", format!("{line}content-length: 2\r\n\n{{}}")),
        ("bare CR", format!("{line}a: b\rcontent-length: 2\r\n\r\n{{}}")),
        ("a NUL", format!("{line}a: \0\r\n\r\n")),
        ("a chunk of 2^64", format!("{line}{chunked}10000000000000000\r\nx\r\n0\r\n\r\n")),
        ("a chunk of -1", format!("{line}{chunked}-1\r\nx\r\n0\r\n\r\n")),
        ("a chunk of 0x1", format!("{line}{chunked}0x1\r\nx\r\n0\r\n\r\n")),
        ("a chunk with bare LF", format!("{line}{chunked}1\nx\n0\n\n")),
        ("a chunk without its end", format!("{line}{chunked}1\r\nxx\r\n0\r\n\r\n")),
        ("an extension of 1 MiB", format!("{line}{chunked}{extension}")),
    ]
    .into()
}

/// B-059
#[tokio::test]
async fn a_request_whose_end_is_in_doubt_is_refused_and_nothing_behind_it_is_read() {
    let server = Server::start(FakeExecutor::echoing(), &[]).await;
    for (name, request) in ambiguous() {
        // With a key, so that it is the body that is refused where the head is not.
        let request = request.replacen(
            "host: localhost",
            &format!("host: localhost\r\nx-api-key: {KEY}\r\ncontent-type: application/json"),
            1,
        );
        let answers = server.talk(format!("{request}{HEALTH}").as_bytes()).await;
        assert_eq!(statuses(&answers), ["400"], "{name}: {answers}");
    }
    assert_serves(&server).await;
    server.stop().await;
}

/// B-059: what is allowed still works, and byte by byte.
#[tokio::test]
async fn a_request_whose_end_is_clear_is_answered_however_it_arrives() {
    let server = Server::start(FakeExecutor::echoing(), &[]).await;
    let line =
        format!("POST /run HTTP/1.1\r\nhost: localhost\r\nx-api-key: {KEY}\r\ncontent-type: application/json\r\n");
    let body = r#"{"code":"","inputs":[]}"#;
    let (half, rest) = body.split_at(10);
    let plain = format!("\r\n{line}Content-Length:\t{} \r\n\r\n{body}", body.len());
    let mut stream = server.connect().await;
    for byte in format!("{plain}{plain}{LAST_HEALTH}").bytes() {
        stream.write_all(&[byte]).await.unwrap();
    }
    assert_eq!(statuses(&read_to_end(&mut stream).await), ["202", "202", "200"]);

    // The end of a chunked body is the end of its connection.
    let chunks =
        format!("{:x}\r\n{half}\r\n{:X};name=value\r\n{rest}\r\n0\r\ntrailer: x\r\n\r\n", half.len(), rest.len());
    let chunked = server.talk(format!("{line}Transfer-Encoding: Chunked\r\n\r\n{chunks}{HEALTH}").as_bytes()).await;
    assert_eq!(statuses(&chunked), ["202"], "{chunked}");
    assert!(chunked.contains("connection: close"), "{chunked}");
    server.stop().await;
}

/// B-061: HTTP/2 is not offered.
#[tokio::test]
async fn http_2_is_refused() {
    let server = Server::start(FakeExecutor::echoing(), &[]).await;
    let answer = server.talk(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await;
    assert!(answer.is_empty() || status(&answer) == "400", "{answer}");
    let upgrade = "GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade, HTTP2-Settings, close\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n\r\n";
    assert_eq!(statuses(&server.talk(upgrade.as_bytes()).await), ["200"]);
    server.stop().await;
}

/// B-062
#[tokio::test]
async fn heads_that_are_too_large_are_refused() {
    let server = Server::start(FakeExecutor::echoing(), &[]).await;
    let headers = |headers: String| format!("GET /health HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n");
    let large = [
        ("10,000 headers", headers("a: b\r\n".repeat(10_000))),
        ("a header of 64 KiB", headers(format!("a: {}\r\n", "x".repeat(64 * 1024)))),
        ("a header of 1 MiB", headers(format!("a: {}\r\n", "x".repeat(1024 * 1024)))),
        ("an address of 100 KiB", format!("GET /{} HTTP/1.1\r\nhost: localhost\r\n\r\n", "x".repeat(100 * 1024))),
        ("a method of 100 KiB", format!("{} / HTTP/1.1\r\nhost: localhost\r\n\r\n", "X".repeat(100 * 1024))),
    ];
    for (name, request) in large {
        let answer = server.talk(format!("{request}{HEALTH}").as_bytes()).await;
        // A client that is still sending may see a reset instead of the answer.
        assert!(answer.is_empty() || ["431", "414", "400"].contains(&status(&answer)), "{name}: {answer}");
        assert!(statuses(&answer).len() <= 1, "{name}: {answer}");
    }
    assert_serves(&server).await;
    server.stop().await;
}

/// Events come as they happen, however long nothing does; only who takes none is dropped.
#[tokio::test]
async fn who_watches_is_kept_while_there_is_nothing_to_tell() {
    let bounds = [("header_timeout_ms", "300"), ("stall_timeout_ms", "100"), ("body_timeout_ms", "100")];
    let server = Server::start(FakeExecutor::echoing().gated(), &bounds).await;
    let answer = server.talk(&post(r#"{"code":"","inputs":["4"]}"#)).await;
    let id = answer.split("/result/").nth(1).and_then(|rest| rest.get(..36)).expect("a location").to_owned();
    soon(server.executor.begun(1)).await;

    let mut stream = server.connect().await;
    let watch = format!(
        "GET /result/{id}/events HTTP/1.1\r\nhost: localhost\r\nx-api-key: {KEY}\r\nx-request-id: mine\r\n\
         connection: close\r\n\r\n"
    );
    stream.write_all(watch.as_bytes()).await.unwrap();
    let (mut said, mut buffer) = (String::new(), [0; 1024]);
    while !said.contains("event: started") {
        let length = soon(stream.read(&mut buffer)).await.unwrap();
        assert!(length > 0, "{said}");
        said.push_str(std::str::from_utf8(&buffer[..length]).expect("text"));
    }
    assert!(status(&said) == "200" && said.contains("x-request-id: mine"), "{said}");
    // As long as the server has patience with anybody, and longer.
    let mut silent = server.connect().await;
    silent.write_all(b"GET /health HTTP/1.1\r\nhost: ").await.unwrap();
    drip(silent).await;
    server.executor.let_through(1);
    said.push_str(&read_to_end(&mut stream).await);
    assert!(said.contains("event: input") && said.contains("event: done"), "{said}");
    server.stop().await;
}
