//! A fake `dagger session`: a process of its own that speaks the handshake and the GraphQL of a session, and makes containers
//! that are as much like an engine's as can be had without one (`enter`), with the real runner in them.
//!
//! What it does is said in a folder, which is what its engine's address names: the file `handshake` how it begins, `version`
//! what it says of itself, and `script` what comes of each submission, one word on a line, in their order over all sessions of
//! the engine; when there is none left they are run. What it sees goes to the file `log`.

use std::fs::{self, OpenOptions};
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use serde_json::{Value, json};

use crate::SCHEME;

const TOKEN: &str = "0123-token";

struct Session {
    folder: PathBuf,
    script: Mutex<()>,
    count: AtomicU64,
}

/// The process.
pub fn main() -> ExitCode {
    let host = std::env::var("_EXPERIMENTAL_DAGGER_RUNNER_HOST").unwrap_or_default();
    let Some(folder) = host.strip_prefix(SCHEME) else { return ExitCode::from(2) };
    let session = Session { folder: folder.into(), script: Mutex::new(()), count: AtomicU64::new(0) };
    let names: Vec<_> = std::env::vars().map(|(name, _)| name).collect();
    session.log(&format!("pid {}", std::process::id()));
    session.log(&format!("arguments {}", std::env::args().skip(1).collect::<Vec<_>>().join(" ")));
    session.log(&format!("environment {}", names.join(" ")));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let right = json!({ "port": port, "session_token": TOKEN }).to_string();
    match session.read("handshake").trim() {
        "" => println!("{right}"),
        "dies" => {
            eprintln!("Error: start engine: no such socket");
            return ExitCode::from(1);
        }
        "none" => {}
        "garbage" => println!("Connected to engine"),
        "long" => print!("{}", "x".repeat(1 << 20)),
        "half" => {
            print!("{{\"port\":{port},");
            return ExitCode::SUCCESS;
        }
        "talks" => {
            println!("{right}");
            for _ in 0..20_000 {
                println!("progress progress progress");
                eprintln!("progress progress progress");
            }
        }
        other => panic!("there is no handshake `{other}`"),
    }
    std::io::stdout().flush().expect("is open");
    let session = Arc::new(session);
    let serving = Arc::clone(&session);
    std::thread::spawn(move || {
        for stream in listener.incoming().filter_map(Result::ok) {
            let session = Arc::clone(&serving);
            std::thread::spawn(move || session.serve(stream));
        }
    });
    // Until nobody holds the other end.
    let _ = std::io::stdin().lock().read_to_end(&mut Vec::new());
    session.log("ended");
    ExitCode::SUCCESS
}

impl Session {
    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap_or_default()
    }

    fn log(&self, line: &str) {
        let file = OpenOptions::new().append(true).create(true).open(self.folder.join("log"));
        let written = file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()));
        written.expect("the log can be written");
    }

    /// Takes the next word of the script.
    fn next(&self) -> String {
        let _alone = self.script.lock().expect("nobody panics");
        let script = self.read("script");
        let (word, rest) = script.split_once('\n').unwrap_or((&script, ""));
        fs::write(self.folder.join("script"), rest).expect("the script can be written");
        word.trim().to_owned()
    }

    fn serve(&self, mut stream: TcpStream) {
        let Some((authorization, body)) = read_request(&mut stream) else { return };
        let expected = base64::engine::general_purpose::STANDARD.encode(format!("{TOKEN}:"));
        if authorization != format!("Basic {expected}") {
            return answer(&mut stream, "401 Unauthorized", "");
        }
        let body: Value = serde_json::from_str(&body).expect("a body is JSON");
        let (query, variables) = (body["query"].as_str().expect("a query"), &body["variables"]);
        let name = query.split_whitespace().nth(1).unwrap_or_default().split('(').next().unwrap_or_default();
        self.log(&format!("query {name}"));
        let said = |leaf: Value| json!({ "data": { "a": { "b": leaf } } }).to_string();
        match name {
            "Version" => {
                let version = self.read("version");
                let version = if version.is_empty() { "v0.21.9" } else { version.trim() };
                answer(&mut stream, "200 OK", &json!({ "data": { "version": version } }).to_string());
            }
            "File" | "Folder" => answer(&mut stream, "200 OK", &said(variables["path"].clone())),
            "Base" if self.read("images").trim() == "none" => {
                let error = json!({ "data": null, "errors": [{ "message": "failed to resolve image: not found" }] });
                answer(&mut stream, "200 OK", &error.to_string());
            }
            // The id says which runner it is to be.
            "Base" => answer(&mut stream, "200 OK", &said(variables["runner"].clone())),
            "Submission" => self.submission(&mut stream, variables),
            _ => panic!("there is no query {query}"),
        }
    }

    fn submission(&self, stream: &mut TcpStream, variables: &Value) {
        let word = self.next();
        let said = |text: &str| json!({ "data": { "node": { "a": { "stdout": text } } } }).to_string();
        let error = |message: &str, extensions: Value| {
            json!({ "data": null, "errors": [{ "message": message, "path": ["node"], "extensions": extensions }] })
                .to_string()
        };
        let ok = "200 OK";
        self.log(&format!("begin {word}"));
        match word.as_str() {
            "" | "run" => {
                if let Some(text) = self.run(stream, variables) {
                    answer(stream, ok, &said(&text));
                }
            }
            "502" => answer(stream, "502 Bad Gateway", "failed to reach the engine"),
            "401" => answer(stream, "401 Unauthorized", ""),
            "500" => answer(stream, "500 Internal Server Error", "<html>"),
            "exec-137" => {
                answer(
                    stream,
                    ok,
                    &error("exit code: 137", json!({ "_type": "EXEC_ERROR", "exitCode": 137, "stdout": "" })),
                );
            }
            "exec-1" => answer(stream, ok, &error("process did not complete: exit code: 1", Value::Null)),
            "stale" => answer(stream, ok, &error("waiting for client session attachables: timed out", Value::Null)),
            "null" => answer(stream, ok, &json!({ "data": null }).to_string()),
            "null-leaf" => answer(stream, ok, &json!({ "data": { "node": null } }).to_string()),
            "garbage" => answer(stream, ok, "Connected"),
            "nothing" => answer(stream, ok, &said("")),
            "close" => {}
            "redirect" => answer_with(stream, "307 Temporary Redirect", "Location: http://127.0.0.1:1/query\r\n", ""),
            "truncated" => {
                let text = said(&self.run(stream, variables).unwrap_or_default());
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", text.len());
                let _ = stream.write_all(head.as_bytes());
                let _ = stream.write_all(&text.as_bytes()[..text.len() / 2]);
            }
            "nonce" => {
                let text = self.run(stream, variables).unwrap_or_default();
                let job: Value = serde_json::from_str(variables["job"].as_str().expect("a job")).expect("is JSON");
                let nonce = job["nonce"].as_str().expect("a nonce");
                answer(stream, ok, &said(&text.replace(nonce, &"0".repeat(nonce.len()))));
            }
            "twice" => {
                let text = self.run(stream, variables).unwrap_or_default();
                answer(stream, ok, &said(&format!("{text}{text}")));
            }
            "flood" => {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n{\"data\":\"");
                let chunk = vec![b'x'; 1 << 20];
                // Until the other side has had enough.
                let mut sent = 0_u64;
                while stream.write_all(&chunk).is_ok() {
                    sent += 1;
                    assert!(sent < 4096, "nobody stops reading");
                }
                self.log("flood ended");
            }
            "hang" => {
                wait_for_end(stream, || true);
                self.log("cancelled");
            }
            // The engine is gone in the middle, and the session with it.
            "die" => std::process::exit(3),
            other => panic!("there is no answer `{other}`"),
        }
    }

    /// The runner in a container; `None` if the client has gone, and then it is killed.
    fn run(&self, stream: &TcpStream, variables: &Value) -> Option<String> {
        let text = |name: &str| variables[name].as_str().expect("is text").to_owned();
        let root =
            self.folder.join(format!("root-{}-{}", std::process::id(), self.count.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir(&root).expect("a folder for the container");
        let user = text("user");
        let user = if user == "0:0" { "root".to_owned() } else { user.split(':').next().expect("a uid").to_owned() };
        // It ends with this process, however that ends: this thread waits for it.
        let mut child = Command::new("setpriv")
            .args(["--pdeathsig", "KILL"])
            .arg(enter())
            .args([root.as_os_str(), text("base").as_ref(), user.as_ref()])
            .env("SCRATCH", variables["scratch"].to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a container can be made");
        let (mut stdin, job) = (child.stdin.take().expect("is a pipe"), text("job"));
        std::thread::spawn(move || stdin.write_all(job.as_bytes()));
        let mut stdout = child.stdout.take().expect("is a pipe");
        let reader = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = stdout.read_to_string(&mut text);
            text
        });
        let ended = wait_for_end(stream, || !reader.is_finished());
        if !ended {
            self.log("cancelled");
            end(&mut child);
            let _ = fs::remove_dir(&root);
            self.log("container gone");
            return None;
        }
        let status = child.wait().expect("is ours");
        fs::remove_dir(&root).expect("nothing is left in the folder");
        self.log(&format!("container ended {}", status.code().unwrap_or(-1)));
        Some(reader.join().expect("does not panic"))
    }
}

/// As an engine ends an exec.
fn end(child: &mut Child) {
    child.kill().expect("is ours");
    child.wait().expect("is ours");
}

/// While it goes on, until the client has gone. True if it did not go.
fn wait_for_end(stream: &TcpStream, goes_on: impl Fn() -> bool) -> bool {
    stream.set_read_timeout(Some(Duration::from_millis(5))).expect("is a socket");
    while goes_on() {
        match (&*stream).read(&mut [0]) {
            Ok(0) => return false,
            Ok(_) => panic!("more than one request"),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => return false,
        }
    }
    true
}

fn enter() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../runner/tests/container/enter")
}

/// The authorization and the body of a request.
fn read_request(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut reader = BufReader::new(stream);
    let (mut length, mut authorization) = (0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|count| *count > 0)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            if line.trim_end().is_empty() {
                break;
            }
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok()?,
            "authorization" => authorization = value.to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((authorization, String::from_utf8(body).ok()?))
}

fn answer(stream: &mut TcpStream, status: &str, body: &str) {
    answer_with(stream, status, "", body);
}

fn answer_with(stream: &mut TcpStream, status: &str, more: &str, body: &str) {
    let head =
        format!("HTTP/1.1 {status}\r\n{more}content-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    // Whoever has gone needs no answer.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}
