//! A platform is told of results where it wants to be, and the server connects to nobody else.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use executor::fake::FakeExecutor;
use hmac::{Hmac, KeyInit, Mac};
use model::ExecId;
use serde_json::{Value, json};
use server::callbacks::courier::{Courier, Rules};
use server::callbacks::outside::Outside;
use server::callbacks::post::Post;
use server::callbacks::targets::Targets;
use server::metrics::observed::Observed;
use server::scheduler::{Stopper, stopper};
use sha2::Sha256;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::serve::{Server, post};
use crate::support::{Answer, Got, KEY, OTHER_KEY, Receiver, TestApp, id_of, problem, resolver, soon};

const LOOPBACK: &str = "127.0.0.1";

/// An application that sends callbacks.
struct Telling {
    app: TestApp,
    _stopper: Stopper,
}

/// How a test wants it.
struct Wish {
    targets: &'static str,
    tries: u32,
    wait: Duration,
    patience: Duration,
    outside: Outside,
}

impl Default for Wish {
    fn default() -> Self {
        let outside = Outside::given(None, Vec::new());
        let (wait, patience) = (Duration::from_millis(1), Duration::from_secs(20));
        Self { targets: LOOPBACK, tries: 1, wait, patience, outside }
    }
}

impl Telling {
    async fn with(wish: Wish) -> Self {
        let Wish { targets, tries, wait, patience, outside } = wish;
        let app = TestApp::with(FakeExecutor::echoing(), &[("callback_targets", targets)]).await;
        let connections = outside.connections().expect("TLS works");
        let courier = Courier {
            store: app.store.callbacks(),
            wake: Arc::new(Notify::new()),
            post: Post { targets: Targets::parse(targets).unwrap(), connections, patience },
            observed: Arc::new(Observed::default()),
            rules: Rules { first_wait: wait, poll: Duration::from_millis(5), ..Rules::new(tries) },
        };
        let (stopper, stop) = stopper();
        tokio::spawn(Arc::new(courier).run(stop));
        Self { app, _stopper: stopper }
    }

    async fn submit(&self, url: &str) -> ExecId {
        self.submit_as(KEY, url).await
    }

    async fn submit_as(&self, key: &str, url: &str) -> ExecId {
        let body = json!({"code": "", "inputs": ["4"], "callback_url": url});
        let response = self.app.as_key(Method::POST, "/run", key).json(&body).await;
        assert_eq!(response.status_code(), 202, "{url}: {}", response.text());
        id_of(&response)
    }

    /// What is told of the callback once it is like this.
    async fn until(&self, id: ExecId, is_so: impl Fn(&Value) -> bool) -> Value {
        let path = format!("/result/{id}/callback");
        soon(async {
            loop {
                let told = self.app.get(&path).await;
                if told.status_code() == 200 && is_so(&told.json()) {
                    return told.json();
                }
            }
        })
        .await
    }

    /// What is told of the callback when it is not sent any more.
    async fn end(&self, id: ExecId) -> Value {
        self.until(id, |told| told["status"] != "waiting").await
    }

    async fn redeliver(&self, id: ExecId) {
        let asked = self.app.as_key(Method::POST, &format!("/result/{id}/callback"), KEY).await;
        assert_eq!(asked.status_code(), 202, "{}", asked.text());
    }

    async fn secret(&self, method: Method) -> Value {
        let told = self.app.as_key(method, "/callbacks/secret", KEY).await;
        told.assert_status_ok();
        told.json()
    }
}

/// The signature that a receiver with this secret expects.
fn signature(got: &Got, told: &Value) -> String {
    let secret = told["secret"].as_str().unwrap().strip_prefix("whsec_").expect("the prefix of such secrets");
    let mut mac = Hmac::<Sha256>::new_from_slice(&model::base64_bytes::decode(secret).unwrap()).unwrap();
    mac.update(format!("{}.{}.", got.header("webhook-id"), got.header("webhook-timestamp")).as_bytes());
    mac.update(&got.body);
    format!("v1,{}", model::base64_bytes::encode(&mac.finalize().into_bytes()))
}

#[tokio::test]
async fn a_result_is_sent_signed_and_again_under_the_same_id_until_it_is_taken() {
    let receiver =
        Receiver::answering(&[Answer::status("500 Oh"), Answer::Silence, Answer::status("204 No Content")]).await;
    let patience = Duration::from_millis(300);
    let telling = Telling::with(Wish { tries: 8, patience, ..Wish::default() }).await;
    let id = telling.submit(&receiver.url()).await;
    let told = telling.end(id).await;
    assert_eq!((&told["status"], &told["tries"]), (&"delivered".into(), &3.into()), "{told}");
    assert_eq!((told.get("last_error"), told.get("next_try_at")), (None, None));

    let secret = telling.secret(Method::GET).await;
    let all = receiver.got(3).await;
    assert_eq!(all.len(), 3);
    for got in &all {
        assert_eq!(got.line, "POST /results?course=7 HTTP/1.1");
        assert_eq!(got.header("host"), receiver.address.to_string());
        assert_eq!(got.header("content-type"), "application/json");
        assert_eq!(got.header("webhook-id"), id.to_string());
        assert_eq!(got.header("webhook-signature"), signature(got, &secret));
        let now = time::OffsetDateTime::now_utc().unix_timestamp();
        let sent: i64 = got.header("webhook-timestamp").parse().unwrap();
        assert!((now - 60..=now).contains(&sent), "{sent} at {now}");
        assert!(got.headers.iter().all(|(name, value)| name != "x-api-key" && !value.contains(KEY)), "{got:?}");
        let mut body: Value = serde_json::from_slice(&got.body).unwrap();
        assert_eq!(body["exec_id"], id.to_string());
        body.as_object_mut().unwrap().remove("exec_id");
        let result = telling.app.get(&format!("/result/{id}")).await;
        assert_eq!(body, result.json::<Value>());
    }
}

#[tokio::test]
async fn what_is_dead_and_what_was_delivered_is_sent_again_when_that_is_asked_for() {
    let receiver =
        Receiver::answering(&[Answer::status("503 No"), Answer::status("503 No"), Answer::status("200 OK")]).await;
    let telling = Telling::with(Wish { tries: 2, ..Wish::default() }).await;
    let id = telling.submit(&receiver.url()).await;
    let told = telling.end(id).await;
    let dead = json!({"status": "dead", "tries": 2, "last_error": "it answered 503 Service Unavailable"});
    assert_eq!(told, dead);
    for requests in [3, 4] {
        telling.redeliver(id).await;
        let all = receiver.got(requests).await;
        assert!(all.iter().all(|got| got.header("webhook-id") == id.to_string()));
        assert_eq!(telling.end(id).await, json!({"status": "delivered", "tries": 1}));
    }
}

#[tokio::test]
async fn a_failed_try_waits_and_says_when_it_is_made_again() {
    let receiver = Receiver::answering(&[Answer::status("404 Not Found")]).await;
    let telling = Telling::with(Wish { tries: 2, wait: Duration::from_secs(3600), ..Wish::default() }).await;
    let id = telling.submit(&receiver.url()).await;
    let told = telling.until(id, |told| told.get("last_error").is_some()).await;
    assert_eq!((&told["status"], &told["tries"]), (&"waiting".into(), &1.into()));
    let format = &time::format_description::well_known::Rfc3339;
    let next = time::OffsetDateTime::parse(told["next_try_at"].as_str().unwrap(), format).unwrap();
    let wait = next - time::OffsetDateTime::now_utc();
    assert!(wait > time::Duration::minutes(25) && wait <= time::Duration::minutes(60), "{wait}");
}

#[tokio::test]
async fn whoever_is_no_good_receiver_is_told_as_one_and_costs_little() {
    let head = "HTTP/1.1 200 OK\r\n";
    let cases = [
        (Answer::status("201 Created"), "delivered", ""),
        (Answer::Endless(format!("{head}\r\n"), "x".repeat(8192)), "delivered", ""),
        (
            Answer::status("302 Found\r\nlocation: http://127.0.0.1:9/"),
            "dead",
            "it answered 302 Found, and redirects are not followed",
        ),
        (Answer::status("307 Temporary Redirect\r\nlocation: /"), "dead", "it answered 307 Temporary Redirect, and"),
        (Answer::status("400 Bad\r\nx: <secret>"), "dead", "it answered 400 Bad Request"),
        (Answer::Bytes("SSH-2.0-OpenSSH_9.2\r\n".to_owned()), "dead", "there was no answer in HTTP"),
        (Answer::Bytes(String::new()), "dead", "there was no answer in HTTP"),
        (
            Answer::Endless(head.to_owned(), format!("a: {}\r\n", "x".repeat(1000))),
            "dead",
            "there was no answer in HTTP",
        ),
        (
            Answer::Endless("HTTP/1.1 100 Continue\r\n\r\n".to_owned(), "HTTP/1.1 100 Continue\r\n\r\n".to_owned()),
            "dead",
            "there was no answer in ",
        ),
        (Answer::Silence, "dead", "there was no answer in 2000 ms"),
    ];
    let telling = Telling::with(Wish { patience: Duration::from_millis(2000), ..Wish::default() }).await;
    for (answer, status, error) in cases {
        let receiver = Receiver::answering(std::slice::from_ref(&answer)).await;
        let told = telling.end(telling.submit(&receiver.url()).await).await;
        assert_eq!(told["status"], status, "{answer:?}: {told}");
        assert!(told["last_error"].as_str().unwrap_or_default().starts_with(error), "{answer:?}: {told}");
        assert_eq!(receiver.got(1).await.len(), 1, "{answer:?}: each is tried once");
    }
    let nobody = {
        let receiver = Receiver::answering(&[Answer::Silence]).await;
        receiver.url()
    };
    // The port is free again when the task has ended.
    let told = soon(async {
        loop {
            let told = telling.end(telling.submit(&nobody).await).await;
            if told["last_error"].as_str().is_some_and(|error| error.starts_with("no connection could be made")) {
                return told;
            }
        }
    });
    assert_eq!(told.await["status"], "dead");
}

/// B-075
#[tokio::test]
async fn an_address_that_leads_inside_is_refused_at_once() {
    let telling = Telling::with(Wish { targets: "public", ..Wish::default() }).await;
    let long = format!("https://lms.school.example/{}", "a".repeat(2048));
    let cases = [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://017700000001/",
        "http://[::1]:8080/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::a00:1]/",
        "http://[2002:a00:1::]/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.1.2.3/",
        "http://0.0.0.0:5000/",
        "http://224.0.0.1/",
        "http://[fe80::1]/",
        "http://[fd12::1]/",
        "ftp://lms.school.example/",
        "file:///etc/passwd",
        "https://a:b@lms.school.example/",
        "lms.school.example",
        "",
        &long,
    ];
    for url in cases {
        let refused = telling.app.post(&json!({"code": "", "inputs": [], "callback_url": url})).await;
        let said = problem(&refused, 422);
        assert_eq!((&said["code"], &said["field"]), (&"invalid_value".into(), &"callback_url".into()), "{url}");
        assert!(said["detail"].as_str().unwrap().starts_with("`callback_url` must "), "{said}");
    }
    let refused = telling.app.post(&json!({"code": "", "inputs": [], "callback_url": 1})).await;
    assert_eq!(problem(&refused, 422)["code"], "wrong_type");
    let batch = json!({"submissions": [{"code": "", "inputs": [], "callback_url": "http://127.0.0.1/"}]});
    let refused = telling.app.as_key(Method::POST, "/run/batch", KEY).json(&batch).await;
    assert_eq!(problem(&refused, 422)["field"], "submissions[0].callback_url");

    let off = Telling::with(Wish { targets: "none", ..Wish::default() }).await;
    let refused = off.app.post(&json!({"code": "", "inputs": [], "callback_url": "https://lms.school.example/"})).await;
    let detail = problem(&refused, 422)["detail"].clone();
    assert_eq!(detail, "`callback_url` can not be used: callbacks are turned off on this server");
}

/// B-075
#[tokio::test]
async fn a_name_that_leads_inside_is_refused_when_it_is_known_where_it_leads() {
    let addresses = |name: &str, _| -> Vec<IpAddr> {
        let text = match name.split('.').next().unwrap() {
            "loopback" => "127.0.0.1",
            "loopback6" => "::1",
            "private" => "10.1.2.3",
            "link-local" => "169.254.169.254",
            "unspecified" => "0.0.0.0",
            "mapped" => "::ffff:127.0.0.1",
            "sixtofour" => "2002:7f00:1::1",
            "nat64" => "64:ff9b::7f00:1",
            "unique-local" => "fd00::1",
            "multicast" => "224.0.0.1",
            "several" => {
                return vec!["127.0.0.1".parse().unwrap(), "10.0.0.1".parse().unwrap(), "::1".parse().unwrap()];
            }
            _ => return Vec::new(),
        };
        vec![text.parse().unwrap()]
    };
    let trap = Receiver::answering(&[Answer::status("200 OK")]).await;
    let port = trap.address.port();
    let outside = Outside::given(Some(resolver(addresses).await), Vec::new());
    let telling = Telling::with(Wish { targets: "public", outside: outside.clone(), ..Wish::default() }).await;
    let names = [
        "loopback",
        "loopback6",
        "private",
        "link-local",
        "unspecified",
        "mapped",
        "sixtofour",
        "nat64",
        "unique-local",
        "multicast",
        "several",
    ];
    for name in names {
        let told = telling.end(telling.submit(&format!("http://{name}.school.example:{port}/")).await).await;
        let refused = "the host has no address to which callbacks may go on this server";
        assert_eq!((&told["status"], &told["last_error"]), (&"dead".into(), &refused.into()), "{name}");
    }
    let told = telling.end(telling.submit(&format!("http://nowhere.school.example:{port}/")).await).await;
    assert_eq!(told["last_error"], "the name of the host could not be resolved");
    assert_eq!(trap.connected(), 0);

    // The same way is open where the operator opens it, by address or by name.
    for (targets, open, closed) in [("127.0.0.1", "several", "private"), ("loopback.school.example", "loopback", "")] {
        let telling = Telling::with(Wish { targets, outside: outside.clone(), ..Wish::default() }).await;
        let before = trap.connected();
        let told = telling.end(telling.submit(&format!("http://{open}.school.example:{port}/")).await).await;
        assert_eq!(told["status"], "delivered", "{targets}: {told}");
        assert_eq!(trap.connected(), before + 1, "{targets}");
        if !closed.is_empty() {
            let told = telling.end(telling.submit(&format!("http://{closed}.school.example:{port}/")).await).await;
            assert_eq!(told["status"], "dead", "{targets}: {told}");
        }
    }
}

/// B-075: the address that was checked is the one that is connected to.
#[tokio::test]
async fn a_name_that_changes_where_it_leads_gains_nothing() {
    let good = Receiver::at("127.0.0.2:0".parse().unwrap(), &[Answer::status("200 OK")], None).await;
    let port = good.address.port();
    let trap = Receiver::at(([127, 0, 0, 1], port).into(), &[Answer::status("200 OK")], None).await;
    // The first time it is asked for it leads where it may, and from then on inside.
    let addresses = |_: &str, before| vec![IpAddr::from([127, 0, 0, if before == 0 { 2 } else { 1 }])];
    let outside = Outside::given(Some(resolver(addresses).await), Vec::new());
    let telling = Telling::with(Wish { targets: "127.0.0.2", outside, ..Wish::default() }).await;
    let id = telling.submit(&format!("http://rebinding.school.example:{port}/")).await;
    assert_eq!(telling.end(id).await["status"], "delivered");
    telling.redeliver(id).await;
    assert_eq!(telling.end(id).await["status"], "dead", "now it leads to an address that is not allowed");
    assert_eq!((good.connected(), trap.connected()), (1, 0));
}

/// A receiver that speaks TLS as this name, and who has signed its certificate.
async fn receiver_with_tls(name: &str) -> (Receiver, rcgen::CertifiedKey<rcgen::KeyPair>) {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    (Receiver::at("127.0.0.1:0".parse().unwrap(), &[Answer::status("200 OK")], Some(acceptor)).await, made)
}

#[tokio::test]
async fn https_is_for_whom_the_host_trusts_and_who_has_the_name() {
    let (receiver, made) = receiver_with_tls("lms.school.example").await;
    let port = receiver.address.port();
    let names = resolver(|_, _| vec![LOOPBACK.parse().unwrap()]).await;
    // The name that is called, whether its authority is trusted, and what comes of it.
    let cases = [("lms", true, "delivered"), ("other", true, "dead"), ("lms", false, "dead")];
    for (name, is_trusted, expected) in cases {
        let authorities = if is_trusted { vec![made.cert.der().clone()] } else { Vec::new() };
        let outside = Outside::given(Some(names.clone()), authorities);
        let telling = Telling::with(Wish { outside, ..Wish::default() }).await;
        let told = telling.end(telling.submit(&format!("https://{name}.school.example:{port}/x")).await).await;
        assert_eq!(told["status"], expected, "{name}, {is_trusted}: {told}");
        if expected == "dead" {
            assert!(told["last_error"].as_str().unwrap().starts_with("no TLS connection could be made"), "{told}");
        }
    }
    let got = receiver.got(1).await;
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].header("host"), format!("lms.school.example:{port}"));
}

#[tokio::test]
async fn one_whose_receiver_is_slow_does_not_hold_up_another() {
    let slow = Receiver::answering(&[Answer::Silence]).await;
    let good = Receiver::answering(&[Answer::status("200 OK")]).await;
    let telling = Telling::with(Wish::default()).await;
    for _ in 0..20 {
        telling.submit(&slow.url()).await;
    }
    slow.got(4).await;
    let id = telling.submit_as(OTHER_KEY, &good.url()).await;
    let got = good.got(1).await;
    assert_eq!(got[0].header("webhook-id"), id.to_string());
    assert_eq!(slow.connected(), 4, "no more of one key are sent at the same time");
}

#[tokio::test]
async fn callbacks_and_secrets_are_of_the_key_that_submitted() {
    let receiver = Receiver::answering(&[Answer::status("200 OK")]).await;
    let telling = Telling::with(Wish::default()).await;
    let id = telling.submit(&receiver.url()).await;
    telling.end(id).await;
    let path = format!("/result/{id}/callback");
    for method in [Method::GET, Method::POST] {
        let theirs = telling.app.as_key(method.clone(), &path, OTHER_KEY).await;
        let unknown =
            telling.app.as_key(method.clone(), &format!("/result/{}/callback", uuid::Uuid::new_v4()), KEY).await;
        assert_eq!(problem(&theirs, 404), problem(&unknown, 404));
        problem(&telling.app.as_key(method, "/result/x/callback", KEY).await, 404);
    }
    let silent = telling.app.submit("", &["4"]).await;
    telling.app.store.finished(silent).await;
    problem(&telling.app.get(&format!("/result/{silent}/callback")).await, 404);

    let ours = telling.secret(Method::GET).await;
    assert_eq!(telling.secret(Method::GET).await, ours, "it stays");
    let theirs: Value = telling.app.as_key(Method::GET, "/callbacks/secret", OTHER_KEY).await.json();
    assert_ne!(ours["secret"], theirs["secret"]);
}

#[tokio::test]
async fn after_a_rotation_both_secrets_are_good() {
    let receiver = Receiver::answering(&[Answer::status("200 OK")]).await;
    let telling = Telling::with(Wish::default()).await;
    let first = telling.secret(Method::GET).await;
    assert_eq!(first.get("previous_until"), None);
    let second = telling.secret(Method::POST).await;
    assert_ne!(first["secret"], second["secret"]);
    assert!(second["previous_until"].is_string(), "{second}");
    telling.end(telling.submit(&receiver.url()).await).await;
    let got = &receiver.got(1).await[0];
    let sent: HashSet<&str> = got.header("webhook-signature").split(' ').collect();
    assert_eq!(sent, HashSet::from([signature(got, &first).as_str(), signature(got, &second).as_str()]));

    telling.app.tamper("UPDATE callback_secrets SET previous_until = 1").await;
    telling.end(telling.submit(&receiver.url()).await).await;
    let got = &receiver.got(2).await[1];
    assert_eq!(got.header("webhook-signature"), signature(got, &second));
}

#[tokio::test]
async fn a_server_tells_of_results_and_of_what_the_server_before_it_had_left() {
    let receiver = Receiver::answering(&[Answer::status("500 Oh"), Answer::status("200 OK")]).await;
    let flags: &[(&'static str, &str)] = &[("callback_targets", LOOPBACK), ("callback_tries", "2")];
    let server = Server::in_world(FakeExecutor::echoing(), flags, Outside::given(None, Vec::new())).await;
    for inputs in [r#"["4"]"#, "[]"] {
        let body = format!(r#"{{"code":"","inputs":{inputs},"callback_url":"{}"}}"#, receiver.url());
        let answer = server.talk(&post(&body)).await;
        assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    }
    let first = receiver.got(2).await;
    assert_ne!(first[0].header("webhook-id"), first[1].header("webhook-id"));
    // One was not taken and waits for seconds, which the server does not wait for.
    let (folder, store) = server.stop().await;
    let server = Server::on(folder, store, FakeExecutor::echoing(), flags);
    let all = receiver.got(3).await;
    assert!(all[..2].iter().any(|got| got.header("webhook-id") == all[2].header("webhook-id")));
    let request = format!(
        "GET /metrics HTTP/1.1\r\nhost: localhost\r\nx-api-key: {KEY}\r\naccept: text/plain\r\nconnection: close\r\n\r\n"
    );
    let counted = r#"code_runner_callback_tries_total{outcome="delivered"} 1"#;
    // It is counted when the answer has come, which is a moment after the receiver has the request.
    soon(async { while !server.talk(request.as_bytes()).await.contains(counted) {} }).await;
    server.stop().await;
}
