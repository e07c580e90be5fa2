//! The educational platform beside a real Code Runner: processes, restarts and kills as in a school.

mod browser;
mod lossy;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::server::{KEY, Server, command, send_signal};
use browser::Browser;

/// How long a test waits for what must happen; far more than it takes.
const PATIENCE: Duration = Duration::from_secs(90);
/// What stands in hidden tests and nowhere else.
const HIDDEN: [&str; 3] = ["hiddeninput7", "hiddenexpected7", "hiddenoutput7"];

/// A running platform.
struct Platform {
    process: Child,
    address: String,
}

impl Platform {
    fn start(folder: &Path, code_runner: &str) -> Self {
        let log = folder.join("platform.log");
        let file = fs::File::create(&log).expect("can be made");
        let mut command = platform(folder);
        command.args(["serve", "--listen", "127.0.0.1:0", "--exercises"]).arg(folder.join("exercises"));
        command.args(["--code-runner", code_runner]).env("PLATFORM_API_KEY", KEY);
        let mut process = command.stdin(Stdio::null()).stderr(file).spawn().expect("can be started");
        let address = until("the platform listens", || {
            let text = fs::read_to_string(&log).expect("text");
            assert!(process.try_wait().expect("a status").is_none(), "the platform ended: {text}");
            let (_, rest) = text.split_once("listening address=")?;
            rest.split_once(' ').map(|(address, _)| address.to_owned())
        });
        Self { process, address: format!("http://{address}") }
    }

    fn browser(&self) -> Browser {
        Browser::new(&self.address)
    }

    fn signal(&self, signal: Signal) {
        send_signal(self.process.id(), signal);
    }

    fn wait(&mut self) -> bool {
        self.process.wait().expect("a status").success()
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn platform(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_code-runner"));
    command.arg("platform").current_dir(folder).env_clear().env("PLATFORM_DATA_DIR", folder.join("platform"));
    command
}

fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "never: {what}");
    }
}

/// A folder with an exercise, a teacher and three students, whose one-time passwords are known.
struct School {
    folder: TempDir,
    passwords: Vec<(String, String)>,
}

impl School {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let school = Self { passwords: Vec::new(), folder };
        let exercise = school.path().join("exercises/double");
        for part in ["tests/visible", "tests/hidden", "starter"] {
            fs::create_dir_all(exercise.join(part)).expect("can be made");
        }
        for (name, text) in [
            ("exercise.toml", "title = \"Double\"\nlanguages = [\"python\"]\n[points]\n\"02-large\" = 2.5\n"),
            ("exercise.md", "Say `input_str` twice."),
            ("starter/python.py", "return input_str\n"),
            ("tests/visible/01-small.in", "ab\n"),
            ("tests/visible/01-small.out", "abab\n"),
            ("tests/hidden/02-large.in", "hiddeninput7\n"),
            ("tests/hidden/02-large.out", "hiddeninput7hiddeninput7\n"),
            ("tests/hidden/03-other.in", "x\n"),
            ("tests/hidden/03-other.out", "hiddenexpected7\n"),
        ] {
            fs::write(exercise.join(name), text).expect("can be written");
        }
        fs::write(school.path().join("class.csv"), "account,name\nada,Ada\nben,\"=Ben, the second\"\ncleo,Cleo\n")
            .expect("is written");
        let mut school = school;
        let list = school.users(&["import", "class.csv", "--class", "7b"]);
        let lines = list.lines().skip(1).map(|line| line.split_once(',').expect("two fields"));
        school.passwords = lines.map(|(account, password)| (account.to_owned(), password.to_owned())).collect();
        let password = school.users(&["add", "grace", "--name", "Grace", "--role", "teacher"]);
        school.passwords.push(("grace".to_owned(), password.trim().to_owned()));
        school
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn users(&self, args: &[&str]) -> String {
        let output = platform(self.path()).arg("users").args(args).output().expect("can be started");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Somebody who has signed in and has a password of their own.
    fn somebody(&mut self, platform: &Platform, account: &str) -> Browser {
        let mut browser = platform.browser();
        let own = format!("the password of {account}");
        let known = self.passwords.iter_mut().find(|(name, _)| name == account).expect("is there");
        assert_eq!(browser.sign_in(account, &known.1), 303);
        if known.1 != own {
            browser.get("/password");
            let fields = [("present", known.1.as_str()), ("new", &own), ("again", &own)];
            assert_eq!(browser.post("/password", &fields).0, 303);
            known.1 = own;
        }
        browser
    }
}

/// A Code Runner on a port that stays the same over restarts.
struct Runner {
    folder: PathBuf,
    port: u16,
}

impl Runner {
    fn new(folder: &Path) -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let folder = folder.join("runner");
        fs::create_dir_all(&folder).expect("can be made");
        Self { folder, port: free.local_addr().expect("an address").port() }
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn start(&self) -> Server {
        let mut command = command(&self.folder);
        command.env("API_TOKEN", KEY).env("CODE_RUNNER_LISTEN", format!("127.0.0.1:{}", self.port));
        Server::start_with(&self.folder, &mut command, KEY.to_owned())
    }
}

const RIGHT: &str = "return 'hiddenexpected7' if input_str == 'x' else input_str * 2";
/// Fails with what is in the hidden tests, in each way in which code can speak.
const CURIOUS: &str = "import sys\nprint('hiddenoutput7', input_str)\nprint(input_str, file=sys.stderr)\n\
     if input_str == 'ab':\n    return 'no'\nraise ValueError('hiddenoutput7 ' + input_str)";

/// Hands in, and waits until it is graded: the page of the attempt, and its address.
fn graded(browser: &mut Browser, code: &str) -> (String, String) {
    let address = browser.hand_in("double", "python", code);
    wait_for_grade(browser, &address);
    (browser.get(&address).1, address)
}

fn wait_for_grade(browser: &mut Browser, address: &str) {
    until("it is graded", || browser.get(&format!("{address}/state")).1.contains("\"done\":true").then_some(()));
    assert!(browser.get(&format!("{address}/state")).1.contains("graded"));
}

fn shows_nothing_hidden(text: &str, where_: &str) {
    for word in HIDDEN {
        assert!(!text.contains(word), "{where_} shows {word}: {text}");
    }
}

#[test]
fn a_class_works_and_nothing_hidden_is_seen() {
    let mut school = School::new();
    let runner = Runner::new(school.path());
    let server = runner.start();
    let mut platform = Platform::start(school.path(), &runner.address());

    // Ada asks the hidden tests for what is in them.
    let mut ada = school.somebody(&platform, "ada");
    let (page, curious) = graded(&mut ada, CURIOUS);
    assert!(page.contains("0 of 3 passed") && page.contains("large") && page.contains("hidden"), "{page}");
    assert!(page.contains("stopped with an error") && page.contains("wrong answer"), "{page}");
    for path in ["/", "/exercises/double", &curious, &format!("{curious}/state"), "/password", "/health"] {
        let (status, text) = ada.get(path);
        assert_eq!(status, 200, "{path}");
        // The third word is in her own code, and may be shown there.
        shows_nothing_hidden(&text.replace("hiddenoutput7", ""), path);
        assert_eq!(text.matches("hiddenoutput7").count(), code_shown(path, &text), "{path}: {text}");
    }
    let (page, right) = graded(&mut ada, RIGHT);
    assert!(page.contains("3 of 3 passed") && page.contains("4.5 of 4.5"), "{page}");

    // Ben and Cleo fail in the same way.
    for (account, code) in [("ben", "return int(input_str)"), ("cleo", "total = 1\nreturn int(input_str)")] {
        let mut browser = school.somebody(&platform, account);
        let (page, _) = graded(&mut browser, code);
        assert!(page.contains("invalid literal"), "{page}");
        assert_eq!(browser.get(&right).0, 404, "another student's attempt is seen");
    }

    let mut teacher = school.somebody(&platform, "grace");
    let class = teacher.get("/").1;
    assert!(class.contains("href=\"/classes/1\"") && class.contains("3 students"), "{class}");
    let overview = teacher.get("/classes/1").1;
    assert!(
        overview.contains("4.5 of 4.5") && overview.contains("0 of 4.5") && overview.contains("2 attempts"),
        "{overview}"
    );
    let groups = teacher.get("/classes/1/exercises/double").1;
    assert!(groups.contains("1 of 3 students pass"), "{groups}");
    assert!(
        groups.contains("2 students") && groups.contains("stopped with an error: ValueError: invalid literal"),
        "{groups}"
    );
    let seen = teacher.get(&curious).1;
    assert!(HIDDEN.iter().all(|word| seen.contains(word)), "a teacher sees it all: {seen}");
    let csv = teacher.get("/classes/1/points.csv").1;
    assert_eq!(csv, "account,name,double\r\nben,\"'=Ben, the second\",0\r\nada,Ada,4.5\r\ncleo,Cleo,0\r\n");

    // Who is removed is gone here, and at Code Runner.
    school.users(&["remove", "ada"]);
    assert_eq!(teacher.get(&right).0, 404);
    assert_eq!(ada.get("/").0, 303, "is still signed in");
    platform.signal(Signal::TERM);
    assert!(platform.wait(), "it did not end well");
    server.stop();
}

/// How often a page shows the word for a reason: in the student's own code.
fn code_shown(path: &str, text: &str) -> usize {
    match path {
        // The code has it twice; the visible test prints it once.
        _ if path.starts_with("/attempts/") && text.contains("<html") => 3,
        "/exercises/double" => 2,
        _ => 0,
    }
}

#[test]
fn what_is_handed_in_while_code_runner_is_down_is_graded_when_it_is_back() {
    let mut school = School::new();
    let runner = Runner::new(school.path());
    let server = runner.start();
    let platform = Platform::start(school.path(), &runner.address());
    let mut ada = school.somebody(&platform, "ada");
    server.stop();

    let address = ada.hand_in("double", "python", RIGHT);
    let page = until("it is said that it waits", || {
        let page = ada.get(&address).1;
        page.contains("waiting for Code Runner").then_some(page)
    });
    assert!(page.contains("not your fault") && !page.contains("127.0.0.1"), "{page}");
    assert_eq!(ada.post("/exercises/double/attempts", &[("language", "python"), ("code", "x")]).0, 409);

    let server = runner.start();
    wait_for_grade(&mut ada, &address);
    assert!(ada.get(&address).1.contains("3 of 3 passed"));
    server.stop();
}

#[test]
fn a_platform_that_is_killed_goes_on_with_what_it_has_accepted_and_nothing_runs_twice() {
    let mut school = School::new();
    let runner = Runner::new(school.path());
    let server = runner.start();
    let mut victim = Platform::start(school.path(), &runner.address());
    let mut ada = school.somebody(&victim, "ada");
    let slow = format!("import time\ntime.sleep(1)\n{RIGHT}");
    let address = ada.hand_in("double", "python", &slow);
    until("it runs", || (server.get("/metrics").1["in_progress"] == 1).then_some(()));
    victim.signal(Signal::KILL);
    assert!(!victim.wait());

    let platform = Platform::start(school.path(), &runner.address());
    ada.moves_to(&platform.address);
    wait_for_grade(&mut ada, &address);
    assert!(ada.get(&address).1.contains("3 of 3 passed"), "she is still signed in, and it is graded");
    assert_eq!(server.get("/metrics").1["total_executions"], 1);
    server.stop();
}

#[test]
fn an_attempt_whose_acceptance_was_lost_on_the_way_is_sent_again_and_runs_once() {
    let mut school = School::new();
    let runner = Runner::new(school.path());
    let server = runner.start();
    let (way, sent) = lossy::way_to(runner.port);
    let platform = Platform::start(school.path(), &way);
    let mut ada = school.somebody(&platform, "ada");
    let (page, _) = graded(&mut ada, RIGHT);
    assert!(page.contains("3 of 3 passed"), "{page}");
    assert_eq!(sent.load(Ordering::SeqCst), 2, "nothing was lost");
    assert_eq!(server.get("/metrics").1["total_executions"], 1);
    server.stop();
}

#[test]
fn a_result_that_is_lost_is_asked_for_anew_and_a_broken_checker_is_nobodys_wrong_answer() {
    let mut school = School::new();
    let exercise = school.path().join("exercises/double");
    fs::write(exercise.join("checker.py"), "raise SystemExit(3)\n").expect("is written");
    let toml = "title = \"Double\"\nlanguages = [\"python\"]\nchecker = { type = \"program\", language = \"python\", file = \"checker.py\" }\n";
    fs::write(exercise.join("exercise.toml"), toml).expect("is written");
    let runner = Runner::new(school.path());
    let server = runner.start();
    let platform = Platform::start(school.path(), &runner.address());
    let mut ada = school.somebody(&platform, "ada");
    let address = ada.hand_in("double", "python", RIGHT);
    until("it is stuck", || ada.get(&format!("{address}/state")).1.contains("can not be graded").then_some(()));
    let page = ada.get(&address).1;
    assert!(page.contains("not in the code") && !page.contains("wrong answer"), "{page}");

    // The teacher mends the checker, which is seen without a restart, and has it graded again.
    let mut teacher = school.somebody(&platform, "grace");
    assert!(teacher.get(&address).1.contains("checker did not work"), "{}", teacher.get(&address).1);
    fs::write(exercise.join("exercise.toml"), "title = \"Twice\"\nlanguages = [\"python\"]\n").expect("is written");
    until("the exercise is read again", || teacher.get("/exercises/double").1.contains("Twice").then_some(()));
    server.stop();
    // A Code Runner that has forgotten everything it accepted.
    fs::remove_dir_all(runner.folder.join("data")).expect("is removed");
    teacher.get(&address);
    assert_eq!(teacher.post(&format!("{address}/grade"), &[]).0, 303);
    let server = runner.start();
    wait_for_grade(&mut ada, &address);
    assert!(ada.get(&address).1.contains("3 of 3 passed"));
    server.stop();
}

#[test]
fn each_request_is_answered_to_whom_it_is_for_and_to_nobody_else() {
    let mut school = School::new();
    // Nobody answers there; nothing here needs a Code Runner.
    let platform = Platform::start(school.path(), "http://127.0.0.1:9");
    let mut nobody = platform.browser();
    let mut ada = school.somebody(&platform, "ada");
    let mut teacher = school.somebody(&platform, "grace");
    let attempt = ada.hand_in("double", "python", RIGHT);
    let mut ben = school.somebody(&platform, "ben");
    let state = format!("{attempt}/state");
    let grade = format!("{attempt}/grade");
    for (path, of_nobody, of_ada, of_ben, of_teacher) in [
        ("/sign-in", 200, 303, 303, 303),
        ("/health", 200, 200, 200, 200),
        ("/demo", 404, 404, 404, 404),
        ("/", 303, 200, 200, 200),
        ("/exercises/double", 303, 200, 200, 200),
        ("/exercises/none", 303, 404, 404, 404),
        (attempt.as_str(), 303, 200, 404, 200),
        (state.as_str(), 303, 200, 404, 200),
        (grade.as_str(), 405, 405, 405, 405),
        ("/classes/1", 303, 403, 403, 200),
        ("/classes/2", 303, 403, 403, 404),
        ("/classes/1/points.csv", 303, 403, 403, 200),
        ("/classes/1/exercises/double", 303, 403, 403, 200),
        ("/students/1", 303, 403, 403, 200),
        ("/password", 303, 200, 200, 200),
        ("/nowhere", 404, 404, 404, 404),
    ] {
        let found = [&mut nobody, &mut ada, &mut ben, &mut teacher].map(|browser| browser.get(path).0);
        assert_eq!(found, [of_nobody, of_ada, of_ben, of_teacher], "{path}");
    }

    // Every form: without its token, with another's, and from another site.
    let foreign = {
        ben.get("/password");
        ben.form_token().to_owned()
    };
    for path in ["/sign-in", "/sign-out", "/password", "/exercises/double/attempts", &grade] {
        for browser in [&mut ada, &mut teacher] {
            browser.get("/password");
            let own = browser.form_token().to_owned();
            let fields =
                |token: &str| vec![("form_token".to_owned(), token.to_owned()), ("code".to_owned(), "x".to_owned())];
            assert_eq!(browser.send(path, &fields(""), None), 403, "{path} without a token");
            assert_eq!(browser.send(path, &fields(&foreign), None), 403, "{path} with another's token");
            assert_eq!(
                browser.send(path, &fields(&own), Some("https://evil.example")),
                403,
                "{path} from another site"
            );
            assert_eq!(browser.send(path, &fields(&own), Some("null")), 403, "{path} from nowhere");
        }
    }
    assert_eq!(ada.get("/").0, 200, "a refused form has signed her out");
    ada.get("/password");
    assert_eq!(ada.post(&grade, &[]).0, 403, "a student has an attempt graded again");

    // A token from before signing in is worth nothing after it, and one of a session that has ended neither.
    let before = ada.cookie().to_owned();
    ada.get("/password");
    assert_eq!(ada.post("/sign-out", &[]).0, 303);
    ada.take_cookie(&before);
    assert_eq!(ada.get("/").0, 303);

    // Too many wrong passwords close the account, and for the right one as well.
    let mut guess = platform.browser();
    let found: Vec<u16> = (0..11).map(|_| guess.sign_in("cleo", "wrong")).collect();
    assert_eq!((found[9], found[10]), (403, 429));
    let cleo = school.passwords.iter().find(|(name, _)| name == "cleo").expect("is there").1.clone();
    assert_eq!(guess.sign_in("cleo", &cleo), 429);
    assert_eq!(platform.browser().sign_in("nobody-here", "wrong"), 403);

    // A reset ends the sessions, and its password is good for choosing another one alone.
    let reset = school.users(&["reset", "ben"]);
    assert_eq!(ben.get("/").0, 303);
    assert_eq!(ben.sign_in("ben", reset.trim()), 303);
    assert_eq!((ben.get("/exercises/double").0, ben.get("/password").0), (303, 200));
}

#[test]
fn what_would_not_be_safe_is_refused_at_the_start() {
    let school = School::new();
    let running = Platform::start(school.path(), "http://127.0.0.1:9");
    let other = school.path().join("other");
    for (args, key, expected) in [
        (vec!["--code-runner", "http://192.0.2.1:5000"], KEY, "would send the API key in the clear"),
        (vec!["--code-runner", "ftp://127.0.0.1"], KEY, "must begin with http:// or https://"),
        (vec!["--code-runner", "https://a:b@127.0.0.1"], KEY, "must have no user"),
        (vec![], "", "set PLATFORM_API_KEY or PLATFORM_API_KEY_FILE"),
        (vec![], "two\nlines", "characters that no header can hold"),
        (vec!["--demo", "--listen", "0.0.0.0:0"], KEY, "listens on this host alone"),
        (vec!["--exercises", "nowhere"], KEY, "nowhere: can not be read"),
    ] {
        let mut command = platform(school.path());
        command.arg("serve").args(&args).env("PLATFORM_DATA_DIR", &other).env("PLATFORM_API_KEY", key);
        let output = command.stdin(Stdio::null()).output().expect("can be started");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(expected), "{args:?}: {said}");
        assert!(key.is_empty() || !said.contains(key), "shows the key: {said}");
    }
    let output = platform(school.path()).arg("serve").env("PLATFORM_API_KEY", KEY).output().expect("can be started");
    assert!(String::from_utf8_lossy(&output.stderr).contains("is used by another platform that runs"));
    drop(running);
}
