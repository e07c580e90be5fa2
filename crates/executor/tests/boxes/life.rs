//! What no single program can show: several inputs, cancelling, a client or a launcher that dies.

use std::sync::Arc;

use executor::{Cancel, CompileCacheSettings, Executor, NativeExecutor, load_languages};
use libtest_mimic::Trial;
use model::{InputReport, Limits, LimitsRequest, Mode, Verdict};

use crate::bench::{Bench, Test, check, named};
use crate::host::Host;
use crate::{ceilings, execute, launcher_command, repository, submission};

/// The tests of this file.
pub fn trials(bench: &Arc<Bench>) -> Vec<Trial> {
    let tests: [(&str, Test); 10] = [
        ("inputs_do_not_see_each_other", inputs_do_not_see_each_other),
        ("an_early_end_spoils_its_own_input_only", an_early_end_spoils_its_own_input_only),
        ("error_lines_are_the_students_own", error_lines_are_the_students_own),
        ("cancelling_kills_the_box", cancelling_kills_the_box),
        ("many_at_once_are_all_right", many_at_once_are_all_right),
        ("all_processor_time_is_counted_while_many_start", all_processor_time_is_counted),
        ("a_killed_launcher_leaves_nothing_that_the_next_does_not_remove", a_killed_launcher_leaves_nothing),
        ("the_smallest_limits_never_blame_the_platform", the_smallest_limits_never_blame_the_platform),
        ("all_outputs_of_a_submission_are_kept_up_to_32_mib", all_outputs_of_a_submission_are_bounded),
        ("limits_beyond_the_ceiling_are_refused_by_the_launcher", limits_beyond_the_ceiling_are_refused),
    ];
    named(bench, tests)
}

fn inputs_do_not_see_each_other(bench: &Bench) -> Result<(), String> {
    let code = "
import os
seen = [os.path.exists(folder + '/mark') for folder in ('/box', '/tmp', '/dev/shm')]
for folder in ('/box', '/tmp', '/dev/shm'):
    open(folder + '/mark', 'w').close()
return f'{seen} {input_str} {os.getpid()}'";
    let report = bench.run_and_look_around(&submission(Mode::Function, code, &["a", "b", "a"]))?;
    let outputs: Vec<&str> = report.inputs.iter().map(|input| input.output.as_str()).collect();
    let fresh = "[False, False, False]";
    let expected = [format!("{fresh} a 2"), format!("{fresh} b 2"), format!("{fresh} a 2")];
    check(outputs == expected, || format!("{outputs:?}"))
}

fn an_early_end_spoils_its_own_input_only(bench: &Bench) -> Result<(), String> {
    let code = "import os\nif input_str == '2':\n    os._exit(0)\nreturn input_str";
    let report = bench.run_and_look_around(&submission(Mode::Function, code, &["1", "2", "3"]))?;
    let verdicts: Vec<Verdict> = report.inputs.iter().map(|input| input.verdict).collect();
    check(verdicts == [Verdict::Ok, Verdict::RuntimeError, Verdict::Ok], || format!("{report:?}"))
}

fn error_lines_are_the_students_own(bench: &Bench) -> Result<(), String> {
    let code = "import math\n\nx = 1\nraise KeyError(input_str)";
    let report = bench.run_and_look_around(&submission(Mode::Function, code, &["q"]))?;
    let run = &report.inputs[0];
    let trace = run.stderr.clone().unwrap_or_default();
    check(run.error.as_deref() == Some("KeyError: 'q'"), || format!("{run:?}"))?;
    check(trace.contains("solution.py\", line 4"), || trace.clone())?;
    check(!trace.contains("harness"), || trace.clone())
}

fn cancelling_kills_the_box(bench: &Bench) -> Result<(), String> {
    let before = Host::look();
    let cancel = Cancel::default();
    let code = "import time\ntime.sleep(15)";
    let waiting = submission(Mode::Program, code, &["1", "2"]);
    let report = bench.block_on(async {
        let run = bench.executor.execute(&waiting, &cancel);
        tokio::pin!(run);
        // The box exists once its cgroup does; then there is something to kill.
        loop {
            tokio::select! {
                report = &mut run => return report,
                () = tokio::task::yield_now(), if !cancel.is_cancelled() => {
                    if Host::look().must_be(&before).is_err() {
                        cancel.cancel();
                    }
                }
            }
        }
    });
    let report = report.map_err(|error| error.to_string())?;
    check(report.inputs.iter().all(|input| input.verdict == Verdict::Cancelled), || format!("{report:?}"))?;
    check(report.inputs.len() == 2, || format!("{report:?}"))?;
    Host::wait_for(&before)
}

/// Runs this program that many times at once, with its number for its input.
fn at_once(bench: &Bench, count: usize, code: &str) -> Result<Vec<InputReport>, String> {
    bench.block_on(async {
        let mut tasks = Vec::new();
        for number in 0..count {
            let executor = Arc::clone(&bench.executor);
            let submission = submission(Mode::Program, code, &[&number.to_string()]);
            tasks.push(tokio::spawn(async move { execute(&executor, &submission).await }));
        }
        let mut inputs = Vec::new();
        for task in tasks {
            inputs.extend(task.await.map_err(|error| error.to_string())??.inputs);
        }
        Ok(inputs)
    })
}

fn many_at_once_are_all_right(bench: &Bench) -> Result<(), String> {
    let before = Host::look();
    let inputs = at_once(bench, 40, "print(int(input()) ** 2)")?;
    let outputs: Vec<String> = inputs.into_iter().map(|input| input.output.trim().to_owned()).collect();
    let squares: Vec<String> = (0..40).map(|number| (number * number).to_string()).collect();
    check(outputs == squares, || format!("{outputs:?}"))?;
    Host::wait_for(&before)
}

/// However late the launcher learns that a program has started, what it has used by then is the program's.
fn all_processor_time_is_counted(bench: &Bench) -> Result<(), String> {
    let code = "
import time
begin = time.process_time()
while time.process_time() - begin < 0.05:
    pass
print(time.process_time() - begin)";
    for input in at_once(bench, 40, code)? {
        let used: f64 = input.output.trim().parse().map_err(|_| format!("{input:?}"))?;
        check(input.cpu_time.as_secs_f64() >= used, || format!("it used {used} s: {input:?}"))?;
    }
    Ok(())
}

fn a_killed_launcher_leaves_nothing(bench: &Bench) -> Result<(), String> {
    let before = Host::look();
    let start = || {
        let languages = load_languages(&repository().join("languages")).map_err(|error| error.to_string())?;
        let cache = CompileCacheSettings::default();
        NativeExecutor::start(&launcher_command(), languages, ceilings(), cache, 1).map_err(|error| error.to_string())
    };
    let victim = start()?;
    let sleeper = submission(Mode::Program, "import time\ntime.sleep(15)", &["1"]);
    let result = bench.block_on(async {
        let cancel = Cancel::default();
        let run = victim.execute(&sleeper, &cancel);
        tokio::pin!(run);
        let mut killed = false;
        loop {
            tokio::select! {
                result = &mut run => return result,
                () = tokio::task::yield_now(), if !killed => {
                    let pid = victim.launcher_pid().and_then(|pid| rustix::process::Pid::from_raw(pid.cast_signed()));
                    if let (Some(pid), Err(_)) = (pid, Host::look().must_be(&before)) {
                        killed = rustix::process::kill_process(pid, rustix::process::Signal::KILL).is_ok();
                    }
                }
            }
        }
    });
    check(result.is_err(), || "a run whose launcher was killed has a result".to_owned())?;
    check(victim.shut_down().is_err(), || "a killed launcher ended well".to_owned())?;
    let next = start()?;
    next.shut_down().map_err(|error| error.to_string())?;
    Host::wait_for(&before)
}

fn limits_beyond_the_ceiling_are_refused(bench: &Bench) -> Result<(), String> {
    let mut greedy = submission(Mode::Program, "print(1)", &["1"]);
    greedy.limits.memory_kib += 1;
    let error = bench.block_on(execute(&bench.executor, &greedy)).err().unwrap_or_default();
    check(error.contains("memory_kib: is not within the ceiling"), || error.clone())
}

fn the_smallest_limits_never_blame_the_platform(bench: &Bench) -> Result<(), String> {
    let least = |field: &str| {
        let given = |name| (field == name || field == "all").then_some(1);
        let page = |name| (field == name || field == "all").then_some(4096);
        LimitsRequest {
            cpu_time_ms: given("cpu_time_ms"),
            wall_time_ms: given("wall_time_ms"),
            memory_kib: page("memory_kib"),
            processes: given("processes"),
            output_bytes: given("output_bytes"),
            file_bytes: page("file_bytes"),
        }
    };
    for field in ["cpu_time_ms", "wall_time_ms", "memory_kib", "processes", "output_bytes", "file_bytes", "all"] {
        let mut tight = submission(Mode::Function, "return input_str * 3", &["ab"]);
        tight.limits = Limits::default().lowered(&least(field)).map_err(|error| error.to_string())?;
        let report = bench.run_and_look_around(&tight)?;
        check(report.verdict != Verdict::InternalError, || format!("{field}: {report:?}"))?;
    }
    Ok(())
}

fn all_outputs_of_a_submission_are_bounded(bench: &Bench) -> Result<(), String> {
    const MOST: usize = 32 * 1024 * 1024;
    let inputs = vec!["1"; 45];
    let code = "print('x' * (1024 * 1024 - 1))";
    let report = bench.run_and_look_around(&submission(Mode::Program, code, &inputs))?;
    let lengths: Vec<usize> = report.inputs.iter().map(|input| input.output.len()).collect();
    let total: usize = lengths.iter().sum();
    check(lengths.len() == inputs.len(), || format!("{lengths:?}"))?;
    check(lengths[0] == 1024 * 1024 && report.inputs[0].verdict == Verdict::Ok, || format!("{lengths:?}"))?;
    // The rest of a full budget is one byte for each of three streams.
    check((MOST / 2..=MOST + 3 * inputs.len()).contains(&total), || format!("{total} bytes: {lengths:?}"))?;
    let last = report.inputs.last().map(|input| (input.verdict, input.truncated));
    check(last == Some((Verdict::OutputLimit, true)), || format!("{last:?}, {lengths:?}"))
}
