//! The server over real sockets: start, bounds, stop.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use executor::fake::FakeExecutor;
use model::Verdict;
use serde_json::Value;
use server::callbacks::outside::Outside;
use server::history::memory::Memory;
use server::node::{Runs, ServeError, Stores, Surroundings, Work, serve_with};
use store::Store;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::support::{KEY, WatchedStore, config, languages, soon, submission};

pub struct Server {
    pub address: SocketAddr,
    pub store: Arc<WatchedStore>,
    pub executor: FakeExecutor,
    pub folder: TempDir,
    pub stop: oneshot::Sender<()>,
    pub ended: JoinHandle<Result<(), ServeError>>,
}

impl Server {
    pub async fn start(executor: FakeExecutor, flags: &[(&'static str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let store = WatchedStore::open(folder.path()).await;
        Self::on(folder, store, executor, flags)
    }

    /// With this of the world outside.
    pub async fn in_world(executor: FakeExecutor, flags: &[(&'static str, &str)], outside: Outside) -> Self {
        let folder = TempDir::new().unwrap();
        let store = WatchedStore::open(folder.path()).await;
        Self::on_in(folder, store, executor, flags, outside)
    }

    pub fn on(
        folder: TempDir,
        store: Arc<WatchedStore>,
        executor: FakeExecutor,
        flags: &[(&'static str, &str)],
    ) -> Self {
        Self::on_in(folder, store, executor, flags, Outside::given(None, Vec::new()))
    }

    pub fn on_in(
        folder: TempDir,
        store: Arc<WatchedStore>,
        executor: FakeExecutor,
        flags: &[(&'static str, &str)],
        outside: Outside,
    ) -> Self {
        let token = folder.path().join("token");
        std::fs::write(&token, KEY).unwrap();
        let (data, logs) = (folder.path().join("data"), folder.path().join("logs"));
        let paths = [("api_token_file", &token), ("data_dir", &data), ("log_dir", &logs)];
        let paths = paths.map(|(key, path)| (key, path.to_str().unwrap()));
        let config = config(&[flags, &paths].concat());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let runs = Arc::new(executor.clone());
        let stores = stores(&store);
        let surroundings = Surroundings { outside, memory: Memory::of_this_process() };
        let shutdown = async { stopped.await.unwrap_or_default() };
        let work = work(runs);
        let ended = tokio::spawn(serve_with(config, work, stores, surroundings, listener, shutdown));
        Self { address, store, executor, folder, stop, ended }
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("the server listens")
    }

    /// Sends bytes and reads until the server closes.
    pub async fn talk(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes).await.unwrap();
        read_to_end(&mut stream).await
    }

    pub async fn stop(self) -> (TempDir, Arc<WatchedStore>) {
        let _ = self.stop.send(());
        soon(self.ended).await.expect("no panic").expect("no error");
        (self.folder, self.store)
    }
}

fn stores(store: &Arc<WatchedStore>) -> Stores {
    Stores {
        submissions: store.clone(),
        keys: store.keys(),
        callbacks: store.callbacks(),
        history: store.history(),
        fleet: None,
    }
}

/// A node that does both.
fn work(executor: Arc<FakeExecutor>) -> Work {
    let runs = Runs { executor, languages: languages().into_iter().map(|language| language.id).collect(), workers: 2 };
    Work { accepts: Some(languages()), runs: Some(runs) }
}

pub async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset instead of an end is an end too: what came before it counts.
    let _ = soon(stream.read_to_end(&mut answer)).await;
    String::from_utf8(answer).expect("text")
}

pub fn post(body: &str) -> Vec<u8> {
    format!(
        "POST /run HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: {KEY}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

pub fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("no answer")
}

#[tokio::test]
async fn a_submission_over_the_network() {
    let server = Server::start(FakeExecutor::echoing(), &[]).await;
    let answer = server.talk(&post(r#"{"code":"","inputs":["4"]}"#)).await;
    assert_eq!(status(&answer), "202", "{answer}");
    let body: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    let id: model::ExecId = body["exec_id"].as_str().unwrap().parse().unwrap();
    server.store.finished(id).await;
    assert_eq!(server.store.report(id).await.inputs[0].output, "4");
    server.stop().await;
}

#[tokio::test]
async fn stopping_finishes_what_runs_and_the_next_start_finishes_what_waits() {
    let server = Server::start(FakeExecutor::echoing().gated(), &[("workers", "1")]).await;
    let (running, waiting) = (submission(&["1"]), submission(&["2"]));
    server.store.submit(&running).await.unwrap();
    server.store.submit(&waiting).await.unwrap();
    soon(server.executor.begun(1)).await;
    let executor = server.executor.clone();
    let mut idle = server.connect().await;
    let stopping = tokio::spawn(server.stop());
    // A connection without a request is closed when the server has begun to stop.
    assert_eq!(read_to_end(&mut idle).await, "");
    executor.let_through(1);
    let (folder, store) = soon(stopping).await.unwrap();
    assert_eq!(store.report(running.id).await.verdict, Verdict::Ok);
    assert_eq!(executor.executions().len(), 1);

    let server = Server::on(folder, store, FakeExecutor::echoing(), &[]);
    server.store.finished(waiting.id).await;
    server.stop().await;
}

/// B-072
#[tokio::test]
async fn what_a_crash_left_claimed_is_run_again_at_the_start() {
    let folder = TempDir::new().unwrap();
    let store = WatchedStore::open(folder.path()).await;
    let left = submission(&["1"]);
    store.submit(&left).await.unwrap();
    store.claim(std::time::Duration::from_secs(3600)).await.unwrap().expect("work");
    let server = Server::on(folder, store, FakeExecutor::echoing(), &[]);
    server.store.finished(left.id).await;
    server.stop().await;
}

#[tokio::test]
async fn paths_are_taken_as_they_are() {
    let server = Server::start(FakeExecutor::echoing(), &[]).await;
    for path in ["/result/%2e%2e", "/result/..", "/result/../health", "/swagger/%2e%2e%2fCargo.toml", "/%2e/health"] {
        let head = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: {KEY}\r\n\r\n");
        let answer = server.talk(head.as_bytes()).await;
        assert_eq!(status(&answer), "404", "{path}: {answer}");
    }
    server.stop().await;
}

/// B-056
#[tokio::test]
async fn silent_connections_are_closed() {
    let server = Server::start(FakeExecutor::echoing(), &[("header_timeout_ms", "50")]).await;
    let never = server.talk(b"").await;
    assert!(never.is_empty() || status(&never) == "408", "{never}");
    let half = server.talk(b"GET /health HTTP/1.1\r\nhost:").await;
    assert!(half.is_empty() || status(&half) == "408", "{half}");
    let kept_alive = server.talk(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    assert_eq!(status(&kept_alive), "200", "{kept_alive}");
    server.stop().await;
}

/// B-018
#[tokio::test]
async fn a_body_that_does_not_come_is_408() {
    let server = Server::start(FakeExecutor::echoing(), &[("body_timeout_ms", "50")]).await;
    let mut request = post(r#"{"code":"","inputs":["4"]}"#);
    request.truncate(request.len() - 5);
    let answer = server.talk(&request).await;
    assert_eq!(status(&answer), "408", "{answer}");
    assert!(answer.contains("request_timeout"), "{answer}");
    server.stop().await;
}

/// B-015, B-019
#[tokio::test]
async fn a_declared_length_over_the_bound_is_refused_before_the_body() {
    let server = Server::start(FakeExecutor::echoing(), &[]).await;
    let head = |key: &str, length: &str| {
        format!(
            "POST /run HTTP/1.1\r\nhost: localhost\r\nx-api-key: {key}\r\ncontent-type: application/json\r\n\
             expect: 100-continue\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
        )
    };
    // The final answer comes first: nobody is told to send such a body.
    let large = server.talk(head(KEY, "8388609").as_bytes()).await;
    assert_eq!(status(&large), "413", "{large}");
    let wrong = server.talk(head("wrong", "10").as_bytes()).await;
    assert_eq!(status(&wrong), "401", "{wrong}");
    // And one that is fine is.
    let mut stream = server.connect().await;
    stream.write_all(head(KEY, "2").as_bytes()).await.unwrap();
    let mut continued = [0; 25];
    soon(stream.read_exact(&mut continued)).await.unwrap();
    assert_eq!(&continued, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"{}").await.unwrap();
    assert_eq!(status(&read_to_end(&mut stream).await), "422");
    server.stop().await;
}

/// B-016
#[tokio::test]
async fn a_chunked_body_is_refused_when_it_crosses_the_bound() {
    let flags = [("max_body_bytes", "1024"), ("max_code_bytes", "1024"), ("max_input_bytes", "1024")];
    let server = Server::start(FakeExecutor::echoing(), &flags).await;
    let head = format!(
        "POST /run HTTP/1.1\r\nhost: localhost\r\nx-api-key: {KEY}\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    );
    // 1025 bytes and no end: an answer can only come from the bound.
    let answer = server.talk(format!("{head}401\r\n{}\r\n", " ".repeat(0x401)).as_bytes()).await;
    assert_eq!(status(&answer), "413", "{answer}");
    server.stop().await;
}

#[tokio::test]
async fn more_connections_than_allowed_wait_for_their_turn() {
    let server = Server::start(FakeExecutor::echoing(), &[("max_connections", "1")]).await;
    let mut first = server.connect().await;
    first.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut begin = [0; 12];
    soon(first.read_exact(&mut begin)).await.unwrap();
    assert_eq!(&begin, b"HTTP/1.1 200");

    let mut second = server.connect().await;
    second.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    // Still open, the first is answered again, and the second is not.
    first.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let rest = read_to_end(&mut first).await;
    assert!(rest.contains("HTTP/1.1 200"), "{rest}");
    assert_eq!(status(&read_to_end(&mut second).await), "200");
    server.stop().await;
}

#[tokio::test]
async fn a_start_that_can_not_work_is_refused_with_the_reason() {
    let attempt = async |address: &str, flags: &[(&'static str, &str)]| {
        let folder = TempDir::new().unwrap();
        let store = WatchedStore::open(folder.path()).await;
        let (data, logs) = (folder.path().join("data"), folder.path().join("logs"));
        let paths = [("data_dir", data.to_str().unwrap()), ("log_dir", logs.to_str().unwrap())];
        let config = config(&[&paths, flags].concat());
        let listener = TcpListener::bind(address).unwrap();
        let never = std::future::pending();
        let outside = Outside::given(None, Vec::new());
        let (stores, surroundings) = (stores(&store), Surroundings { outside, memory: Memory::of_this_process() });
        let runs = Arc::new(FakeExecutor::echoing());
        let served = serve_with(config, work(runs), stores, surroundings, listener, never);
        soon(served).await.expect_err("the start is refused").to_string()
    };
    let public = attempt("0.0.0.0:0", &[]).await;
    assert!(public.contains("API_TOKEN is not set") && public.contains("0.0.0.0"), "{public}");
    let language = attempt("127.0.0.1:0", &[("language", "cobol")]).await;
    assert!(language.starts_with("CODE_LANGUAGE is `cobol`; allowed is `python`, `shell`"), "{language}");
    let log = attempt("127.0.0.1:0", &[("log_dir", "/proc/nowhere")]).await;
    assert!(log.starts_with("the log directory /proc/nowhere can not be used"), "{log}");
}
