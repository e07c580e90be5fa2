//! What every executor promises, in one list: each case is tried on the native one, on the one for Dagger, with the runner as
//! root and as an ordinary user, and, as far as nothing has to be run for it, on the fake one.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use executor::fake::{FakeExecutor, answered, failed};
use executor::{Cancel, Executor, Observer, Step};
use model::{
    Checker, Fault, Grading, Limits, Mode, Points, Report, Submission, SubmittedFile, Test as Graded, Verdict,
};

use crate::bench::{runs_with, submission};

/// An executor under test.
#[derive(Clone)]
pub struct Subject {
    pub name: &'static str,
    pub executor: Arc<dyn Executor>,
}

/// A case: its name, whether the fake keeps it too, and what is to hold.
pub type Case = (&'static str, bool, fn(&tokio::runtime::Runtime, &Subject));

macro_rules! cases {
    ($($name:ident: $fake:literal),* $(,)?) => {
        pub const CASES: &[Case] = &[$((stringify!($name), $fake, |runtime, subject| runtime.block_on($name(subject)))),*];
    };
}

cases![
    every_input_has_its_entry_in_order: true,
    no_inputs_are_no_failure: true,
    a_program_that_fails_is_a_report: true,
    steps_are_told_as_they_stand_in_the_report: true,
    what_is_cancelled_before_it_begins_is_cancelled: true,
    answers_are_graded: true,
    what_is_cancelled_while_it_runs_ends: false,
    phases_are_told: true,
    a_function_has_its_answer_beside_its_output: false,
    a_function_that_does_not_return_has_failed: false,
    code_that_can_not_be_parsed_is_a_compile_error_with_its_line: false,
    code_that_does_not_compile_is_a_compile_error_with_its_line: false,
    what_is_compiled_is_compiled_once_and_told: false,
    limits_are_held: false,
    endings_are_told: false,
    files_and_arguments_are_there: false,
    nothing_is_left_for_the_next_input: false,
    bytes_that_are_no_text_are_replaced: false,
    a_language_that_is_not_there_is_our_failure: false,
];

/// The fake, with a program that echoes, and fails on one input.
pub fn fake() -> Subject {
    let script = |_: &Submission, input: &str| match input {
        "fail" => failed(input, Verdict::RuntimeError, "the program ended with exit code 1"),
        _ => answered(input, input),
    };
    Subject { name: "fake", executor: Arc::new(FakeExecutor::scripted(script)) }
}

/// What the fake's script does, as a program.
const ECHO: &str = "text = input()\nif text == 'fail': raise SystemExit(1)\nprint(text, end='')";

fn echo(inputs: &[&str]) -> Submission {
    submission("python", Mode::Program, ECHO, inputs)
}

async fn execute(subject: &Subject, submission: &Submission) -> Report {
    subject.executor.execute(submission, &Cancel::default()).await.expect("is executed")
}

async fn every_input_has_its_entry_in_order(subject: &Subject) {
    let report = execute(subject, &echo(&["b", "a", "b", "ü"])).await;
    let found: Vec<_> = report.inputs.iter().map(|input| (input.input.as_str(), input.output.as_str())).collect();
    assert_eq!(found, [("b", "b"), ("a", "a"), ("b", "b"), ("ü", "ü")]);
    assert_eq!(report.verdict, Verdict::Ok);
}

async fn no_inputs_are_no_failure(subject: &Subject) {
    let report = execute(subject, &echo(&[])).await;
    assert_eq!((report.verdict, report.inputs.len()), (Verdict::Ok, 0));
}

async fn a_program_that_fails_is_a_report(subject: &Subject) {
    let report = execute(subject, &echo(&["1", "fail", "2"])).await;
    let verdicts: Vec<_> = report.inputs.iter().map(|input| (input.verdict, input.fault, input.exit_code)).collect();
    let ok = (Verdict::Ok, None, Some(0));
    assert_eq!(verdicts, [ok, (Verdict::RuntimeError, Some(Fault::Student), Some(1)), ok]);
    assert_eq!(report.verdict, Verdict::RuntimeError);
    assert_eq!(report.inputs[1].error.as_deref(), Some("the program ended with exit code 1"));
}

async fn steps_are_told_as_they_stand_in_the_report(subject: &Subject) {
    let told: Arc<Mutex<Vec<_>>> = Arc::default();
    let telling = Arc::clone(&told);
    let observer = Observer::new(move |step| {
        if let Step::Ran { index, report } = step {
            telling.lock().expect("nobody panics").push((index, report.clone()));
        }
    });
    let submission = echo(&["1", "2", "fail"]);
    let report =
        subject.executor.execute_observed(&submission, &Cancel::default(), &observer).await.expect("is executed");
    let mut told = told.lock().expect("nobody panics").clone();
    told.sort_by_key(|(index, _)| *index);
    assert_eq!(told, report.inputs.into_iter().enumerate().collect::<Vec<_>>());
}

async fn what_is_cancelled_before_it_begins_is_cancelled(subject: &Subject) {
    let cancel = Cancel::default();
    cancel.cancel();
    let report = subject.executor.execute(&echo(&["1", "2"]), &cancel).await.expect("is a report");
    let found: Vec<_> = report.inputs.iter().map(|input| (input.verdict, input.fault)).collect();
    assert_eq!((report.verdict, found), (Verdict::Cancelled, vec![(Verdict::Cancelled, None); 2]));
}

async fn answers_are_graded(subject: &Subject) {
    let test = |expected: &str| Graded {
        name: None,
        expected: expected.to_owned(),
        checker: 0,
        points: Points::ONE,
        hidden: false,
    };
    let checkers = vec![Checker::Exact];
    let grading = Some(Grading { tests: vec![test("1"), test("3")], checkers });
    let report = execute(subject, &Submission { grading, ..echo(&["1", "2"]) }).await;
    let verdicts: Vec<_> = report.inputs.iter().map(|input| input.verdict).collect();
    assert_eq!(verdicts, [Verdict::Ok, Verdict::WrongAnswer]);
}

async fn phases_are_told(subject: &Subject) {
    let report = execute(subject, &echo(&["1"])).await;
    assert!(report.phases.run > Duration::ZERO && report.execution_time() >= report.phases.run, "{:?}", report.phases);
}

async fn what_is_cancelled_while_it_runs_ends(subject: &Subject) {
    let cancel = Cancel::default();
    let word = uuid::Uuid::new_v4().to_string();
    let submission = submission("python", Mode::Program, "import time\ntime.sleep(15)", &["1", "2"]);
    let submission = Submission { args: vec![word.clone()], ..submission };
    let running = subject.executor.execute(&submission, &cancel);
    let cancelling = async {
        runs_with(&word).await;
        cancel.cancel();
    };
    let (report, ()) = tokio::join!(running, cancelling);
    let report = report.expect("is a report");
    assert!(report.inputs.iter().all(|input| input.verdict == Verdict::Cancelled), "{report:#?}");
}

async fn a_function_has_its_answer_beside_its_output(subject: &Subject) {
    let code = "print('printed')\nreturn input_str.upper()";
    let report = execute(subject, &submission("python", Mode::Function, code, &["a", ""])).await;
    let found: Vec<_> = report.inputs.iter().map(|input| (input.output.as_str(), input.stdout.as_deref())).collect();
    assert_eq!(found, [("A", Some("printed\n")), ("", Some("printed\n"))]);
}

async fn a_function_that_does_not_return_has_failed(subject: &Subject) {
    let code = "import os\nos._exit(0)";
    let report = execute(subject, &submission("python", Mode::Function, code, &["a"])).await;
    let input = &report.inputs[0];
    assert_eq!(
        (input.verdict, input.error.as_deref()),
        (Verdict::RuntimeError, Some("the program ended before the function returned"))
    );
}

async fn code_that_can_not_be_parsed_is_a_compile_error_with_its_line(subject: &Subject) {
    let report = execute(subject, &submission("python", Mode::Program, "x = 1\ny = = 2", &["1", "2"])).await;
    assert_eq!(report.verdict, Verdict::CompileError);
    assert!(report.inputs.iter().all(|input| input.verdict == Verdict::CompileError), "{report:#?}");
    assert_eq!(report.diagnostics.first().map(|found| found.line), Some(2), "{report:#?}");
}

async fn code_that_does_not_compile_is_a_compile_error_with_its_line(subject: &Subject) {
    let code = "int main(void) {\n    return x;\n}\n";
    let report = execute(subject, &submission("c", Mode::Program, code, &["1"])).await;
    assert_eq!((report.verdict, report.inputs[0].fault), (Verdict::CompileError, Some(Fault::Student)));
    assert_eq!(report.diagnostics.first().map(|found| found.line), Some(2), "{report:#?}");
    assert!(report.compile.is_some_and(|compile| compile.exit_code != Some(0)));
}

async fn what_is_compiled_is_compiled_once_and_told(subject: &Subject) {
    let told: Arc<Mutex<usize>> = Arc::default();
    let telling = Arc::clone(&told);
    let observer = Observer::new(move |step| {
        if matches!(step, Step::Compiled(_)) {
            *telling.lock().expect("nobody panics") += 1;
        }
    });
    let code = "#include <stdio.h>\nint main(void) { int n; scanf(\"%d\", &n); printf(\"%d\", n * n); }";
    let submission = submission("c", Mode::Program, code, &["3", "4"]);
    let report =
        subject.executor.execute_observed(&submission, &Cancel::default(), &observer).await.expect("is executed");
    let outputs: Vec<_> = report.inputs.iter().map(|input| input.output.as_str()).collect();
    assert_eq!((outputs, *told.lock().expect("nobody panics")), (vec!["9", "16"], 1));
    assert!(
        report.compile.is_some_and(|compile| compile.exit_code == Some(0)) && report.phases.compile > Duration::ZERO
    );
}

async fn limits_are_held(subject: &Subject) {
    let cases = [
        ("while True: pass", Verdict::TimeLimit, "CPU time"),
        ("import time\ntime.sleep(60)", Verdict::TimeLimit, "ran for longer"),
        ("x = []\nwhile True: x.append(bytearray(1 << 20))", Verdict::MemoryLimit, "of memory"),
        ("while True: print('x' * 1000)", Verdict::OutputLimit, "bytes of output"),
    ];
    let limits = Limits {
        cpu_time: Duration::from_secs(1),
        wall_time: Duration::from_secs(5),
        memory_kib: 96 * 1024,
        output_bytes: 4096,
        ..Limits::default()
    };
    for (code, verdict, words) in cases {
        let submission = submission("python", Mode::Program, code, &["1"]);
        let report = execute(subject, &Submission { limits: limits.clone(), ..submission }).await;
        let input = &report.inputs[0];
        assert_eq!((input.verdict, input.fault), (verdict, Some(Fault::Limit)), "{code}: {:?}", input.error);
        assert!(input.error.as_deref().is_some_and(|error| error.contains(words)), "{code}: {:?}", input.error);
    }
}

async fn endings_are_told(subject: &Subject) {
    let code = "import os, sys\nway, number = input().split()\n\
                os.kill(os.getpid(), int(number)) if way == 'signal' else sys.exit(int(number))";
    let report =
        execute(subject, &submission("python", Mode::Program, code, &["exit 0", "exit 137", "signal 11", "signal 9"]))
            .await;
    let found: Vec<_> = report.inputs.iter().map(|input| (input.exit_code, input.signal)).collect();
    assert_eq!(found, [(Some(0), None), (Some(137), None), (None, Some(11)), (None, Some(9))]);
}

async fn files_and_arguments_are_there(subject: &Subject) {
    let code = "import sys\nprint(open('data.txt').read(), sys.argv[1:])\nopen('data.txt', 'w').write('changed')";
    let file = SubmittedFile { name: "data.txt".to_owned(), content: b"as sent".to_vec() };
    let args = vec!["a b".to_owned(), "-c".to_owned()];
    let report = execute(
        subject,
        &Submission { files: vec![file], args, ..submission("python", Mode::Program, code, &["1", "2"]) },
    )
    .await;
    assert!(report.inputs.iter().all(|input| input.output == "as sent ['a b', '-c']\n"), "{report:#?}");
}

async fn nothing_is_left_for_the_next_input(subject: &Subject) {
    let code = "import os\nprint(sorted(os.listdir('/tmp') + os.listdir('/box')))\nfor d in ['/tmp', '/box']: open(d + '/left', 'w').close()\n\
                if os.fork() == 0:\n    os.setsid()\n    while True: pass";
    let report = execute(subject, &submission("python", Mode::Program, code, &["1", "2", "3"])).await;
    let outputs: Vec<_> = report.inputs.iter().map(|input| input.output.as_str()).collect();
    assert_eq!(outputs, ["[]\n"; 3]);
}

async fn bytes_that_are_no_text_are_replaced(subject: &Subject) {
    let code = "import sys\nsys.stdout.buffer.write(b'a\\xff\\x00\\xe2\\x80\\xa8z')";
    let report = execute(subject, &submission("python", Mode::Program, code, &["1"])).await;
    assert_eq!((report.verdict, report.inputs[0].output.as_str()), (Verdict::Ok, "a\u{fffd}\0\u{2028}z"));
}

async fn a_language_that_is_not_there_is_our_failure(subject: &Subject) {
    let submission = submission("klingon", Mode::Program, "", &["1"]);
    let error = subject.executor.execute(&submission, &Cancel::default()).await.expect_err("is no report");
    assert_eq!(error.to_string(), "plan: klingon has no mode program");
}
