//! `code-runner serve` as a child process, and a client for it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The key of every server here that is given one.
pub const KEY: &str = "b3a1f0c2d4e596877869a5b4c3d2e1f0";

/// How long a test waits for what must happen; far more than it takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// The command, with folders of its own and a port the kernel chooses.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_code-runner"));
    command
        .arg("serve")
        .current_dir(folder)
        .env_clear()
        .env("CODE_RUNNER_LANGUAGES_DIR", languages())
        .env("CODE_RUNNER_LISTEN", "127.0.0.1:0")
        .env("CODE_RUNNER_WORKERS", "2")
        .stdin(Stdio::null());
    command
}

/// The repository's languages.
pub fn languages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../languages")
}

/// Runs the command to its end.
pub fn output(command: &mut Command) -> Output {
    command.output().expect("can be started")
}

/// A running server.
pub struct Server {
    /// Its process.
    pub process: Child,
    address: String,
    /// What it printed on standard output before it said where it listens.
    pub first_words: String,
    /// The lines on standard error before that.
    pub said: Vec<String>,
    /// Reads the lines after it, to the last.
    further: Option<JoinHandle<Vec<String>>>,
    folder: PathBuf,
    key: String,
}

impl Server {
    /// Starts one in this folder with [`KEY`].
    pub fn start(folder: &Path) -> Self {
        Self::start_with(folder, command(folder).env("API_TOKEN", KEY), KEY.to_owned())
    }

    /// Starts one with [`KEY`] that has the languages of another folder.
    pub fn start_with_languages(folder: &Path, languages: &Path) -> Self {
        let mut command = command(folder);
        command.env("API_TOKEN", KEY).env("CODE_RUNNER_LANGUAGES_DIR", languages);
        Self::start_with(folder, &mut command, KEY.to_owned())
    }

    /// Starts one that makes its own key.
    pub fn start_without_key(folder: &Path) -> Self {
        let mut server = Self::start_with(folder, &mut command(folder), String::new());
        server.key = std::fs::read_to_string(folder.join("data/api-token")).expect("a key was made").trim().to_owned();
        server
    }

    /// Starts this command, which must have the key.
    pub fn start_with(folder: &Path, command: &mut Command, key: String) -> Self {
        let printed = folder.join("stdout");
        let file = std::fs::File::create(&printed).expect("can be made");
        let mut process = command.stdout(file).stderr(Stdio::piped()).spawn().expect("can be started");
        let mut lines = BufReader::new(process.stderr.take().expect("is a pipe")).lines();
        let mut said = Vec::new();
        let address = loop {
            let Some(Ok(line)) = lines.next() else { panic!("the server ended: {said:#?}") };
            if let Some((_, rest)) = line.split_once("listening address=") {
                break rest.split(' ').next().unwrap_or_default().to_owned();
            }
            said.push(line);
        };
        // Somebody must read on, or the server would wait for room in the pipe.
        let further = std::thread::spawn(move || lines.map_while(Result::ok).collect());
        let first_words = std::fs::read_to_string(&printed).expect("was printed");
        Self { process, address, first_words, said, further: Some(further), folder: folder.to_owned(), key }
    }

    /// Where it listens.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A request with the key: the status and the JSON body.
    pub fn get(&self, path: &str) -> (u16, Value) {
        let agent = agent();
        let mut response = agent.get(self.url(path)).header("x-api-key", &self.key).call().expect("an answer");
        (response.status().as_u16(), response.body_mut().read_json().expect("JSON"))
    }

    /// `POST` with the key: the status and the JSON body.
    pub fn post_to(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = agent().post(self.url(path)).header("x-api-key", &self.key);
        let mut response = request.send_json(body).expect("an answer");
        (response.status().as_u16(), response.body_mut().read_json().expect("JSON"))
    }

    /// `GET` with another key: the status alone.
    pub fn status(&self, path: &str, key: &str) -> u16 {
        agent().get(self.url(path)).header("x-api-key", key).call().expect("an answer").status().as_u16()
    }

    /// Asks until this key gets this status.
    pub fn until(&self, key: &str, status: u16) {
        let deadline = Instant::now() + PATIENCE;
        while self.status("/usage", key) != status {
            assert!(Instant::now() < deadline, "{status} never comes");
        }
    }

    /// A request with the key whose answer is read while it comes.
    pub fn stream(&self, path: &str) -> impl std::io::Read + use<> {
        let response = agent().get(self.url(path)).header("x-api-key", &self.key).call().expect("an answer");
        assert_eq!(response.status().as_u16(), 200);
        response.into_body().into_reader()
    }

    /// `DELETE` with the key: the status.
    pub fn delete(&self, path: &str) -> u16 {
        agent().delete(self.url(path)).header("x-api-key", &self.key).call().expect("an answer").status().as_u16()
    }

    /// `POST /run`: the `exec_id`.
    pub fn submit(&self, body: &Value) -> String {
        let (status, answer) = self.post(body);
        assert_eq!((status, &answer["status"]), (202, &json!("started")), "{answer}");
        answer["exec_id"].as_str().expect("an id").to_owned()
    }

    /// `POST /run`, whatever comes of it: the status and the JSON body.
    pub fn post(&self, body: &Value) -> (u16, Value) {
        self.post_to("/run", body)
    }

    /// `POST /run` with this idempotency key: the `exec_id`.
    pub fn submit_once(&self, once: &str, body: &Value) -> String {
        let request = agent().post(self.url("/run")).header("x-api-key", &self.key).header("idempotency-key", once);
        let mut response = request.send_json(body).expect("an answer");
        let answer: Value = response.body_mut().read_json().expect("JSON");
        assert_eq!(response.status().as_u16(), 202, "{answer}");
        answer["exec_id"].as_str().expect("an id").to_owned()
    }

    /// `POST /run` that is refused for now: the status, the seconds of `Retry-After`, and the JSON body.
    pub fn refused(&self, body: &Value) -> (u16, u64, Value) {
        let request = agent().post(self.url("/run")).header("x-api-key", &self.key);
        let mut response = request.send_json(body).expect("an answer");
        let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
        let (status, body) = (response.status().as_u16(), response.body_mut().read_json().expect("JSON"));
        (status, retry_after.unwrap_or_else(|| panic!("{status} without Retry-After: {body}")), body)
    }

    /// Submits and waits for the result.
    pub fn run(&self, body: &Value) -> Value {
        self.result(&self.submit(body))
    }

    /// What `GET /languages` says of this one, once it has been tried or is known not to be installed.
    pub fn language(&self, id: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let (_, list) = self.get("/languages");
            let all = list["languages"].as_array().expect("a list");
            let found = all.iter().find(|language| language["id"] == id).expect("is listed");
            if !found["self_test"].is_null() || found["available"] == false {
                return found.clone();
            }
        }
        panic!("{id} is never tried");
    }

    /// What `GET /health` says once every probe of the wall has passed.
    pub fn health(&self) -> Value {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let (status, body) = self.get("/health");
            assert_eq!(status, 200, "{body}");
            if !body["wall_test"].is_null() {
                return body;
            }
        }
        panic!("the wall is never tried");
    }

    /// What `GET /health` says of boxes made ahead, once as many wait as are wanted.
    pub fn filled(&self) -> Value {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let (_, health) = self.get("/health");
            let ahead = &health["boxes_ahead"];
            if ahead["wanted"].is_u64() && ahead["wanted"] == ahead["waiting"] {
                return ahead.clone();
            }
        }
        panic!("boxes that are wanted do not wait");
    }

    /// How many programs of submissions were warm before their use, and how many were started for it.
    pub fn starts(&self) -> (u64, u64) {
        let text = self.metrics_text();
        let value = |name: &str| {
            let found = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
            found.unwrap_or_else(|| panic!("no {name} in {text}"))
        };
        (value("code_runner_warm_starts_total"), value("code_runner_cold_starts_total"))
    }

    /// What Prometheus reads.
    pub fn metrics_text(&self) -> String {
        let request = agent().get(self.url("/metrics")).header("x-api-key", &self.key).header("accept", "text/plain");
        request.call().expect("an answer").body_mut().read_to_string().expect("text")
    }

    /// Asks until submissions can be sent here.
    pub fn until_ready(&self) {
        let deadline = Instant::now() + PATIENCE;
        while self.get("/health/ready").0 != 200 {
            assert!(Instant::now() < deadline, "it never gets ready");
        }
    }

    /// Asks until it is done.
    pub fn result(&self, id: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let (status, body) = self.get(&format!("/result/{id}"));
            if status == 200 {
                return body;
            }
            assert_eq!((status, &body["status"]), (202, &json!("pending")));
        }
        panic!("{id} is pending for ever");
    }

    /// The lines of the execution log.
    pub fn log(&self) -> Vec<Value> {
        let files = std::fs::read_dir(self.folder.join("logs")).expect("a folder");
        let texts = files.map(|file| std::fs::read_to_string(file.expect("a file").path()).expect("text"));
        texts
            .flat_map(|text| text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect::<Vec<_>>())
            .collect()
    }

    /// Sends a signal.
    pub fn signal(&self, signal: rustix::process::Signal) {
        send_signal(self.process.id(), signal);
    }

    /// Waits for its end: did it end well?
    pub fn wait(&mut self) -> bool {
        self.process.wait().expect("a status").success()
    }

    /// SIGTERM, and its end, which must be a good one.
    pub fn stop(mut self) {
        self.signal(rustix::process::Signal::TERM);
        assert!(self.wait(), "it did not end well");
    }

    /// The same, and every line it ever said.
    pub fn stop_and_hear(mut self) -> Vec<String> {
        let further = self.further.take().expect("nobody asked before");
        let said = self.said.clone();
        self.stop();
        [said, further.join().expect("no panic")].concat()
    }

    /// The name of its boxes' cgroups, from the lock file its launcher holds.
    pub fn instance(&self) -> String {
        let descriptors = std::fs::read_dir(format!("/proc/{}/fd", self.launcher())).expect("a folder");
        let targets = descriptors.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
        let lock = targets.into_iter().find(|target| target.extension().is_some_and(|extension| extension == "lock"));
        let name = std::fs::read_to_string(lock.expect("a lock is held")).expect("text");
        assert!(name.starts_with("code-runner-"), "{name}");
        name
    }

    /// The launcher's process id.
    pub fn launcher(&self) -> u32 {
        let children = format!("/proc/{0}/task/{0}/children", self.process.id());
        let children = std::fs::read_to_string(children).expect("a list");
        children.split_whitespace().next().and_then(|pid| pid.parse().ok()).expect("a launcher")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A test that failed must not leave its server behind.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Sends a signal to any process.
pub fn send_signal(pid: u32, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(pid.cast_signed()).expect("a process");
    rustix::process::kill_process(pid, signal).expect("is alive");
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

/// Cgroups of this name, anywhere on this host.
pub fn cgroups(name: &str) -> Vec<PathBuf> {
    let root = PathBuf::from("/sys/fs/cgroup");
    let hierarchies = std::fs::read_dir(&root).expect("a folder").filter_map(Result::ok).map(|entry| entry.path());
    hierarchies.chain([root]).map(|place| place.join(name)).filter(|path| path.exists()).collect()
}
