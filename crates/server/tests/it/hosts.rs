//! Whom requests are for, and which web pages may send them: B-060, B-063.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::{HeaderMap, Method};
use axum_test::TestResponse;
use executor::fake::FakeExecutor;
use server::hosts::Hosts;

use crate::serve::{Server, status};
use crate::support::{KEY, TestApp, problem};

/// B-060: on loopback, without any setting.
#[tokio::test]
async fn a_server_for_its_own_host_answers_to_no_other_name() {
    let server = Server::start(FakeExecutor::echoing(), &[]).await;
    let own = server.address;
    let heads = [
        (format!("GET /health HTTP/1.1\r\nhost: localhost:{}", own.port()), "200"),
        (format!("GET /health HTTP/1.1\r\nhost: {own}"), "200"),
        ("GET /health HTTP/1.1\r\nhost: LOCALHOST.".to_owned(), "200"),
        ("GET /health HTTP/1.1\r\nhost: [::1]:5000".to_owned(), "200"),
        ("GET /health HTTP/1.0\r\nhost: localhost".to_owned(), "200"),
        ("GET http://localhost/health HTTP/1.1\r\nhost: localhost".to_owned(), "200"),
        ("GET /health HTTP/1.1\r\nhost: evil.example".to_owned(), "421"),
        ("GET /health HTTP/1.1\r\nhost: localhost.evil.example".to_owned(), "421"),
        ("GET /health HTTP/1.1\r\nhost: 127.0.0.1.evil.example".to_owned(), "421"),
        ("GET /health HTTP/1.1\r\nhost: 127.1".to_owned(), "421"),
        ("GET /run HTTP/1.1\r\nhost: evil.example".to_owned(), "421"),
        ("OPTIONS /run HTTP/1.1\r\nhost: evil.example\r\norigin: http://evil.example".to_owned(), "421"),
        ("GET /nothing HTTP/1.1\r\nhost: evil.example".to_owned(), "421"),
        // What the request line says counts for more.
        ("GET http://evil.example/health HTTP/1.1\r\nhost: localhost".to_owned(), "421"),
        ("GET http://localhost/health HTTP/1.1\r\nhost: evil.example".to_owned(), "200"),
        ("GET /health HTTP/1.1".to_owned(), "400"),
        ("GET /health HTTP/1.0".to_owned(), "400"),
        ("GET /health HTTP/1.1\r\nhost:".to_owned(), "400"),
        ("GET /health HTTP/1.1\r\nhost: a b".to_owned(), "400"),
        ("GET /health HTTP/1.1\r\nhost: me@localhost".to_owned(), "400"),
        ("GET /health HTTP/1.1\r\nhost: localhost\r\nhost: localhost".to_owned(), "400"),
        ("GET /health HTTP/1.1\r\nhost: localhost\r\nhost: evil.example".to_owned(), "400"),
    ];
    for (head, expected) in heads {
        let answer = server.talk(format!("{head}\r\nconnection: close\r\n\r\n").as_bytes()).await;
        assert_eq!(status(&answer), expected, "{head}: {answer}");
        if expected != "200" {
            assert!(answer.contains("application/problem+json") && answer.contains("nosniff"), "{head}: {answer}");
            assert!(!answer.contains("evil"), "{head}: {answer}");
        }
    }
    server.stop().await;
}

#[test]
fn names_follow_from_the_setting_and_else_from_the_address() {
    let only = |hosts: Hosts| match hosts {
        Hosts::Only(names) => names,
        Hosts::Any => vec!["any".to_owned()],
    };
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let public = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let own = only(Hosts::new(None, IpAddr::V4(Ipv4Addr::new(127, 0, 0, 5))));
    assert_eq!(own, ["localhost", "127.0.0.1", "[::1]", "127.0.0.5"]);
    assert_eq!(only(Hosts::new(None, IpAddr::V6(Ipv6Addr::LOCALHOST)))[0], "localhost");
    assert_eq!(Hosts::new(None, public), Hosts::Any);
    assert_eq!(Hosts::new(Some(&set(&["*"])), IpAddr::V4(Ipv4Addr::LOCALHOST)), Hosts::Any);
    assert_eq!(only(Hosts::new(Some(&set(&["run.school.example"])), public)), ["run.school.example"]);
}

/// What a page may send and read is what the API has: a header that is missing here is one no page can use.
#[tokio::test]
async fn a_page_may_send_and_read_every_header_of_the_api() {
    let origin = "https://lms.school.example";
    let app = TestApp::with(FakeExecutor::echoing(), &[("cors_origins", origin)]).await;
    let list = |answer: &TestResponse, name: &str| {
        let value = answer.header(name).to_str().expect("text").to_ascii_lowercase();
        value.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>()
    };
    let preflight = app.http.method(Method::OPTIONS, "/run").add_header("origin", origin);
    let preflight = preflight.add_header("access-control-request-method", "POST").await;
    let sent = list(&preflight, "access-control-allow-headers");
    for header in ["x-api-key", "content-type", "x-request-id", "prefer", "last-event-id", "idempotency-key"] {
        assert!(sent.iter().any(|sent| sent == header), "{header} is not in {sent:?}");
    }
    assert!(!sent.iter().any(|sent| sent == "*" || sent == "authorization" || sent == "cookie"), "{sent:?}");
    let methods = list(&preflight, "access-control-allow-methods");
    assert_eq!(methods, ["get", "head", "post", "patch", "delete"]);

    // Each is there where it is exposed.
    let body = serde_json::json!({"code": "", "inputs": ["4"]});
    let answer = app.post(&body).add_header("origin", origin).add_header("prefer", "wait=20").await;
    answer.assert_status_ok();
    let read = list(&answer, "access-control-expose-headers");
    assert_eq!(read, ["location", "retry-after", "x-request-id", "preference-applied"]);
    for header in ["location", "x-request-id", "preference-applied"] {
        assert!(answer.maybe_header(header).is_some(), "{header}");
    }
}

fn cors(headers: &HeaderMap) -> Vec<&str> {
    headers.keys().map(|name| name.as_str()).filter(|name| name.starts_with("access-control")).collect()
}

/// B-063: with a list, those in it and nobody else.
#[tokio::test]
async fn only_origins_in_the_list_are_let_in() {
    let flags = [("cors_origins", "https://lms.school.example, http://localhost:3000")];
    let app = TestApp::idle(FakeExecutor::echoing(), &flags).await;
    for origin in ["https://lms.school.example", "http://localhost:3000"] {
        let preflight = app.http.method(Method::OPTIONS, "/run").add_header("origin", origin);
        let preflight = preflight.add_header("access-control-request-method", "POST");
        let preflight = preflight.add_header("access-control-request-headers", "x-api-key,content-type").await;
        preflight.assert_status_ok();
        assert_eq!(preflight.header("access-control-allow-origin"), origin);
        let headers = preflight.header("access-control-allow-headers").to_str().unwrap().to_ascii_lowercase();
        assert!(headers.contains("x-api-key") && headers.contains("content-type"), "{headers}");
        assert!(preflight.header("access-control-allow-methods").to_str().unwrap().contains("POST"));

        // Errors can be read too, and a key is still needed.
        for (key, expected) in [(KEY, 200), ("wrong", 401)] {
            let answer = app.http.get("/metrics").add_header("x-api-key", key).add_header("origin", origin).await;
            assert_eq!(answer.status_code(), expected);
            assert_eq!(answer.header("access-control-allow-origin"), origin);
            assert!(answer.header("vary").to_str().unwrap().to_ascii_lowercase().contains("origin"));
            assert!(answer.maybe_header("access-control-allow-credentials").is_none());
        }
    }
    let foreign = [
        "https://evil.example",
        "null",
        "https://lms.school.example.evil.example",
        "http://lms.school.example",
        "https://lms.school.example:8443",
        "https://LMS.school.example",
        "http://localhost:30000",
        "*",
        "",
    ];
    for origin in foreign {
        let answer = app.get("/metrics").add_header("origin", origin).await;
        answer.assert_status_ok();
        assert!(answer.maybe_header("access-control-allow-origin").is_none(), "{origin}");
        assert!(answer.header("vary").to_str().unwrap().to_ascii_lowercase().contains("origin"), "{origin}");
        let preflight = app.http.method(Method::OPTIONS, "/run").add_header("origin", origin);
        let preflight = preflight.add_header("access-control-request-method", "POST").await;
        assert!(preflight.maybe_header("access-control-allow-origin").is_none(), "{origin}");
    }
}

/// B-063: without one, nothing is said at all.
#[tokio::test]
async fn without_a_list_no_page_is_let_in() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let preflight = app.http.method(Method::OPTIONS, "/run").add_header("origin", "https://lms.school.example");
    let preflight = preflight.add_header("access-control-request-method", "POST").await;
    problem(&preflight, 401);
    assert!(cors(preflight.headers()).is_empty());
    let answer = app.get("/metrics").add_header("origin", "https://lms.school.example").await;
    assert!(cors(answer.headers()).is_empty());
}
