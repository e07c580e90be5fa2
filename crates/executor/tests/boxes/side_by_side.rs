//! Several boxes of one submission at the same time, and for whom they make way.
//!
//! Boxes can not be made to wait for each other. So programs here sleep until they are cancelled, or until they are killed
//! from outside, and their boxes are counted meanwhile.

use std::fs;
use std::num::NonZero;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::thread::available_parallelism;

use executor::{Cancel, Executor, ExecutorError};
use libtest_mimic::Trial;
use model::{Limits, Mode, Report, Submission, Verdict};
use rustix::process::{Pid, Signal, kill_process};

use crate::bench::{Bench, Test, check, named};
use crate::host::Host;
use crate::{SLOTS, execute, submission};

/// The tests of this file.
pub fn trials(bench: &Arc<Bench>) -> Vec<Trial> {
    let tests: [(&str, Test); 7] = [
        ("inputs_run_side_by_side_while_workers_are_idle", inputs_run_side_by_side),
        ("reports_are_in_the_order_of_the_inputs", reports_are_in_the_order_of_the_inputs),
        ("another_submission_waits_for_one_box_at_the_longest", another_submission_waits_for_one_box),
        ("many_failures_are_checked_once", many_failures_are_checked_once),
        ("code_that_can_not_be_parsed_is_run_on_no_input", unparsable_code),
        ("what_runs_beside_code_that_can_not_be_parsed_is_stopped", what_runs_beside_is_stopped),
        ("a_failure_of_ours_in_one_box_ends_all_and_keeps_nothing", a_failure_of_ours),
    ];
    named(bench, tests)
}

/// Sleeps for longer than it may.
fn sleeper(inputs: &[&str]) -> Submission {
    submission(Mode::Program, "import time\ntime.sleep(60)", inputs)
}

/// How many boxes a submission can have at the same time here.
fn most() -> usize {
    usize::from(SLOTS).min(available_parallelism().map_or(1, NonZero::get))
}

/// The processes that began as children of this one.
fn children(of: Pid) -> Vec<Pid> {
    let pid = of.as_raw_nonzero();
    let list = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    list.split_whitespace().filter_map(|pid| pid.parse().ok()).filter_map(Pid::from_raw).collect()
}

/// The first processes of all boxes that there are. Nothing else is started by a launcher that makes everything anew.
fn boxes(bench: &Bench) -> Vec<Pid> {
    let launcher = bench.executor.launcher_pid().and_then(|pid| Pid::from_raw(pid.cast_signed()));
    launcher.map(children).unwrap_or_default()
}

/// The programs in them, once they are that: before, a process has the words of the runner.
fn programs(bench: &Bench) -> Vec<Pid> {
    let has_begun = |pid: &Pid| {
        let words = fs::read_to_string(format!("/proc/{}/cmdline", pid.as_raw_nonzero())).unwrap_or_default();
        words.contains("/code/")
    };
    boxes(bench).into_iter().flat_map(children).filter(has_begun).collect()
}

fn kill(pids: &[Pid]) -> Result<(), String> {
    pids.iter().try_for_each(|pid| kill_process(*pid, Signal::KILL)).map_err(|error| error.to_string())
}

/// Lets a submission go on until something holds; an error if it has ended before.
async fn until(
    run: &mut (impl Future<Output = Result<Report, ExecutorError>> + Unpin),
    holds: impl Fn() -> bool,
) -> Result<(), String> {
    while !holds() {
        tokio::select! {
            report = &mut *run => return Err(format!("it ended before: {report:?}")),
            () = tokio::task::yield_now() => {}
        }
    }
    Ok(())
}

fn verdicts(report: &Report) -> Vec<Verdict> {
    report.inputs.iter().map(|input| input.verdict).collect()
}

fn inputs_run_side_by_side(bench: &Bench) -> Result<(), String> {
    let before = Host::look();
    let cancel = Cancel::default();
    let many = sleeper(&["1", "2", "3", "4", "5"]);
    let report = bench.block_on(async {
        let mut run = pin!(bench.executor.execute(&many, &cancel));
        until(&mut run, || programs(bench).len() == most()).await?;
        cancel.cancel();
        run.await.map_err(|error| error.to_string())
    })?;
    check(verdicts(&report) == [Verdict::Cancelled; 5], || format!("{report:?}"))?;
    check(report.inputs.iter().map(|input| &input.input).eq(&many.inputs), || format!("{report:?}"))?;
    Host::wait_for(&before)
}

fn reports_are_in_the_order_of_the_inputs(bench: &Bench) -> Result<(), String> {
    // Some take longer than several others together.
    let inputs = ["300", "2", "1", "300", "1", "2", "x", "1", "200", "3", "300", "1"];
    let code = "print(input_str)\nreturn str(sum(range(int(input_str) * 10000)))";
    let report = bench.run_and_look_around(&submission(Mode::Function, code, &inputs))?;
    check(report.inputs.len() == inputs.len(), || format!("{report:?}"))?;
    for (run, input) in report.inputs.iter().zip(inputs) {
        let sum = input.parse().map(|number: u64| number * 10_000 * (number * 10_000 - 1) / 2);
        let expected =
            sum.map_or_else(|_| (Verdict::RuntimeError, String::new()), |sum| (Verdict::Ok, sum.to_string()));
        check((run.verdict, run.output.clone()) == expected, || format!("{input}: {run:?}"))?;
        check(run.input == input && run.stdout.as_deref() == Some(&format!("{input}\n")), || format!("{run:?}"))?;
    }
    Ok(())
}

fn another_submission_waits_for_one_box(bench: &Bench) -> Result<(), String> {
    let before = Host::look();
    let cancel = Cancel::default();
    let (many, other) = (sleeper(&["1", "2", "3", "4", "5"]), submission(Mode::Program, "print(input())", &["x"]));
    let (report, beside) = bench.block_on(async {
        let mut run = pin!(bench.executor.execute(&many, &cancel));
        until(&mut run, || programs(bench).len() == most()).await?;
        let mut beside = pin!(execute(&bench.executor, &other));
        if most() == usize::from(SLOTS) {
            let polled = std::future::poll_fn(|context| Poll::Ready(beside.as_mut().poll(context).is_pending())).await;
            check(polled, || "there was a worker for it".to_owned())?;
            kill(&programs(bench))?;
        }
        // What was not killed, or began after that, does not end before it is cancelled.
        let beside = tokio::select! {
            report = &mut run => return Err(format!("it ended before: {report:?}")),
            beside = &mut beside => beside?,
        };
        cancel.cancel();
        Ok((run.await.map_err(|error| error.to_string())?, beside))
    })?;
    check(beside.inputs[0].output == "x\n", || format!("{beside:?}"))?;
    let killed = if most() == usize::from(SLOTS) { most() } else { 0 };
    check(verdicts(&report)[..killed].iter().all(|verdict| *verdict == Verdict::RuntimeError), || {
        format!("{report:?}")
    })?;
    check(verdicts(&report)[killed..].iter().all(|verdict| *verdict == Verdict::Cancelled), || format!("{report:?}"))?;
    Host::wait_for(&before)
}

fn many_failures_are_checked_once(bench: &Bench) -> Result<(), String> {
    let (warm, cold) = bench.executor.started();
    let failing = submission(Mode::Program, "raise ValueError(input())", &["1", "2", "3", "4", "5", "6", "7"]);
    let report = bench.block_on(execute(&bench.executor, &failing))?;
    check(verdicts(&report) == [Verdict::RuntimeError; 7], || format!("{report:?}"))?;
    check(report.inputs[4].error.as_deref() == Some("ValueError: 5"), || format!("{report:?}"))?;
    let started = bench.executor.started();
    check(started == (warm, cold + 7 + 1), || format!("{cold}, {started:?}"))
}

fn unparsable_code(bench: &Bench) -> Result<(), String> {
    let report = bench.run_and_look_around(&submission(Mode::Program, "print(input()", &["1", "2", "3", "4", "5"]))?;
    check(verdicts(&report) == [Verdict::CompileError; 5], || format!("{report:?}"))?;
    check(report.inputs.iter().all(|run| run.wall_time.is_zero()), || format!("{report:?}"))?;
    check(report.compile.is_some() && !report.diagnostics.is_empty(), || format!("{report:?}"))
}

fn what_runs_beside_is_stopped(bench: &Bench) -> Result<(), String> {
    // A shell reads a line when it has done the one before.
    let code = "read -r what\nif [ \"$what\" = wait ]; then sleep 60; fi\nif then\n";
    let inputs = if most() > 1 { ["wait", "2", "3"] } else { ["1", "wait", "3"] };
    let shell = Submission { language: "bash".to_owned(), ..submission(Mode::Program, code, &inputs) };
    // Nobody else may want a worker.
    let before = Host::look();
    let report = bench.block_on(execute(&bench.executor, &shell))?;
    check(verdicts(&report) == [Verdict::CompileError; 3], || format!("{report:?}"))?;
    // Nothing else than that limit would have ended it. The time until then is shared out, nearly all of it to the runs.
    check(report.phases.run < Limits::default().wall_time / 2, || format!("{:?}", report.phases))?;
    Host::wait_for(&before)
}

fn a_failure_of_ours(bench: &Bench) -> Result<(), String> {
    let before = Host::look();
    let cancel = Cancel::default();
    let many = sleeper(&["1", "2", "3", "4", "5"]);
    let result = bench.block_on(async {
        let mut run = pin!(bench.executor.execute(&many, &cancel));
        until(&mut run, || programs(bench).len() == most()).await?;
        kill(&boxes(bench)[..1])?;
        Ok::<_, String>(run.await)
    })?;
    let error = result.map_or_else(|error| error.to_string(), |report| format!("{report:?}"));
    check(error.ends_with("runner: died without a report"), || error.clone())?;
    Host::wait_for(&before)?;
    // Everybody has everything again.
    inputs_run_side_by_side(bench)
}
