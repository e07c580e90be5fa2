//! What no case of a kit can show of template processes and of boxes that wait.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use executor::{Ahead, Executor};
use libtest_mimic::{Failed, Trial};
use model::{Mode, Submission, Verdict};
use rustix::process::{Pid, Signal};

use crate::{Bench, WORKERS, python};

type Test = fn(&Bench) -> Result<(), String>;

/// One test for each.
pub fn trials() -> Vec<Trial> {
    let tests: [(&str, Test); 8] = [
        ("children_of_one_template_have_random_numbers_of_their_own", random_numbers),
        ("what_one_child_changes_no_other_sees", changes),
        ("the_end_of_a_child_is_told_as_it_was", ends),
        ("a_program_is_not_pid_1_and_sees_itself", own_process),
        ("a_program_is_alone_however_late_its_template_is", late_template),
        ("a_killed_template_is_replaced_and_nothing_is_answered_wrong", killed_template),
        ("a_killed_box_that_waits_is_replaced", killed_box),
        ("what_is_used_later_has_boxes_waiting_though_there_is_no_room_for_more", no_room),
    ];
    let trial = |(name, test): (&str, Test)| {
        Trial::test(format!("templates/{name}"), move || {
            let bench = Bench::of("python")?;
            test(&bench).map_err(Failed::from)
        })
    };
    let dead = Trial::test("boxes/those_that_died_while_they_waited_are_made_again", || {
        dead_boxes(&Bench::of("javascript")?).map_err(Failed::from)
    });
    let used = Trial::test("boxes/those_that_wait_are_used_for_the_inputs_of_one_submission", || {
        many_inputs(&Bench::of("javascript")?).map_err(Failed::from)
    });
    tests.into_iter().map(trial).chain([dead, used]).collect()
}

/// After one run, which learns or finds out what is to wait.
fn next_run_is_warm(bench: &Bench) -> Result<(), String> {
    let square = Submission { language: "javascript".to_owned(), ..python(Mode::Function, "return input_str", &["1"]) };
    bench.execute(&square)?;
    bench.wait_until_warm()?;
    let before = bench.executor.started();
    bench.execute(&square)?;
    let after = bench.executor.started();
    check(after == (before.0 + 1, before.1), || format!("{before:?} {after:?}"))
}

fn dead_boxes(bench: &Bench) -> Result<(), String> {
    for waiting in processes(bench, "box")? {
        rustix::process::kill_process(waiting, Signal::KILL).map_err(|error| error.to_string())?;
    }
    // Nobody looks at them before one is wanted.
    next_run_is_warm(bench)
}

fn outputs(bench: &Bench, code: &str, inputs: &[&str]) -> Result<Vec<String>, String> {
    let report = bench.execute(&python(Mode::Function, code, inputs))?;
    report
        .inputs
        .iter()
        .map(|input| match input.verdict {
            Verdict::Ok => Ok(input.output.clone()),
            other => Err(format!("{other:?}: {:?}", input.error)),
        })
        .collect()
}

fn check(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

fn random_numbers(bench: &Bench) -> Result<(), String> {
    let code = "import os, random, tempfile, uuid\n\
                return f'{random.random()} {uuid.uuid4()} {os.urandom(8).hex()} {tempfile.mktemp()}'";
    let outputs = outputs(bench, code, &["1", "2", "3"])?;
    let words: Vec<&str> = outputs.iter().flat_map(|output| output.split(' ')).collect();
    let mut unique = words.clone();
    unique.sort_unstable();
    unique.dedup();
    check(unique.len() == 12, || format!("{words:?}"))
}

fn changes(bench: &Bench) -> Result<(), String> {
    let code = "import builtins, json, math, os, sys\n\
                seen = [hasattr(builtins, 'left'), hasattr(json, 'left'), math.pi == 4, 'LEFT' in os.environ, len(sys.path)]\n\
                builtins.left = json.left = 1\nmath.pi = 4\nos.environ['LEFT'] = '1'\nsys.path.append('x')\n\
                open('/tmp/left', 'x').close()\nreturn str(seen)";
    let outputs = outputs(bench, code, &["1", "2", "3"])?;
    let first = outputs.first().cloned().unwrap_or_default();
    check(first.starts_with("[False, False, False, False, "), || first.clone())?;
    check(outputs.iter().all(|output| *output == first), || format!("{outputs:?}"))
}

fn ends(bench: &Bench) -> Result<(), String> {
    let code = "import os, signal, sys\n\
                what = input()\n\
                if what == 'abort': os.abort()\n\
                if what == 'term': os.kill(os.getpid(), signal.SIGTERM)\n\
                if what == 'segv': os.kill(os.getpid(), signal.SIGSEGV)\n\
                sys.exit(int(what))";
    let report = bench.execute(&python(Mode::Program, code, &["abort", "term", "segv", "0", "7", "255"]))?;
    let ends: Vec<_> = report.inputs.iter().map(|input| (input.exit_code, input.signal)).collect();
    let expected = [
        (None, Some(Signal::ABORT.as_raw())),
        (None, Some(Signal::TERM.as_raw())),
        (None, Some(Signal::SEGV.as_raw())),
        (Some(0), None),
        (Some(7), None),
        (Some(255), None),
    ];
    check(ends == expected, || format!("{ends:?}"))
}

fn own_process(bench: &Bench) -> Result<(), String> {
    let code = "import os\n\
                own = [os.getpid() != 1, os.getppid() == 1, os.getuid() == int(os.stat('/box').st_uid), os.access('/proc/self/maps', os.R_OK)]\n\
                open('/proc/self/maps').read(1)\n\
                fds = sorted(os.listdir('/proc/self/fd'))[:3]\n\
                others = [pid for pid in os.listdir('/proc') if pid.isdigit() and int(pid) != os.getpid()]\n\
                return f'{own} {fds} {others} {os.getcwd()}'";
    let outputs = outputs(bench, code, &["1"])?;
    // The fourth descriptor is that of the listing itself.
    check(outputs[0] == "[True, True, True, True] ['0', '1', '2'] [] /box", || format!("{outputs:?}"))
}

/// Templates get next to nothing of the processors, and their children a fair part.
fn late_template(bench: &Bench) -> Result<(), String> {
    for template in processes(bench, "/warm/warm.py")? {
        let template = template.as_raw_nonzero().to_string();
        let idle = Command::new("chrt").args(["--reset-on-fork", "--idle", "--pid", "0", &template]).status();
        check(idle.is_ok_and(|status| status.success()), || "chrt of util-linux failed".to_owned())?;
    }
    let code = "import os\n\
                others = []\n\
                for pid in range(2, 10):\n    \
                    try:\n        \
                        os.kill(pid, 0)\n        \
                        others.append(pid)\n    \
                    except ProcessLookupError: pass\n    \
                    except PermissionError as refused: others.append(f'{pid}: {refused}')\n\
                return str(len(others))";
    let inputs: Vec<String> = (0..24).map(|input| input.to_string()).collect();
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    let done = AtomicBool::new(false);
    let outputs = std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let outputs = outputs(bench, code, &inputs);
        done.store(true, Ordering::Relaxed);
        outputs
    })?;
    // Itself.
    check(outputs.iter().all(|others| others == "1"), || format!("{outputs:?}"))
}

/// Children of this launcher that are templates, or their children, by their command line.
fn processes(bench: &Bench, what: &str) -> Result<Vec<Pid>, String> {
    let launcher = bench.executor.launcher_pid().ok_or("the launcher is gone")?;
    let path = format!("/proc/{launcher}/task/{launcher}/children");
    let children = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let is_wanted = |pid: &str| {
        let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        line.replace('\0', " ").contains(what)
    };
    let pids = children.split_whitespace().filter(|pid| is_wanted(pid));
    Ok(pids.filter_map(|pid| pid.parse().ok()).filter_map(Pid::from_raw).collect())
}

fn killed_template(bench: &Bench) -> Result<(), String> {
    let templates = processes(bench, "/warm/warm.py")?;
    check(templates.len() == 2, || format!("one for each mode, not {templates:?}"))?;
    for template in templates {
        rustix::process::kill_process(template, Signal::KILL).map_err(|error| error.to_string())?;
    }
    // Our own failure is retried by whoever asked; none of these may be answered, and wrong.
    for _ in 0..20 {
        if let Ok(report) = bench.execute(&python(Mode::Function, "return input_str", &["1", "2"])) {
            let outputs: Vec<_> = report.inputs.iter().map(|input| input.output.as_str()).collect();
            check(outputs == ["1", "2"], || format!("{report:?}"))?;
        }
    }
    bench.wait_until_warm()?;
    let before = bench.executor.started();
    outputs(bench, "return input_str", &["1"])?;
    let after = bench.executor.started();
    check(after == (before.0 + 1, before.1), || format!("{before:?} {after:?}"))
}

fn many_inputs(bench: &Bench) -> Result<(), String> {
    // Of this kind none is warm that is made when it is asked for.
    let heavy = Ahead::for_workers(WORKERS.into()).heavy;
    let inputs: Vec<String> = (0..heavy).map(|input| input.to_string()).collect();
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    let before = bench.executor.started();
    let echo = python(Mode::Function, "return input_str", &inputs);
    let report = bench.execute(&Submission { language: "javascript".to_owned(), ..echo })?;
    let outputs: Vec<_> = report.inputs.iter().map(|input| input.output.as_str()).collect();
    check(outputs == inputs, || format!("{report:?}"))?;
    let after = bench.executor.started();
    let used = before.0 + u64::try_from(heavy).unwrap_or(u64::MAX);
    check(after == (used, before.1), || format!("{before:?} {after:?}"))
}

fn no_room(bench: &Bench) -> Result<(), String> {
    let ahead = bench.executor.boxes_ahead();
    check(ahead.waiting == Ahead::for_workers(WORKERS.into()).all, || format!("{ahead:?}"))?;
    next_run_is_warm(bench)
}

fn killed_box(bench: &Bench) -> Result<(), String> {
    for waiting in processes(bench, "box")? {
        rustix::process::kill_process(waiting, Signal::KILL).map_err(|error| error.to_string())?;
    }
    let right = outputs(bench, "return input_str", &["1", "2", "3", "4", "5", "6"])?;
    check(right == ["1", "2", "3", "4", "5", "6"], || format!("{right:?}"))
}
