//! What the tests share: settings, languages, submissions, and an application in a temporary folder.

#[cfg(feature = "otel")]
pub mod collector;
mod keys;
mod receiver;
mod resolver;
mod watched_store;

use std::ffi::OsString;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use axum::http::HeaderValue;
use axum_test::{TestRequest, TestResponse, TestServer};
use executor::Executor;
use executor::fake::FakeExecutor;
use model::{ExecId, Language, Mode, Submission};
use serde_json::{Value, json};
use server::app::{AppState, router};
use server::backlog::Backlog;
use server::callbacks::Callbacks;
use server::cancels::Cancels;
use server::config::{Config, Given, Secret};
use server::events::Events;
use server::execution_log::{ExecutionLog, LogGuard};
use server::history::History;
use server::history::memory::Memory;
use server::hosts::Hosts;
use server::key_rules::new_key;
use server::keyring::Keyring;
use server::metrics::observed::Observed;
use server::scheduler::{Scheduler, Stop, Stopper, Timing, stopper};
use server::secrets::digest;
use server::throughput::Throughput;
use server::validate::Rules;
use server::waiters::Waiters;
use server::wire::KeyRequest;
use store::{KeyStore, SecretDigest};
use tempfile::TempDir;
use time::OffsetDateTime;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

pub use keys::retry_after;
pub use receiver::{Answer, Got, Receiver};
pub use resolver::resolver;
pub use watched_store::WatchedStore;

pub const KEY: &str = "k7Qz-first-school-9c41";
pub const OTHER_KEY: &str = "p2Xv-second-school-77ab";

/// Fails the test instead of waiting for ever.
pub async fn soon<T>(event: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(30), event).await.expect("the event the test waits for should have come")
}

/// The settings with these flags and nothing from the environment.
pub fn config(flags: &[(&'static str, &str)]) -> Config {
    let flags = flags.iter().map(|(key, value)| (*key, OsString::from(value))).collect();
    Config::resolve(Given { flags, environment: &|_| None, file: None }).expect("the test's settings are allowed")
}

/// Python in both modes, a shell in one, and a language that is compiled and has limits of its own.
pub fn languages() -> Vec<Language> {
    let python = r#"
        id = "python"
        name = "Python"
        aliases = ["py"]
        version_command = ["/usr/bin/python3", "--version"]
        paths = ["/usr"]
        [modes.function]
        source = "code.py"
        run = ["/usr/bin/python3", "/code/code.py"]
        [modes.program]
        source = "code.py"
        run = ["/usr/bin/python3", "/code/code.py"]
    "#;
    let shell = r#"
        id = "shell"
        name = "Shell"
        version_command = ["/bin/sh", "--version"]
        paths = ["/usr"]
        [modes.program]
        source = "code.sh"
        run = ["/bin/sh", "/code/code.sh"]
    "#;
    let toy = r#"
        id = "toy"
        name = "Toy"
        packages = ["toy-compiler"]
        npm = ["toy@1.2.3"]
        version_command = ["/usr/bin/toy", "--version"]
        paths = ["/usr"]
        limits = { memory_kib = 65536, wall_time_ms = 3600000 }
        [modes.program]
        source = "code.toy"
        harness = ["start.toy"]
        compile = ["/usr/bin/toyc"]
        artifact = "program"
        run = ["/code/program"]
    "#;
    [python, shell, toy]
        .map(|text| Language::parse("language.toml", text).expect("the test's languages are right"))
        .into()
}

/// An accepted submission, as if it had come through the API.
pub fn submission(inputs: &[&str]) -> Submission {
    let inputs = inputs.iter().map(|input| (*input).to_owned()).collect();
    Submission::plain(ExecId::new(Uuid::new_v4()), "default", "python", Mode::Function, "return input_str", inputs)
}

/// Short times, so that what takes half a minute in production takes milliseconds here.
pub fn quick() -> Timing {
    Timing {
        lease: Duration::from_secs(20),
        heartbeat: Duration::from_millis(10),
        poll: Duration::from_millis(20),
        backoff: Duration::from_millis(1),
        abandon: Duration::from_secs(10),
        ..Timing::default()
    }
}

/// A running application.
pub struct TestApp {
    pub http: TestServer,
    pub store: Arc<WatchedStore>,
    pub executor: FakeExecutor,
    pub events: Arc<Events>,
    pub folder: Arc<TempDir>,
    /// What a server sets that was told to stop.
    pub draining: Arc<AtomicBool>,
    scheduler: Arc<Scheduler>,
    stopper: Stopper,
    stop: Stop,
    workers: Option<JoinHandle<()>>,
    log: LogGuard,
}

impl TestApp {
    /// With an executor that echoes, and two workers.
    pub async fn echoing() -> Self {
        Self::with(FakeExecutor::echoing(), &[]).await
    }

    /// With this executor and these settings, and two workers.
    pub async fn with(executor: FakeExecutor, flags: &[(&'static str, &str)]) -> Self {
        let mut app = Self::idle(executor, flags).await;
        app.start_workers();
        app
    }

    /// Without any worker: what is submitted waits.
    pub async fn idle(executor: FakeExecutor, flags: &[(&'static str, &str)]) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        Self::in_folder(Arc::new(folder), executor, flags).await
    }

    /// With another executor behind the API than behind the workers, which do not run.
    pub async fn with_executor(behind_api: Arc<dyn Executor>, executor: FakeExecutor) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        Self::build(Arc::new(folder), behind_api, executor, &[]).await
    }

    /// On what an earlier application left in this folder.
    pub async fn in_folder(folder: Arc<TempDir>, executor: FakeExecutor, flags: &[(&'static str, &str)]) -> Self {
        Self::build(folder, Arc::new(executor.clone()), executor, flags).await
    }

    async fn build(
        folder: Arc<TempDir>,
        behind_api: Arc<dyn Executor>,
        executor: FakeExecutor,
        flags: &[(&'static str, &str)],
    ) -> Self {
        let config = config(flags);
        let store = WatchedStore::open(folder.path()).await;
        let (log, guard) = ExecutionLog::open(&folder.path().join("logs")).expect("the log opens");
        let wake = Arc::new(Notify::new());
        let observed = Arc::new(Observed::default());
        let draining = Arc::new(AtomicBool::new(false));
        let waiters = Arc::new(Waiters::default());
        let events = Arc::new(Events::default());
        let cancels = Arc::new(Cancels::default());
        let throughput = Arc::new(Throughput::new(2));
        let keys = Keyring::new(&Secret::new(KEY), store.keys());
        add_other_key(&*store.keys()).await;
        let app = router(Arc::new(AppState {
            callbacks: Callbacks { store: store.callbacks(), wake: waiters.courier() },
            store: store.clone(),
            executor: behind_api,
            rules: Rules::new(&config, languages()).expect("python is there"),
            keys,
            backlog: Backlog::new(config.max_queued),
            throughput: throughput.clone(),
            wake: wake.clone(),
            waiters: waiters.clone(),
            events: events.clone(),
            cancels: cancels.clone(),
            log: log.clone(),
            pace: config.pace(),
            hosts: Hosts::new(config.hosts.as_deref(), config.listen.ip()),
            cors_origins: config.cors_origins.clone().unwrap_or_default(),
            pages: config.pages,
            traces: Arc::default(),
            fleet: None,
            draining: draining.clone(),
            observed: observed.clone(),
            history: Arc::new(History::new(
                observed.recorder.clone(),
                store.history(),
                store.clone(),
                Memory::of_this_process(),
            )),
        }));
        let scheduler = Scheduler {
            store: store.clone(),
            executor: Arc::new(executor.clone()),
            wake,
            waiters,
            events: events.clone(),
            cancels,
            throughput,
            log,
            observed,
            traces: Arc::default(),
            publisher: None,
            timing: quick(),
        };
        let (stopper, stop) = stopper();
        Self {
            http: TestServer::new(app),
            store,
            executor,
            events,
            folder,
            draining,
            scheduler: Arc::new(scheduler),
            stopper,
            stop,
            workers: None,
            log: guard,
        }
    }

    pub fn start_workers(&mut self) {
        self.workers = Some(tokio::spawn(self.scheduler.clone().run(2, self.stop.clone())));
    }

    /// Like [`TestApp::start_workers`], while a request is on its way. They end with the application.
    pub fn start_workers_meanwhile(&self) {
        drop(tokio::spawn(self.scheduler.clone().run(2, self.stop.clone())));
    }

    /// Ends everything in order, so that the folder can be used again and the log is written.
    pub async fn end(self) -> Arc<TempDir> {
        self.stopper.stop(Instant::now());
        if let Some(workers) = self.workers {
            soon(workers).await.expect("the workers end");
        }
        self.store.close().await;
        drop(self.log);
        self.folder
    }

    pub fn post(&self, body: &Value) -> TestRequest {
        self.http.post("/run").add_header("x-api-key", KEY).json(body)
    }

    pub fn get(&self, path: &str) -> TestRequest {
        self.http.get(path).add_header("x-api-key", KEY)
    }

    /// Sends bytes as they are.
    pub async fn post_bytes(&self, content_type: &str, body: impl Into<Vec<u8>>) -> TestResponse {
        let request = self.http.post("/run").add_header("x-api-key", KEY).bytes(body.into().into());
        request.add_header("content-type", HeaderValue::from_str(content_type).expect("a header value")).await
    }

    /// Submits and returns the id.
    pub async fn submit(&self, code: &str, inputs: &[&str]) -> ExecId {
        let response = self.post(&json!({"code": code, "inputs": inputs})).await;
        response.assert_status(axum::http::StatusCode::ACCEPTED);
        id_of(&response)
    }

    /// Submits, waits for the end and fetches the result.
    pub async fn run(&self, body: &Value) -> Value {
        let response = self.post(body).await;
        response.assert_status(axum::http::StatusCode::ACCEPTED);
        let id = id_of(&response);
        self.store.finished(id).await;
        let result = self.get(&format!("/result/{id}")).await;
        result.assert_status_ok();
        result.json()
    }
}

/// Adds [`OTHER_KEY`], unless an earlier application has.
async fn add_other_key(keys: &dyn KeyStore) {
    let secret = SecretDigest { digest: digest(OTHER_KEY.as_bytes()), public_part: "of a test".to_owned() };
    let request = KeyRequest { name: "other".to_owned(), ..KeyRequest::default() };
    let key = new_key(request, secret, OffsetDateTime::now_utc()).expect("the test's key is allowed");
    keys.add_key(&key).await.expect("the store works");
}

pub fn id_of(response: &TestResponse) -> ExecId {
    let body: Value = response.json();
    body["exec_id"].as_str().expect("an exec_id").parse().expect("an exec_id in its one spelling")
}

/// The status, and that the body is a problem document about it; returns the document.
pub fn problem(response: &TestResponse, status: u16) -> Value {
    assert_eq!(response.status_code(), status, "{}", response.text());
    assert_eq!(response.header("content-type"), "application/problem+json");
    let body: Value = response.json();
    assert_eq!(body["status"], status);
    assert_eq!(body["type"], "about:blank");
    for field in ["title", "detail", "code"] {
        assert!(body[field].as_str().is_some_and(|text| !text.is_empty()), "{field} of {body}");
    }
    body
}
