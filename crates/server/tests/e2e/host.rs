//! A host that is not as it should be: no more processes (C-25), and what dead servers, or others, have left (C-26).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use serde_json::json;

use crate::server::{KEY, Server, cgroups, command};

/// A cgroup that can bound processes, gone with the test.
struct Bounded(PathBuf);

impl Bounded {
    fn new() -> Self {
        let root = Path::new("/sys/fs/cgroup");
        // On v1 each controller has a folder of its own.
        let pids = Some(root.join("pids")).filter(|path| path.is_dir()).unwrap_or(root.to_owned());
        let folder = pids.join(format!("test-of-code-runner-{}", std::process::id()));
        fs::create_dir(&folder).expect("can be made");
        assert!(folder.join("pids.max").exists(), "no pids controller in {}", pids.display());
        Self(folder)
    }

    /// Takes a process in, and lets those inside make no more.
    fn take(&self, pid: u32) {
        self.most("max");
        fs::write(self.0.join("cgroup.procs"), pid.to_string()).expect("is taken");
        let current = fs::read_to_string(self.0.join("pids.current")).expect("text");
        self.most(current.trim());
    }

    fn most(&self, most: &str) {
        fs::write(self.0.join("pids.max"), most).expect("is taken");
    }
}

impl Drop for Bounded {
    fn drop(&mut self) {
        // Whoever is still in it, after a test that failed, is let out.
        let tasks = fs::read_to_string(self.0.join("cgroup.procs")).unwrap_or_default();
        let outside = self.0.with_file_name("cgroup.procs");
        tasks.lines().for_each(|pid| drop(fs::write(&outside, pid)));
        let _ = fs::remove_dir(&self.0);
    }
}

/// C-25
#[test]
fn where_no_process_can_be_made_the_platform_is_blamed_and_later_all_is_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let bounded = Bounded::new();
    let mut serve = command(folder.path());
    serve.env("API_TOKEN", KEY).env("CODE_RUNNER_AHEAD", "0");
    let server = Server::start_with(folder.path(), &mut serve, KEY.to_owned());
    // Otherwise it is the test of the language or of the wall that fails, and no submission is accepted. Python has been
    // tried twice when it is the turn of what comes behind it.
    assert_eq!(server.language("typescript")["available"], true);
    server.health();
    let square = json!({"code": "return str(int(input_str) ** 2)", "inputs": ["4"]});

    // The launcher can make no box.
    bounded.take(server.launcher());
    let id = server.submit(&square);
    let ended = loop {
        match server.get(&format!("/result/{id}")) {
            (200, result) => break Some(result),
            // The wall can not be tried either, and if that is found first, what was accepted waits.
            (status, _) if server.get("/health/ready").0 == 503 => {
                assert_eq!(status, 202);
                break None;
            }
            _ => {}
        }
    };
    if let Some(result) = &ended {
        assert_eq!(result["verdict"], json!("internal_error"), "{result}");
        assert_eq!(result["results"][0]["fault"], json!("platform"), "{result}");
    }

    // Nor can the server make a thread, as when it opens a connection to its database.
    bounded.take(server.process.id());
    for _ in 0..20 {
        for (status, answer) in [server.post(&square), server.get(&format!("/result/{id}"))] {
            assert!([200, 202, 503].contains(&status), "{status}: {answer}");
        }
    }
    assert_eq!(server.get("/health/live").0, 200);

    bounded.most("max");
    server.until_ready();
    let result = server.result(&id);
    assert_eq!(ended.unwrap_or_else(|| result.clone()), result, "a result never changes");
    assert_eq!(server.run(&square)["output"]["4"], json!({"output": "16"}));
    server.stop();
}

/// How many boxes each of the dead has left.
const BOXES: usize = 200;

/// Cgroups made by a test, with a process in one of them; gone with it.
struct Fakes {
    folders: Vec<PathBuf>,
    process: Child,
}

impl Fakes {
    /// In all these folders; the process is in the last box of each.
    fn new(parents: &[PathBuf], name: &str) -> Self {
        let folders: Vec<PathBuf> = parents.iter().map(|parent| parent.join(name)).collect();
        let process = Command::new("sleep").arg("600").spawn().expect("can be started");
        for folder in &folders {
            for number in 0..BOXES {
                fs::create_dir_all(folder.join(format!("{number}-1"))).expect("can be made");
            }
            let last = folder.join(format!("{}-1", BOXES - 1));
            // On v1 a set of processors and memory is needed first, where that is one of the hierarchies.
            fs::write(last.join("cgroup.procs"), process.id().to_string()).expect("can be moved");
        }
        Self { folders, process }
    }

    fn boxes(&self) -> usize {
        let count = |folder: &PathBuf| fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        self.folders.iter().flat_map(count).filter(|entry| entry.path().is_dir()).count()
    }

    fn is_alive(&mut self) -> bool {
        self.process.try_wait().expect("a status").is_none()
    }
}

impl Drop for Fakes {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        for folder in &self.folders {
            let boxes = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
            boxes.for_each(|entry| drop(fs::remove_dir(entry.path())));
            let _ = fs::remove_dir(folder);
        }
    }
}

/// The lock file of an instance that nobody holds, gone with the test.
struct DeadLock(PathBuf);

impl DeadLock {
    fn of(instance: &str) -> Self {
        // Numbers are given from below, so that this one is nobody's.
        let path = PathBuf::from("/run/code-runner/63.lock");
        fs::write(&path, instance).expect("can be written");
        Self(path)
    }
}

impl Drop for DeadLock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// C-26
#[test]
fn what_the_dead_have_left_is_removed_and_what_only_looks_like_it_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path());
    let own = cgroups(&server.instance());
    let parents: Vec<PathBuf> = own.iter().map(|path| path.parent().expect("is below").to_owned()).collect();
    server.stop();
    let number = std::process::id();
    let (dead, other) = (format!("code-runner-{number:016x}"), format!("code-runner-{number:015x}f"));
    let mut left = Fakes::new(&parents, &dead);
    let mut look_alike = Fakes::new(&parents, &other);
    assert_eq!((left.boxes(), look_alike.boxes()), (BOXES * parents.len(), BOXES * parents.len()));
    let _lock = DeadLock::of(&dead);

    let server = Server::start(folder.path());
    assert_eq!((left.boxes(), left.is_alive()), (0, false), "leftovers are there");
    assert!(left.folders.iter().all(|folder| !folder.exists()));
    assert_eq!((look_alike.boxes(), look_alike.is_alive()), (BOXES * parents.len(), true), "others were touched");
    assert_eq!(server.run(&json!({"code": "return input_str", "inputs": ["4"]}))["verdict"], json!("ok"));
    server.stop();
}
