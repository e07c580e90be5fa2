//! What the server's own messages show: the name of the request, one clean line each, and never a key. B-067, B-068.

use std::io::{self, Write};
use std::sync::atomic::Ordering;
use std::sync::{Arc, LazyLock, Mutex};

use executor::fake::FakeExecutor;
use serde_json::json;
use server::logging::subscriber;
use tracing::Dispatch;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

use crate::serve::{Server, status};
use crate::support::{KEY, OTHER_KEY, TestApp, problem};

/// Everything that is logged on this thread while the guard lives.
#[derive(Clone, Default)]
pub struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    pub fn at(level: &str) -> (Self, DefaultGuard) {
        // While there is only one listener, a place in the code that is first met on another thread takes it that nobody listens.
        static OTHERS: LazyLock<[Dispatch; 2]> =
            LazyLock::new(|| [(); 2].map(|()| Dispatch::new(subscriber("trace", io::sink))));
        LazyLock::force(&OTHERS);
        let captured = Self::default();
        let guard = tracing::subscriber::set_default(subscriber(level, captured.clone()));
        (captured, guard)
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).expect("text")
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn assert_clean(text: &str) {
    for line in text.lines() {
        assert!(line.starts_with("20") && line.chars().count() < 4200, "no line of ours: {line}");
        assert!(!line.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{202e}')), "{line:?}");
    }
}

#[tokio::test]
async fn every_answer_has_a_name_and_keeps_the_clients_if_it_is_plain() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let longest = "x".repeat(64);
    for name in ["a", "school-7.run_12", "0123ABC", &longest] {
        let answer = app.http.get("/health").add_header("x-request-id", name).await;
        assert_eq!(answer.header("x-request-id"), name);
    }
    let (long, mut seen) = ("x".repeat(65), Vec::new());
    for name in ["", "a b", "a\tb", "<script>", "a;b", "\u{e9}", "../x", "%0a", &long] {
        let value = axum::http::HeaderValue::from_bytes(name.as_bytes()).unwrap();
        for path in ["/health", "/nothing", "/run", "/swagger/index.html"] {
            let answer = app.http.get(path).add_header("x-request-id", value.clone()).await;
            let made = answer.header("x-request-id").to_str().unwrap().to_owned();
            assert!(made.len() == 32 && made.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}: {made}");
            assert!(!seen.contains(&made));
            seen.push(made);
        }
    }
    let twice = app.http.get("/health").add_header("x-request-id", "a").add_header("x-request-id", "b").await;
    assert_eq!(twice.header("x-request-id").len(), 32);
}

#[tokio::test]
async fn what_is_logged_of_a_request_has_its_name() {
    // Also where only errors are logged.
    let (captured, _guard) = Captured::at("error");
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    app.store.failures.totals.store(1, Ordering::SeqCst);
    let failed = app.get("/metrics").add_header("x-request-id", "find-me.1").await;
    problem(&failed, 503);
    let text = captured.text();
    let line = text.lines().find(|line| line.contains("the store did")).expect("it is logged");
    assert!(line.contains("id=find-me.1") && line.contains(r#"route="/metrics""#), "{line}");
}

/// B-067
#[tokio::test]
async fn whatever_a_client_sends_a_message_is_one_clean_line() {
    let (captured, _guard) = Captured::at("trace");
    let hostile = "\u{1b}[31m\r\n2026-01-01T00:00:00Z ERROR forged\u{2028}\u{202e}\u{7}\u{9b}{\"level\":\"error\"}";
    let server = Server::start(FakeExecutor::echoing(), &[]).await;
    let body = json!({"code": hostile, "inputs": [hostile, "x".repeat(1024 * 1024)], "language": hostile}).to_string();
    let escaped = "%1b%5b31m%0d%0aforged%e2%80%a8";
    let requests = [
        crate::serve::post(&body),
        format!("GET /result/{escaped}?wait={escaped} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: {KEY}\r\n\r\n").into_bytes(),
        format!("GET /{escaped} HTTP/1.1\r\nhost: localhost\r\nuser-agent: \u{9b}31m\u{2028}\r\nconnection: close\r\nx-request-id: {escaped}\r\n\r\n").into_bytes(),
        format!("FORGED{} / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", "X".repeat(20_000)).into_bytes(),
        b"GET / HTTP/1.1\r\nhost: \x1b[31m\r\n\r\n".to_vec(),
        b"\x1b[31mforged\r\n\r\n".to_vec(),
    ];
    for request in requests {
        let answer = String::from_utf8_lossy(&request).into_owned();
        assert_ne!(status(&server.talk(&request).await), "200", "{answer}");
    }
    // What no client sends, but some tool chain may say.
    tracing::error!(reason = hostile, display = %hostile, "{hostile}{}", "x".repeat(10_000));
    server.stop().await;
    let text = captured.text();
    assert_clean(&text);
    assert!(text.contains(r"\u{2028}\u{202e}") && text.contains('…'), "the last message is not there");
    assert_eq!(text.lines().filter(|line| line.contains("forged")).count(), 1, "something a client sent is logged");
    assert!(text.lines().filter(|line| line.contains("answered")).count() >= 4);
}

/// B-068
#[tokio::test]
async fn a_key_is_shown_nowhere() {
    let (captured, _guard) = Captured::at("trace");
    let app = TestApp::echoing().await;
    let result = app.run(&json!({"code": "return input_str", "inputs": ["4"]})).await;
    app.get("/metrics").await.assert_status_ok();
    let mut said = vec![result.to_string()];
    let wrong = format!("{KEY}x");
    for path in [format!("/result/{KEY}"), format!("/health?key={KEY}"), format!("/{KEY}"), "/run".to_owned()] {
        for key in [KEY, OTHER_KEY, &wrong] {
            said.push(app.http.get(&path).add_header("x-api-key", key).await.text());
        }
    }
    for body in [format!("{{\"{KEY}\""), "x".to_owned(), String::new()] {
        said.push(app.post_bytes("application/json", body).await.text());
    }
    app.store.failures.submit.store(1, Ordering::SeqCst);
    said.push(app.post(&json!({"code": "", "inputs": ["4"]})).await.text());
    said.push(app.get("/metrics").add_header("accept", "text/plain").await.text());
    let folder = app.end().await;
    said.push(captured.text());
    for entry in std::fs::read_dir(folder.path()).unwrap().chain(std::fs::read_dir(folder.path().join("logs")).unwrap())
    {
        let path = entry.unwrap().path();
        if path.is_file() {
            said.push(String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned());
        }
    }
    assert!(said.iter().any(|text| text.contains("code_runner_ready 1")) && said.len() > 20, "{}", said.len());
    for text in said {
        assert!(!text.contains(KEY) && !text.contains(OTHER_KEY), "{text}");
    }
}
