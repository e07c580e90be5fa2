//! Nodes whose database is divided from them, slow, full, too new, or away for maintenance, and nodes with settings that can not be used
//! (C-31, C-37, C-39, C-45 to C-48). What a single store does then is tried in `store/tests/it/networks.rs`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};
use testdb::{Direction, Way};

use crate::full::fill;
use crate::nodes::{Fleet, now, runs, until_nodes};
use crate::server::{Server, languages, output};

/// How long a request of these nodes waits for the database.
const TIMEOUT_MS: &str = "1000";
/// In which an answer has to be there that waits for the database twice.
const IN_TIME: Duration = Duration::from_secs(5);

/// A node that is believed to be there for two seconds, and waits for the database for one, by this way.
fn hasty(fleet: &Fleet, name: &str, does: &[&str], database: &str) -> Server {
    let mut command = fleet.command(name, does);
    command.env("CODE_RUNNER_LEASE_MS", "2000").env("CODE_RUNNER_STORE_TIMEOUT_MS", TIMEOUT_MS);
    command.env("CODE_RUNNER_STORE", database);
    fleet.start(name, command)
}

fn echo(input: &str) -> Value {
    json!({"code": "return input_str", "inputs": [input]})
}

/// It says that its database can not be reached, and in time.
fn is_divided(node: &Server) {
    let asked = Instant::now();
    assert_eq!(node.get("/health/ready").0, 503);
    assert!(asked.elapsed() < IN_TIME, "{:?}", asked.elapsed());
    assert_eq!(node.get("/health/live").0, 200);
}

#[test]
fn a_node_that_accepts_and_is_divided_from_the_database_refuses_in_time_and_comes_back() {
    let fleet = Fleet::new();
    let (way, by_this_way) = Way::to_database(&fleet.database);
    let a = hasty(&fleet, "a", &["serve", "--no-worker"], &by_this_way);
    let (b, worker) = (fleet.api("b"), fleet.worker("w1"));
    until_nodes(&b, &["a", "b", "w1"]);
    for (round, direction) in [Direction::There, Direction::Back].into_iter().enumerate() {
        way.hold(direction);
        let asked = Instant::now();
        let (status, retry_after, problem) = a.refused(&echo("x"));
        assert_eq!((status, &problem["code"]), (503, &json!("store_unavailable")), "{direction:?}: {problem}");
        assert!(retry_after >= 1 && asked.elapsed() < IN_TIME, "{direction:?}: {:?}", asked.elapsed());
        is_divided(&a);
        // For longer than it is believed to be there; others go on.
        until_nodes(&b, &["b", "w1"]);
        assert_eq!(b.run(&echo("x"))["verdict"], "ok");

        way.let_go();
        a.until_ready();
        until_nodes(&b, &["a", "b", "w1"]);
        assert_eq!(a.run(&echo("x"))["verdict"], "ok");
        assert_eq!(a.get("/metrics").1["total_executions"], 2 * (round + 1), "what was refused was not run");
    }
    for node in [a, b, worker] {
        node.stop();
    }
}

#[test]
fn what_a_worker_ran_that_is_divided_from_the_database_is_run_by_another_and_has_one_result() {
    let fleet = Fleet::new();
    let api = fleet.api("a");
    for (round, direction) in [Direction::There, Direction::Back].into_iter().enumerate() {
        let (way, by_this_way) = Way::to_database(&fleet.database);
        let mut first = hasty(&fleet, "w1", &["worker"], &by_this_way);
        let id = api.submit(&json!({"code": "import time\ntime.sleep(3)\nreturn input_str", "inputs": ["x"]}));
        runs(&api, &id);
        way.hold(direction);
        let second = fleet.hasty_worker("w2");
        let done = api.result(&id);
        assert_eq!((&done["verdict"], &done["output"]["x"]["output"]), (&json!("ok"), &json!("x")), "{direction:?}");
        is_divided(&first);

        way.let_go();
        first.until_ready();
        first.signal(Signal::TERM);
        // Its end is behind all that it may still want to say.
        assert!(first.wait(), "it ends well");
        assert_eq!(api.get(&format!("/result/{id}")), (200, done), "{direction:?}");
        assert_eq!(api.get("/metrics").1["total_executions"], round + 1);
        second.stop();
    }
    api.stop();
}

#[test]
fn a_database_that_is_slow_is_waited_for_in_bounds_by_many_at_once() {
    let fleet = Fleet::new();
    let (way, by_this_way) = Way::to_database(&fleet.database);
    let api = hasty(&fleet, "a", &["serve", "--no-worker"], &by_this_way);
    let known = api.submit(&echo("known"));
    // Five seconds there and back.
    way.delay(Duration::from_millis(2500));
    let ask = |number: usize| {
        let asked = Instant::now();
        let status = match number % 2 {
            0 => api.refused(&echo("x")).0,
            _ => api.get(&format!("/result/{known}")).0,
        };
        assert_eq!(status, 503);
        assert!(asked.elapsed() < IN_TIME, "{number}: {:?}", asked.elapsed());
    };
    std::thread::scope(|scope| (0..60).for_each(|number| drop(scope.spawn(move || ask(number)))));
    is_divided(&api);

    way.delay(Duration::ZERO);
    api.until_ready();
    assert_eq!(api.get("/metrics").1["in_progress"], 1, "what was refused is not there");
    api.submit(&echo("y"));
    api.stop();
}

#[test]
fn a_full_disk_under_the_database_of_a_fleet_is_told_as_503_and_nothing_is_lost() {
    let disk = testdb::Server::start(&["--disk=112"]);
    let fleet = Fleet::of(now(disk.database()));
    let (api, worker) = (fleet.api("a"), fleet.worker("w1"));
    until_nodes(&api, &["a", "w1"]);
    let done = api.submit(&echo("done"));
    let before = api.result(&done);
    // It runs when the disk gets full, and ends while it is.
    let running = api.submit(&json!({"code": "import time\ntime.sleep(1)\nreturn input_str", "inputs": ["running"]}));
    runs(&api, &running);

    // PostgreSQL works in the folder of its data.
    let filler = fill(Path::new(&format!("/proc/{}/cwd", now(disk.pid()))));
    let mut accepted = vec![done.clone(), running];
    let large = json!({"code": format!("# {}\nreturn input_str", incompressible(200_000)), "inputs": ["large"]});
    let refused = loop {
        assert!(accepted.len() < 100, "the disk never gets full");
        match api.post(&large) {
            (202, answer) => accepted.push(answer["exec_id"].as_str().expect("an id").to_owned()),
            (status, answer) => break (status, answer["code"].clone()),
        }
    };
    assert_eq!(refused, (503, json!("store_unavailable")));
    assert_eq!(api.get("/health/live").0, 200);
    assert_eq!(api.get(&format!("/result/{done}")), (200, before), "what is stored can be read");
    assert_eq!(api.post(&large).0, 503);

    fs::remove_file(filler).expect("is there");
    api.until_ready();
    worker.until_ready();
    accepted.push(api.submit(&large));
    for id in &accepted {
        let result = api.result(id);
        assert_eq!(result["verdict"], json!("ok"), "{result}");
    }
    let (_, metrics) = api.get("/metrics");
    assert_eq!((&metrics["total_executions"], &metrics["in_progress"]), (&json!(accepted.len()), &json!(0)));
    worker.stop();
    api.stop();
}

/// Letters that look like chance.
fn incompressible(length: usize) -> String {
    let mut state = 1_u64;
    let letter = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[(state >> 58) as usize])
    };
    (0..length).map(letter).collect()
}

#[test]
fn a_program_that_is_too_old_for_the_database_says_so_and_one_that_is_there_goes_on() {
    let fleet = Fleet::new();
    let (api, worker) = (fleet.api("a"), fleet.worker("w1"));
    let newer = "INSERT INTO _sqlx_migrations VALUES (9999, 'from the future', now(), true, '\\x00', 0);
        UPDATE schema_needs SET known = 9999";
    now(testdb::execute(&fleet.database, newer));
    for does in [&["serve", "--no-worker"][..], &["serve"], &["worker"]] {
        let said = refuses(fleet.command("late", does).env("CODE_RUNNER_NODE_NAME", "late"));
        assert!(
            said.contains("schema version 9999") && said.contains("start the newer Code Runner"),
            "{does:?}: {said}"
        );
    }
    assert_eq!(api.run(&echo("x"))["verdict"], "ok");
    worker.stop();
    api.stop();
}

/// What a start says that has to fail.
fn refuses(command: &mut Command) -> String {
    let ended = output(command);
    let said = [ended.stdout, ended.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(!ended.status.success(), "it starts: {said}");
    said
}

/// A folder of languages in which there is Python alone.
fn python_alone(fleet: &Fleet) -> PathBuf {
    let folder = fleet.folder("languages");
    let copied = Command::new("cp").arg("-r").arg(languages().join("python")).arg(&folder).status();
    assert!(copied.expect("cp can be started").success());
    folder
}

#[test]
fn a_node_with_settings_that_can_not_be_used_is_refused_and_others_keep_theirs() {
    let fleet = Fleet::new();
    let languages = python_alone(&fleet);
    let mut command = fleet.command("a", &["serve", "--no-worker"]);
    command.env("CODE_RUNNER_LANGUAGES_DIR", &languages);
    let api = fleet.start("a", command);
    let unknown = fleet.folder("late").join("settings.toml");
    fs::write(&unknown, "lease = 1\n").expect("can be written");
    let unknown = unknown.to_str().expect("UTF-8").to_owned();
    fs::write(languages.join("python/language.toml"), "id = 7\n").expect("can be written");
    let broken = languages.to_str().expect("UTF-8").to_owned();
    for (name, value, word) in [
        ("CODE_RUNNER_LEASE_MS", "10", "CODE_RUNNER_LEASE_MS"),
        ("CODE_RUNNER_STORE_TIMEOUT_MS", "soon", "CODE_RUNNER_STORE_TIMEOUT_MS"),
        ("CODE_RUNNER_NODE_NAME", "two words", "CODE_RUNNER_NODE_NAME"),
        ("CODE_RUNNER_NODE_LANGUAGES", "python,,c", "CODE_RUNNER_NODE_LANGUAGES"),
        ("CODE_RUNNER_CONFIG", &unknown, "lease"),
        ("CODE_RUNNER_LANGUAGES_DIR", &broken, "language.toml"),
        ("CODE_RUNNER_LANGUAGES_DIR", "/nowhere", "/nowhere"),
    ] {
        for does in [&["serve", "--no-worker"][..], &["worker"]] {
            let said = refuses(fleet.command("late", does).env(name, value));
            assert!(said.contains(word), "{name}={value} {does:?}: {said}");
        }
    }
    // There is no way to have a node read its settings again, so nothing of theirs can be replaced by something that is wrong.
    let id = api.submit(&echo("x"));
    until_nodes(&api, &["a"]);
    let worker = fleet.worker("w1");
    assert_eq!(api.result(&id)["verdict"], "ok");
    worker.stop();
    api.stop();
}

/// The queue stands while no worker is there, takes what comes, outlasts all nodes and a restart of the database, and goes on.
#[test]
fn a_fleet_that_is_drained_for_maintenance_loses_nothing_and_goes_on() {
    let server = testdb::Server::start(&["--fsync"]);
    let fleet = Fleet::of(now(server.database()));
    let (api, mut worker) = (fleet.api("a"), fleet.worker("w1"));
    until_nodes(&api, &["a", "w1"]);
    let running = api.submit(&json!({"code": "import time\ntime.sleep(2)\nreturn input_str", "inputs": ["x"]}));
    runs(&api, &running);
    let mut waiting: Vec<String> = (0..5).map(|number| api.submit(&echo(&number.to_string()))).collect();
    worker.signal(Signal::TERM);
    assert!(worker.wait(), "it ends well");
    let done = api.get(&format!("/result/{running}"));
    assert_eq!((done.0, &done.1["verdict"]), (200, &json!("ok")), "what ran is done");
    waiting.push(api.submit(&echo("while it stands")));
    for id in &waiting {
        assert_eq!(api.get(&format!("/result/{id}")).0, 202);
    }
    api.stop();
    now(server.restart());

    let (api, worker) = (fleet.api("b"), fleet.worker("w2"));
    for id in &waiting {
        assert_eq!(api.result(id)["verdict"], "ok");
    }
    assert_eq!(api.get(&format!("/result/{running}")), done, "a result never changes");
    assert_eq!(api.get("/metrics").1["total_executions"], waiting.len() + 1);
    worker.stop();
    api.stop();
}
