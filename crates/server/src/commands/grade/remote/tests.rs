use std::sync::{Arc, Mutex};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::config::Secret;

const ID: &str = "af5aab15-4fee-4ed6-b7de-5b29caf54eb2";

fn answer(status: &str, headers: &str, body: &Value) -> String {
    let body = body.to_string();
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len())
}

/// A server that gives these answers, the last one for ever, and what it was asked. An empty one is a connection that is lost.
async fn server(answers: Vec<String>) -> (Remote, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = asked.clone();
    drop(tokio::spawn(async move {
        for number in 0.. {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            let mut request = Vec::new();
            // Head and body: the bodies of these tests have one line.
            while !is_whole(&request) {
                let mut byte = [0];
                if stream.read(&mut byte).await.unwrap_or(0) == 0 {
                    break;
                }
                request.push(byte[0]);
            }
            seen.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
            let answer = &answers[number.min(answers.len() - 1)];
            // Who has gone away needs no answer.
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    }));
    let client = Client::new(&format!("http://{address}/api/"), Secret::new("k7Qz-first-school-9c41")).unwrap();
    let second = Duration::from_secs(1);
    let first = Duration::from_millis(1);
    (
        Remote {
            client,
            patience: Patience { first, longest: first, lost: second * 20, busy: second * 20, trying: second * 20 },
        },
        asked,
    )
}

fn is_whole(request: &[u8]) -> bool {
    request.ends_with(b"{}") || request.starts_with(b"GET") && request.ends_with(b"\r\n\r\n")
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    request.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_else(|| panic!("{request}"))
}

#[tokio::test]
async fn a_lost_connection_and_a_busy_server_cost_time_and_nothing_else() {
    let result = json!({"status": "done"});
    let (remote, asked) = server(vec![
        String::new(),
        answer("429 Too Many Requests", "retry-after: 0\r\n", &json!({"detail": "slowly"})),
        answer("503 Service Unavailable", "retry-after: 0\r\n", &json!({"detail": "full", "code": "queue_full"})),
        answer("502 Bad Gateway", "", &Value::Null),
        answer("202 Accepted", "", &json!({"exec_id": ID, "status": "started"})),
        answer("202 Accepted", "", &json!({"status": "pending"})),
        String::new(),
        answer("200 OK", "", &result),
    ])
    .await;
    assert_eq!(remote.run(b"{}", &Cancel::default()).await, Reply::Done(result));
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 8);
    let key = header(&asked[0], "idempotency-key");
    for request in &asked[..5] {
        assert!(request.starts_with("POST /api/run HTTP/1.1\r\n"), "{request}");
        assert_eq!((header(request, "idempotency-key"), header(request, "x-api-key")), (key, "k7Qz-first-school-9c41"));
    }
    for request in &asked[5..] {
        assert!(request.starts_with(&format!("GET /api/result/{ID}?wait=25 HTTP/1.1\r\n")), "{request}");
    }
}

#[tokio::test]
async fn each_refusal_is_told_apart() {
    let problem = |detail: &str, code: &str| json!({"detail": detail, "code": code, "field": "tests[0].input"});
    let refused = Reply::Refused { field: Some("tests[0].input".to_owned()), detail: "long".to_owned() };
    for (status, code, reply) in [
        ("422 Unprocessable Entity", "too_long", refused.clone()),
        ("413 Payload Too Large", "body_too_large", refused),
        ("401 Unauthorized", "unauthorized", Reply::Impossible("long".to_owned())),
        ("403 Forbidden", "forbidden", Reply::Impossible("long".to_owned())),
        ("503 Service Unavailable", "language_unavailable", Reply::Failed("long".to_owned())),
    ] {
        let (remote, asked) = server(vec![answer(status, "", &problem("long", code))]).await;
        assert_eq!(remote.run(b"{}", &Cancel::default()).await, reply, "{status}");
        assert_eq!(asked.lock().unwrap().len(), 1, "{status}");
    }
    let (remote, _) = server(vec![answer("404 Not Found", "", &Value::Null)]).await;
    assert!(
        matches!(remote.run(b"{}", &Cancel::default()).await, Reply::Impossible(reason) if reason.contains("no Code Runner"))
    );
    let (remote, _) = server(vec![answer("302 Found", "location: http://127.0.0.1:1/\r\n", &Value::Null)]).await;
    assert!(
        matches!(remote.run(b"{}", &Cancel::default()).await, Reply::Impossible(reason) if reason.contains("redirects"))
    );
}

#[tokio::test]
async fn patience_ends() {
    let (mut remote, _) = server(vec![String::new()]).await;
    remote.patience.lost = Duration::ZERO;
    assert!(matches!(remote.run(b"{}", &Cancel::default()).await, Reply::Failed(_)));
    // A key that has used up its day is told so, and nobody waits for midnight.
    let midnight = answer("429 Too Many Requests", "retry-after: 40000\r\n", &json!({"detail": "until tomorrow"}));
    let (remote, asked) = server(vec![midnight]).await;
    assert_eq!(remote.run(b"{}", &Cancel::default()).await, Reply::Failed("until tomorrow".to_owned()));
    assert_eq!(asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_version_that_is_to_come_is_waited_for() {
    let languages = |version: Value| {
        let known = [("c", version), ("ada", Value::Null)];
        let known: Vec<Value> =
            known.into_iter().map(|(id, version)| json!({"id": id, "available": true, "version": version})).collect();
        answer("200 OK", "", &json!({"languages": known}))
    };
    let (remote, asked) = server(vec![languages(Value::Null), languages(Value::Null), languages(json!("c 1"))]).await;
    let (cancel, needed) = (Cancel::default(), BTreeSet::from(["c".to_owned(), "cobol".to_owned()]));
    let first = remote.languages(&cancel).await.unwrap();
    let known = remote.tried_languages(first, &needed, &cancel).await.unwrap();
    assert_eq!(known.named("c").unwrap().version.as_deref(), Some("c 1"));
    assert_eq!(asked.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn who_is_interrupted_does_not_wait() {
    let busy = answer("503 Service Unavailable", "retry-after: 15\r\n", &json!({"detail": "full"}));
    let (remote, asked) = server(vec![busy]).await;
    let cancel = Cancel::default();
    let interrupted = async {
        while asked.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        cancel.cancel();
    };
    let (reply, ()) = tokio::join!(remote.run(b"{}", &cancel), interrupted);
    assert_eq!(reply, Reply::Failed(INTERRUPTED.to_owned()));
}
