//! A container for each job, and what came of it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Output, Stdio};
use std::time::Duration;

use runner::container::wire::{self, Bytes, Command, Compile, Done, Ending, Facts, File, Job, Limits};

/// Nobody else's processes are this user's, so that none are counted with ours.
pub const UID: u32 = 1_700_000_077;

/// Who the runner is in the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum User {
    /// Root, with the right to become somebody else and no other.
    Root,
    /// The same as the programs.
    Plain,
}

/// What is enough for everything and little enough to be hit soon.
pub fn limits() -> Limits {
    Limits {
        cpu_time: Duration::from_secs(1),
        wall_time: Duration::from_secs(60),
        memory_kib: 128 * 1024,
        processes: 16,
        output_bytes: 64 * 1024,
        file_bytes: 8 * 1024 * 1024,
        open_files: 64,
    }
}

/// A shell script that is run with each of these inputs.
pub fn job(script: &str, inputs: &[&str]) -> Job {
    with_file("script.sh", script, &["/usr/bin/bash", "/code/script.sh"], inputs)
}

/// The same in Python.
pub fn python(code: &str, inputs: &[&str]) -> Job {
    with_file("script.py", code, &["/usr/bin/python3", "-I", "/code/script.py"], inputs)
}

/// A program in C, compiled in the container.
pub fn c(code: &str, inputs: &[&str]) -> Job {
    let compiler = ["/usr/bin/gcc", "-O1", "-o", wire::ARTIFACT, "/code/program.c"];
    let command = Command { argv: words(&compiler), limits: limits() };
    let compile = Some(Compile { command, artifact: "program".to_owned() });
    Job { compile, ..with_file("program.c", code, &["/code/program"], inputs) }
}

fn with_file(name: &str, text: &str, argv: &[&str], inputs: &[&str]) -> Job {
    Job {
        version: wire::VERSION,
        nonce: "5f1d".repeat(8),
        uid: UID,
        env: words(&["PATH=/usr/bin", "HOME=/box", "LANG=C.UTF-8", "TMPDIR=/tmp"]),
        files: vec![File { name: name.to_owned(), is_data: false, content: Bytes(text.as_bytes().to_vec()) }],
        seccomp: sandbox::container_filters(false).expect("the description compiles"),
        compile: None,
        check: None,
        run: Command { argv: words(argv), limits: limits() },
        has_answer: false,
        inputs: inputs.iter().map(|input| Bytes(input.as_bytes().to_vec())).collect(),
        report_bytes: 32 << 20,
    }
}

pub fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// A container that runs.
pub struct Container {
    pub child: Child,
    folder: tempfile::TempDir,
}

/// Starts one, and hands it these bytes as its job.
pub fn start(job: &[u8], user: User) -> Container {
    start_with(job, user, "")
}

/// The same, where the engine has said something in the environment.
pub fn start_with(job: &[u8], user: User, engine_says: &str) -> Container {
    let folder = tempfile::tempdir().expect("a folder");
    let user = if user == User::Root { "root".to_owned() } else { UID.to_string() };
    let mut child = Process::new(home().join("tests/container/enter"))
        .args([folder.path(), Path::new(env!("CARGO_BIN_EXE_code-runner-runner")), Path::new(&user)])
        .env("ENGINE_SAYS", engine_says)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a container can be made");
    let mut stdin = child.stdin.take().expect("is a pipe");
    // A runner that takes no such job does not read all of it.
    let _ = stdin.write_all(job);
    Container { child, folder }
}

impl Container {
    /// Until it is gone.
    pub fn output(self) -> Output {
        let output = self.child.wait_with_output().expect("is waited for");
        self.folder.close().expect("the folder is empty again");
        output
    }
}

fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What comes of a job in a container of its own. Afterwards nobody of its user lives.
pub fn run(job: &Job, user: User) -> Result<Done, String> {
    let output = start(wire::encode_job(job).expect("is small enough").as_bytes(), user).output();
    let printed = String::from_utf8(output.stdout).expect("is text");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(errors, "", "nothing is said beside the envelope: {printed}");
    assert_eq!(output.status.code(), Some(0), "whatever the program does: {printed}");
    assert!(printed.len() as u64 <= wire::most_envelope_bytes(job), "{} bytes", printed.len());
    assert_eq!(processes_of(UID), Vec::<String>::new(), "somebody is left");
    wire::open_envelope(&printed, job)
}

/// The facts of a job with one input.
pub fn facts(job: &Job, user: User) -> Facts {
    let done = run(job, user).expect("is done");
    let [facts] = done.runs.try_into().expect("one run");
    facts
}

/// What it printed, if it ended well.
pub fn printed(job: &Job, user: User) -> String {
    let facts = facts(job, user);
    assert_eq!((&facts.ending, facts.hit), (&Ending::Exited(0), None), "{facts:?}");
    text(&facts.stdout)
}

pub fn text(stream: &wire::Stream) -> String {
    String::from_utf8_lossy(&stream.bytes.0).into_owned()
}

/// The processes on this host that are this user's and live.
pub fn processes_of(uid: u32) -> Vec<String> {
    let entries = std::fs::read_dir("/proc").expect("can be read").filter_map(Result::ok);
    let status = entries.filter_map(|entry| std::fs::read_to_string(entry.path().join("status")).ok());
    status.filter(|status| status.contains(&format!("Uid:\t{uid}\t")) && !status.contains("State:\tZ")).collect()
}
