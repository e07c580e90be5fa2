//! `code-runner grade` in real boxes, without a server and with one: the same grades, and nothing is run twice.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::server::{KEY, Server, languages, send_signal};
use crate::unprivileged::as_user_with;

/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// The user of `scripts/as-user`.
const USER: u32 = 61234;

const TESTS: &str = r#"
title = "Sums"
checker = "tokens"
limits = { wall_time_ms = 5000 }
[[test]]
name = "two"
input = "1 2"
expected = "3"
[[test]]
name = "negative"
input = "-5 3"
expected = "-2"
points = 2.5
hidden = true
[[test]]
name = "near"
input = "1 1"
expected = "2"
checker = { type = "program", file = "check.py" }
"#;

/// Half of the points for an answer that is one too large.
const CHECKER: &str = "\
expected, output = (int(open(name).read()) for name in ('expected.txt', 'output.txt'))
if expected == output:
    print('right'); raise SystemExit(0)
print('score 0.5' if output == expected + 1 else 'score 0')
print('it is off by', output - expected)
raise SystemExit(1)
";

const RIGHT: &str = "import sys\nprint(sum(map(int, sys.stdin.read().split())))\n";
const OFF_BY_ONE: &str = "import sys\nprint(sum(map(int, sys.stdin.read().split())) + 1)\n";
const IN_C: &str = "#include <stdio.h>\n#include \"add.h\"\nint main(void) { int a, b; scanf(\"%d %d\", &a, &b); printf(\"%d\\n\", add(a, b)); }\n";
const BROKEN_C: &str = "int main(void) { return 0 }\n";

/// Submissions of a course, and what they are graded with.
struct Course(TempDir);

impl Course {
    fn new() -> Self {
        let course = Self(tempfile::tempdir().expect("a folder"));
        fs::create_dir_all(course.path("all/cleo")).expect("can be made");
        for (name, text) in [
            ("tests.toml", TESTS),
            ("check.py", CHECKER),
            ("all/ada.py", RIGHT),
            ("all/ben.py", OFF_BY_ONE),
            ("all/cleo/main.c", IN_C),
            ("all/cleo/add.c", "int add(int a, int b) { return a + b; }\n"),
            ("all/cleo/add.h", "int add(int a, int b);\n"),
            ("all/dora.c", BROKEN_C),
        ] {
            fs::write(course.path(name), text).expect("can be written");
        }
        course
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_code-runner"));
        command
            .args(["grade", "all", "--tests", "tests.toml", "--json", "out.json"])
            .args(words)
            .current_dir(self.0.path())
            .env_clear()
            .env("CODE_RUNNER_LANGUAGES_DIR", languages())
            .env("CODE_RUNNER_WORKERS", "2")
            .stdin(Stdio::null());
        command
    }

    /// What it printed, the exit code and the JSON.
    fn grade(&self, command: &mut Command) -> (Output, Option<i32>, Value) {
        let output = command.output().expect("can be started");
        let text = fs::read(self.path("out.json"));
        let text = text.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        fs::remove_file(self.path("out.json")).expect("is there");
        let code = output.status.code();
        (output, code, serde_json::from_slice(&text).expect("JSON"))
    }
}

/// Each student with verdict, points and the first failure's message.
fn grades(result: &Value) -> Value {
    let rows = result["submissions"].as_array().expect("a list").iter();
    rows.map(|row| json!([row["student"], row["verdict"], row["points"], row["tests"][2]["message"]])).collect()
}

fn expected() -> Value {
    json!([
        ["ada", "ok", 4.5, "right"],
        ["ben", "wrong_answer", 0.5, "it is off by 1"],
        ["cleo", "ok", 4.5, "right"],
        ["dora", "compile_error", 0, null],
    ])
}

#[test]
fn submissions_are_graded_without_a_server_and_once() {
    let course = Course::new();
    let (output, code, result) = course.grade(&mut course.command(&["--csv", "-"]));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((grades(&result), code), (expected(), Some(1)), "{said}");
    let csv = String::from_utf8(output.stdout).expect("text");
    assert!(
        csv.starts_with("student,file,language,status,")
            && csv.contains("\r\nben,ben.py,python,graded,wrong_answer,0.5,4.5,"),
        "{csv}"
    );
    assert!(said.contains("4 submissions: 4 graded, 2 of them passed everything"), "{said}");
    let compiler = &result["submissions"][3]["compile_output"];
    assert!(compiler.as_str().is_some_and(|text| text.contains("solution.c:1")), "{result}");

    let (_, _, again) = course.grade(&mut course.command(&[]));
    assert_eq!((grades(&again), &again["summary"]["from_cache"]), (expected(), &json!(4)));
    fs::write(course.path("all/ben.py"), RIGHT).expect("can be written");
    let (_, _, changed) = course.grade(&mut course.command(&[]));
    assert_eq!((&changed["summary"]["from_cache"], &changed["submissions"][1]["points"]), (&json!(3), &json!(4.5)));
}

#[test]
fn a_server_gives_the_same_grades_and_is_told_no_names() {
    let (course, home) = (Course::new(), tempfile::tempdir().expect("a folder"));
    let server = Server::start(home.path());
    server.until_ready();
    let url = server.url("");
    let with_key = |words: &[&str]| {
        let mut command = course.command(&[&["--server", &url], words].concat());
        command.env("API_TOKEN", KEY);
        command
    };
    let (output, code, result) = course.grade(&mut with_key(&[]));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((grades(&result), code), (expected(), Some(1)), "{said}");
    assert_eq!(server.get("/metrics").1["total_executions"], 4);
    let (_, _, again) = course.grade(&mut with_key(&[]));
    assert_eq!(
        (&again["summary"]["from_cache"], server.get("/metrics").1["total_executions"].clone()),
        (&json!(4), json!(4))
    );
    let log = server.log();
    assert!(!log.is_empty() && log.iter().all(|line| !line.to_string().contains("cleo")), "{log:?}");

    fs::write(course.path("key"), "another-key-of-nobody-81f3\n").expect("can be written");
    let refused =
        course.command(&["--server", &url, "--key-file", "key", "--no-cache"]).output().expect("can be started");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(refused.status.code() == Some(2) && !said.contains("another-key"), "{said}");
    let keyless = course.command(&["--server", &url]).output().expect("can be started");
    assert_eq!(keyless.status.code(), Some(2));
    server.stop();
}

#[test]
fn what_was_graded_before_an_interruption_is_kept() {
    let course = Course::new();
    fs::write(course.path("all/ben.py"), "import time\ntime.sleep(60)\n").expect("can be written");
    let mut command = course.command(&["--jobs", "1"]);
    let process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("can be started");
    until_exists(&course.path(".code-runner-grade.json"));
    send_signal(process.id(), Signal::INT);
    let output = process.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("the same command goes on with the rest"), "{said}");
    let table = String::from_utf8_lossy(&output.stdout);
    assert!(table.contains("1 graded") && table.contains("3 not graded"), "{table}");

    fs::write(course.path("all/ben.py"), OFF_BY_ONE).expect("can be written");
    let (_, _, result) = course.grade(&mut course.command(&[]));
    assert_eq!((grades(&result), &result["summary"]["from_cache"]), (expected(), &json!(1)));
}

/// An ordinary user's process is root of a namespace while boxes are made; its files are the user's all the same.
#[test]
fn an_ordinary_user_owns_what_is_written() {
    let course = Course::new();
    let mut command = as_user_with(course.0.path(), &[], "grade");
    command.args(["all", "--tests", "tests.toml", "--json", "out.json", "--csv", "out.csv"]);
    let output = command.output().expect("can be started");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    for name in ["out.json", "out.csv", ".code-runner-grade.json"] {
        let metadata = fs::metadata(course.path(name)).expect("was written");
        assert_eq!((metadata.uid(), metadata.gid()), (USER, USER), "{name}");
    }
}

fn until_exists(path: &Path) {
    let deadline = Instant::now() + PATIENCE;
    while !path.exists() {
        assert!(Instant::now() < deadline, "{} never comes", path.display());
        std::thread::yield_now();
    }
}
