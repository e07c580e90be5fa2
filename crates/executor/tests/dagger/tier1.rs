//! Everything that can go wrong between us and an engine, by a fake one: what comes of it, and that none of it is a student's.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use executor::dagger::usher::Usher;
use executor::dagger::{DaggerExecutor, Opener, RunAs};
use executor::{Cancel, Executor, LanguageStatus, WallStatus};
use fake_engine::FakeEngine;
use model::{Mode, Report, Verdict};

use crate::bench::{Changes, echo, executor, languages, seen, settings, submission, until};

/// A test and its name.
pub type Test = (&'static str, fn(&tokio::runtime::Runtime));

macro_rules! tests {
    ($($name:ident),* $(,)?) => {
        pub const TESTS: &[Test] = &[$((stringify!($name), |runtime| runtime.block_on($name()))),*];
    };
}

tests![
    a_session_has_nothing_of_ours_and_says_nothing_to_anybody,
    a_command_that_is_not_there_is_not_downloaded,
    a_handshake_that_does_not_come_is_given_up,
    a_handshake_that_is_none_is_said,
    a_session_that_talks_on_is_not_held_up,
    versions_that_open_the_engine_are_refused,
    a_session_ends_with_the_executor,
    an_engine_that_is_not_there_is_found_when_it_is,
    an_engine_that_starts_anew_is_waited_for,
    what_the_engine_does_wrong_is_tried_again,
    what_it_always_does_wrong_is_our_failure,
    an_answer_without_end_is_cut_off,
    redirects_are_not_followed,
    an_image_that_is_not_there_is_our_failure,
    a_hanging_engine_is_given_up_when_the_time_is_over,
    cancelling_ends_what_runs,
    an_executor_that_goes_away_ends_what_runs,
    another_engine_takes_over,
    an_engine_lost_in_the_middle_is_replaced,
    no_more_run_at_once_than_there_are_permits,
    two_engines_share_the_work,
    sessions_are_rotated_after_jobs,
    sessions_are_rotated_by_age,
    a_program_that_is_the_runners_user_and_kills_it_has_killed_itself,
    no_two_jobs_are_the_same,
    version_commands_are_tried,
    an_usher_opens_and_closes_sessions,
    an_engine_that_is_silent_holds_up_no_other_at_the_usher,
];

async fn run(executor: &DaggerExecutor) -> Result<Report, String> {
    run_with(executor, &Cancel::default()).await
}

async fn run_with(executor: &DaggerExecutor, cancel: &Cancel) -> Result<Report, String> {
    executor.execute(&echo(&["hello"]), cancel).await.map_err(|error| error.to_string())
}

/// Runs one, which goes well.
async fn runs(executor: &DaggerExecutor) {
    let report = run(executor).await.expect("is run");
    let input = &report.inputs[0];
    assert_eq!((input.verdict, input.output.as_str()), (Verdict::Ok, "hello"), "{report:#?}");
}

async fn a_session_has_nothing_of_ours_and_says_nothing_to_anybody() {
    let engine = FakeEngine::new(&[]);
    let executor = executor(&[&engine], Changes::default());
    executor.connect().await;
    let log = engine.log();
    assert!(log.contains("\narguments session\n"), "{log}");
    let names = log.lines().find_map(|line| line.strip_prefix("environment ")).expect("is logged");
    let names: Vec<_> = names.split(' ').collect();
    for name in ["DAGGER_SILENT", "DO_NOT_TRACK", "_EXPERIMENTAL_DAGGER_RUNNER_HOST"] {
        assert!(names.contains(&name), "{names:?}");
    }
    assert!(!names.iter().any(|name| name.starts_with("CARGO") || name.contains("TOKEN")), "{names:?}");
    assert_eq!(std::env::var_os("_EXPERIMENTAL_DAGGER_RUNNER_HOST"), None, "it is set for the child alone");
}

async fn a_command_that_is_not_there_is_not_downloaded() {
    let engine = FakeEngine::new(&[]);
    let mut settings = settings(&[&engine], Changes::default());
    settings.sessions.opener = Opener::Itself(PathBuf::from("/nowhere/dagger"));
    let refused = DaggerExecutor::new(settings, languages()).err().expect("is refused");
    assert_eq!(refused, "there is no /nowhere/dagger; it is never downloaded");
}

async fn a_handshake_that_does_not_come_is_given_up() {
    let engine = FakeEngine::greeting("none");
    let executor = executor(&[&engine], Changes { patience: Duration::from_millis(300), ..Changes::default() });
    executor.connect().await;
    let reason = executor.ready().expect_err("there is no session");
    assert!(reason.contains("`dagger session` said nothing within 0.3 s"), "{reason}");
    assert!(matches!(executor.wall(), WallStatus::Broken { .. }));
    assert!(run(&executor).await.expect_err("there is no engine").contains("no Dagger engine can be used"));
}

async fn a_handshake_that_is_none_is_said() {
    let cases = [
        ("dies", "`dagger session` ended (exit status: 1): Error: start engine: no such socket"),
        ("garbage", "the first line of `dagger session` is no handshake: "),
        ("long", "the first line of `dagger session` is not one"),
        ("half", "`dagger session` ended (exit status: 0)"),
    ];
    for (handshake, said) in cases {
        let engine = FakeEngine::greeting(handshake);
        let executor = executor(&[&engine], Changes::default());
        executor.connect().await;
        let reason = executor.ready().expect_err("there is no session");
        assert!(reason.contains(said), "{handshake}: {reason}");
    }
}

async fn a_session_that_talks_on_is_not_held_up() {
    let engine = FakeEngine::greeting("talks");
    runs(&executor(&[&engine], Changes::default())).await;
}

async fn versions_that_open_the_engine_are_refused() {
    for version in ["v1.0.0-beta.12", "v0.22.0", "v0.20.8", "latest"] {
        let engine = FakeEngine::new(&[]);
        engine.set("version", version);
        let executor = executor(&[&engine], Changes::default());
        executor.connect().await;
        let reason = executor.ready().expect_err("is refused");
        assert!(reason.contains("this engine is not used") && reason.contains(version), "{reason}");
        assert_eq!(engine.count("query Submission"), 0);
        seen(&engine, "ended", 1).await;
    }
}

async fn a_session_ends_with_the_executor() {
    let engine = FakeEngine::new(&[]);
    let executor = executor(&[&engine], Changes::default());
    executor.connect().await;
    assert_eq!((executor.ready(), engine.count("ended")), (Ok(()), 0));
    executor.shut_down();
    assert!(executor.ready().is_err());
    seen(&engine, "ended", 1).await;
}

async fn an_engine_that_is_not_there_is_found_when_it_is() {
    let engine = FakeEngine::greeting("dies");
    let executor = Arc::new(executor(&[&engine], Changes::default()));
    let maintained = Arc::clone(&executor);
    let maintaining = tokio::spawn(async move { maintained.maintain().await });
    let says_why = || executor.ready().is_err_and(|reason| reason.contains("no such socket"));
    until(says_why, || format!("{:?}", executor.ready())).await;
    engine.set("handshake", "");
    until(|| executor.ready().is_ok(), || format!("{:?}", executor.ready())).await;
    runs(&executor).await;
    maintaining.abort();
}

/// Nobody is told of a failure for it.
async fn an_engine_that_starts_anew_is_waited_for() {
    let engine = FakeEngine::greeting("dies");
    let executor = Arc::new(executor(&[&engine], Changes { grace: Duration::from_secs(60), ..Changes::default() }));
    let running = Arc::clone(&executor);
    let task = tokio::spawn(async move { run(&running).await });
    seen(&engine, "arguments session", 2).await;
    assert!(!task.is_finished());
    engine.set("handshake", "");
    let report = task.await.expect("does not panic").expect("is run");
    assert_eq!(report.verdict, Verdict::Ok);
}

/// Each once, and then the engine does what it is asked for.
const WRONG: [&str; 14] = [
    "502",
    "401",
    "500",
    "exec-137",
    "exec-1",
    "stale",
    "null",
    "null-leaf",
    "garbage",
    "nothing",
    "close",
    "truncated",
    "nonce",
    "twice",
];

async fn what_the_engine_does_wrong_is_tried_again() {
    for wrong in WRONG.into_iter().chain(["die"]) {
        let engine = FakeEngine::new(&[wrong]);
        runs(&executor(&[&engine], Changes::default())).await;
        assert_eq!((engine.count(&format!("begin {wrong}")), engine.count("query Submission")), (1, 2), "{wrong}");
    }
}

async fn what_it_always_does_wrong_is_our_failure() {
    for wrong in WRONG {
        let engine = FakeEngine::new(&[wrong; 9]);
        let executor = executor(&[&engine], Changes::default());
        let error = run(&executor).await.expect_err("is no report");
        assert!(error.starts_with("run a container: "), "{wrong}: {error}");
        assert!((1..=3).contains(&engine.count("query Submission")), "{wrong}");
    }
}

async fn an_answer_without_end_is_cut_off() {
    let engine = FakeEngine::new(&["flood", "flood", "flood"]);
    let error = run(&executor(&[&engine], Changes::default())).await.expect_err("is no report");
    assert!(error.contains("it has more than") && error.contains("bytes"), "{error}");
    seen(&engine, "flood ended", 3).await;
}

async fn redirects_are_not_followed() {
    let engine = FakeEngine::new(&["redirect"; 3]);
    let error = run(&executor(&[&engine], Changes::default())).await.expect_err("is no report");
    assert!(error.contains("HTTP 307"), "{error}");
}

async fn an_image_that_is_not_there_is_our_failure() {
    let engine = FakeEngine::new(&[]);
    engine.set("images", "none");
    let executor = executor(&[&engine], Changes::default());
    let error = run(&executor).await.expect_err("is no report");
    assert_eq!(error, "run a container: the engine refused: failed to resolve image: not found");
    let status = executor.self_test("python").await;
    assert!(status.is_err() && executor.language("python").unavailable().is_some());
    engine.set("images", "");
    runs(&executor).await;
}

async fn a_hanging_engine_is_given_up_when_the_time_is_over() {
    let engine = FakeEngine::new(&["hang"]);
    let mut settings = settings(&[&engine], Changes { grace: Duration::from_millis(200), ..Changes::default() });
    settings.ceilings.compile.wall_time = Duration::from_millis(1);
    let executor = DaggerExecutor::new(settings, languages()).expect("the settings are right");
    let limits = model::Limits { wall_time: Duration::from_secs(2), ..model::Limits::default() };
    let submission = model::Submission { limits, ..echo(&["hello"]) };
    let report = executor.execute(&submission, &Cancel::default()).await.expect("is run at the second try");
    assert_eq!((report.verdict, engine.count("query Submission")), (Verdict::Ok, 2));
    // With it all that it had the engine do.
    seen(&engine, "ended", 1).await;
}

async fn cancelling_ends_what_runs() {
    let engine = FakeEngine::new(&["run"]);
    let executor = executor(&[&engine], Changes::default());
    let code = "import time\ntime.sleep(60)";
    let submission = submission("python", Mode::Program, code, &["1", "2"]);
    let cancel = Cancel::default();
    let running = executor.execute(&submission, &cancel);
    let cancelling = async {
        seen(&engine, "begin run", 1).await;
        cancel.cancel();
    };
    let began = Instant::now();
    let (report, ()) = tokio::join!(running, cancelling);
    let report = report.expect("is a report");
    assert!(report.inputs.iter().all(|input| input.verdict == Verdict::Cancelled), "{report:#?}");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    seen(&engine, "container gone", 1).await;
    let began = engine.count("query Submission");
    let report = run_with(&executor, &cancel).await.expect("is a report");
    assert_eq!((report.verdict, engine.count("query Submission")), (Verdict::Cancelled, began), "it is not begun");
}

async fn an_executor_that_goes_away_ends_what_runs() {
    let engine = FakeEngine::new(&["hang"]);
    let executor = Arc::new(executor(&[&engine], Changes::default()));
    let running = Arc::clone(&executor);
    let task = tokio::spawn(async move { run(&running).await });
    seen(&engine, "begin hang", 1).await;
    task.abort();
    seen(&engine, "cancelled", 1).await;
}

async fn another_engine_takes_over() {
    let (first, second) = (FakeEngine::greeting("dies"), FakeEngine::new(&[]));
    let executor = executor(&[&first, &second], Changes::default());
    runs(&executor).await;
    let states: Vec<_> = executor.engines().into_iter().map(|engine| engine.version.is_ok()).collect();
    assert_eq!((executor.ready(), states), (Ok(()), vec![false, true]));
}

async fn an_engine_lost_in_the_middle_is_replaced() {
    let (first, second) = (FakeEngine::new(&["die"]), FakeEngine::new(&["die"]));
    let executor = executor(&[&first, &second], Changes::default());
    executor.connect().await;
    first.set("handshake", "dies");
    runs(&executor).await;
    assert_eq!((first.count("begin die"), second.count("begin die")), (1, 1));
}

async fn no_more_run_at_once_than_there_are_permits() {
    let engine = FakeEngine::new(&["hang", "hang"]);
    let executor = Arc::new(executor(&[&engine], Changes::default()));
    executor.connect().await;
    let run = || {
        let executor = Arc::clone(&executor);
        tokio::spawn(async move { run(&executor).await })
    };
    let (first, second) = (run(), run());
    seen(&engine, "begin hang", 2).await;
    let third = run();
    tokio::task::yield_now().await;
    assert_eq!((executor.engines()[0].free, engine.count("query Submission")), (0, 2));
    first.abort();
    let report = third.await.expect("does not panic").expect("is run");
    assert_eq!(report.verdict, Verdict::Ok);
    second.abort();
    seen(&engine, "cancelled", 2).await;
}

async fn two_engines_share_the_work() {
    let engines = [FakeEngine::new(&["hang"]), FakeEngine::new(&["hang"])];
    let executor = Arc::new(executor(&[&engines[0], &engines[1]], Changes { permits: 1, ..Changes::default() }));
    executor.connect().await;
    let tasks = [(); 2].map(|()| {
        let executor = Arc::clone(&executor);
        tokio::spawn(async move { run(&executor).await })
    });
    for engine in &engines {
        seen(engine, "begin hang", 1).await;
    }
    tasks.iter().for_each(tokio::task::JoinHandle::abort);
}

async fn sessions_are_rotated_after_jobs() {
    let engine = FakeEngine::new(&[]);
    let executor = executor(&[&engine], Changes { jobs: 2, ..Changes::default() });
    for _ in 0..5 {
        runs(&executor).await;
    }
    assert_eq!((executor.engines()[0].sessions, engine.count("query Base")), (3, 3), "two, two and one");
}

/// Who still runs in the old one is not ended.
async fn sessions_are_rotated_by_age() {
    let engine = FakeEngine::new(&["hang"]);
    let executor = Arc::new(executor(&[&engine], Changes { age: Duration::ZERO, ..Changes::default() }));
    let running = Arc::clone(&executor);
    let task = tokio::spawn(async move { run(&running).await });
    seen(&engine, "begin hang", 1).await;
    runs(&executor).await;
    assert_eq!(engine.count("cancelled"), 0);
    assert!(executor.engines()[0].sessions > 1 && !task.is_finished());
    task.abort();
}

async fn a_program_that_is_the_runners_user_and_kills_it_has_killed_itself() {
    let engine = FakeEngine::new(&["exec-137"]);
    let executor = executor(&[&engine], Changes { run_as: RunAs::User, ..Changes::default() });
    let report = run(&executor).await.expect("is a report");
    let input = &report.inputs[0];
    assert_eq!((report.verdict, input.verdict), (Verdict::RuntimeError, Verdict::RuntimeError));
    assert!(input.error.as_deref().is_some_and(|error| error.contains("SIGKILL")), "{input:#?}");
    assert_eq!(engine.count("query Submission"), 1, "and it is not tried again");
}

/// The same submission twice: an engine must not take the second for the first.
async fn no_two_jobs_are_the_same() {
    let engine = FakeEngine::new(&[]);
    let executor = executor(&[&engine], Changes::default());
    let submission = submission("python", Mode::Program, "import time\nprint(time.monotonic_ns())", &["", ""]);
    let mut seen = Vec::new();
    for _ in 0..2 {
        let report = executor.execute(&submission, &Cancel::default()).await.expect("is run");
        seen.extend(report.inputs.into_iter().map(|input| input.output));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 4);
}

async fn version_commands_are_tried() {
    let engine = FakeEngine::new(&[]);
    let executor = executor(&[&engine], Changes::default());
    assert_eq!(executor.language("python"), LanguageStatus::Untested);
    let status = executor.self_test("python").await.expect("is tried");
    let LanguageStatus::Tested { result: Ok(version), .. } = status else { panic!("{status:?}") };
    assert!(version.starts_with("Python 3"), "{version}");
    assert!(matches!(executor.language("cobol"), LanguageStatus::NotInstalled { .. }));
}

async fn an_usher_opens_and_closes_sessions() {
    let (engine, broken) = (FakeEngine::new(&[]), FakeEngine::greeting("dies"));
    let mut settings = settings(&[&engine, &broken], Changes { jobs: 1, ..Changes::default() });
    let program = std::env::current_exe().expect("has a path");
    let patience = Duration::from_secs(60);
    let usher = Usher::start(&program, "usher", &program, patience, &settings.engines).expect("can be started");
    settings.sessions.opener = Opener::Usher(Arc::new(usher));
    let executor = DaggerExecutor::new(settings, languages()).expect("the settings are right");
    // Both: who only needs one waits for the first.
    executor.connect().await;
    runs(&executor).await;
    runs(&executor).await;
    seen(&engine, "ended", 1).await;
    let states = executor.engines();
    assert!(states[0].version.is_ok() && states[0].sessions == 2, "{states:?}");
    assert!(states[1].version.as_ref().is_err_and(|reason| reason.contains("no such socket")), "{states:?}");
    drop(executor);
    seen(&engine, "ended", 2).await;
}

async fn an_engine_that_is_silent_holds_up_no_other_at_the_usher() {
    let (silent, engine) = (FakeEngine::greeting("none"), FakeEngine::new(&[]));
    let mut settings = settings(&[&silent, &engine], Changes::default());
    let program = std::env::current_exe().expect("has a path");
    let patience = Duration::from_secs(60);
    let usher = Usher::start(&program, "usher", &program, patience, &settings.engines).expect("can be started");
    settings.sessions.opener = Opener::Usher(Arc::new(usher));
    let executor = Arc::new(DaggerExecutor::new(settings, languages()).expect("the settings are right"));
    let maintained = Arc::clone(&executor);
    let maintaining = tokio::spawn(async move { maintained.maintain().await });
    seen(&silent, "arguments session", 1).await;
    until(|| executor.ready().is_ok(), || format!("{:?}", executor.ready())).await;
    runs(&executor).await;
    assert_eq!(silent.sessions(), 1, "it still waits for the other");
    maintaining.abort();
    // Nobody wants that session any more.
    drop(maintaining.await);
    drop(executor);
    // Long before the handshake would be given up.
    let ended = until(|| silent.sessions() == 0, || "its process is there".to_owned());
    tokio::time::timeout(Duration::from_secs(20), ended).await.expect("its process ends");
}
