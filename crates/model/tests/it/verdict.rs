//! Facts in, judgement out: one table.

use std::time::Duration;

use model::{
    Answer, Captured, Ending, Fault, InputReport, Judgement, LimitHit, Limits, Outcome, Phases, Report, Usage, Verdict,
    judge,
};

fn outcome() -> Outcome {
    Outcome {
        ending: Ending::Exited(0),
        limit_hit: None,
        cancelled: false,
        usage: Usage::default(),
        stdout: Captured::default(),
        stderr: Captured::default(),
        answer: Answer::NotAsked,
    }
}

fn messages(text: &str) -> Captured {
    Captured { bytes: text.as_bytes().to_vec(), truncated: false }
}

fn check(outcome: &Outcome, verdict: Verdict, error: Option<&str>) {
    let find = |text: &str| text.contains("Traceback").then(|| "ValueError: found".to_owned());
    let judgement = judge(outcome, &Limits::default(), find);
    assert_eq!(judgement.verdict, verdict, "{outcome:?}");
    assert_eq!(judgement.error.as_deref(), error, "{outcome:?}");
}

#[test]
fn every_ending_has_its_verdict() {
    let ended = |ending| Outcome { ending, ..outcome() };
    let status = |status, text: &str| Outcome { stderr: messages(text), ..ended(Ending::Exited(status)) };
    check(&outcome(), Verdict::Ok, None);
    check(&status(1, "Traceback\nx"), Verdict::RuntimeError, Some("ValueError: found"));
    check(&status(1, "last words\n"), Verdict::RuntimeError, Some("last words"));
    check(&status(3, ""), Verdict::RuntimeError, Some("the program ended with exit code 3"));
    let signal = |signal, text: &str| Outcome { stderr: messages(text), ..ended(Ending::Signaled(signal)) };
    check(&signal(6, "Traceback\nx"), Verdict::RuntimeError, Some("ValueError: found"));
    let aborted = "the program was stopped by signal 6 (SIGABRT: aborted)";
    check(&signal(6, "last words"), Verdict::RuntimeError, Some(aborted));
    let segmentation = "the program was stopped by signal 11 (SIGSEGV: invalid memory access)";
    check(&signal(11, "Traceback\nx"), Verdict::RuntimeError, Some(segmentation));
    check(&status(124, ""), Verdict::RuntimeError, Some("the program ended with exit code 124"));
    check(&status(137, ""), Verdict::RuntimeError, Some("the program ended with exit code 137"));
    let segv = "the program was stopped by signal 11 (SIGSEGV: invalid memory access)";
    check(&ended(Ending::Signaled(11)), Verdict::RuntimeError, Some(segv));
    check(
        &ended(Ending::Signaled(9)),
        Verdict::RuntimeError,
        Some("the program was stopped by signal 9 (SIGKILL: killed)"),
    );
    check(&ended(Ending::Signaled(40)), Verdict::RuntimeError, Some("the program was stopped by signal 40"));
    check(&ended(Ending::Killed), Verdict::InternalError, Some("the run was stopped by Code Runner"));
}

#[test]
fn a_limit_counts_whatever_the_ending() {
    for ending in [Ending::Killed, Ending::Exited(0), Ending::Signaled(9)] {
        let hit = |limit_hit| Outcome { ending, limit_hit: Some(limit_hit), ..outcome() };
        check(&hit(LimitHit::CpuTime), Verdict::TimeLimit, Some("the program used more than 10 s of CPU time"));
        check(&hit(LimitHit::WallTime), Verdict::TimeLimit, Some("the program ran for longer than 20 s"));
        check(&hit(LimitHit::Memory), Verdict::MemoryLimit, Some("the program used more than 512 MiB of memory"));
        check(
            &hit(LimitHit::Output),
            Verdict::OutputLimit,
            Some("the program wrote more than 1048576 bytes of output"),
        );
    }
}

#[test]
fn a_function_that_did_not_return_failed() {
    let answer = |answer| Outcome { answer, ..outcome() };
    check(&answer(Answer::Missing), Verdict::RuntimeError, Some("the program ended before the function returned"));
    check(&answer(Answer::Given(Captured::default())), Verdict::Ok, None);
}

#[test]
fn cancelled_comes_before_everything() {
    let outcome = Outcome { cancelled: true, limit_hit: Some(LimitHit::Memory), ..outcome() };
    check(&outcome, Verdict::Cancelled, Some("the submission was cancelled"));
}

#[test]
fn every_verdict_names_whose_fault_it_is() {
    for verdict in Verdict::ALL {
        let expected = match verdict {
            Verdict::Ok | Verdict::Cancelled => None,
            Verdict::InternalError => Some(Fault::Platform),
            Verdict::TimeLimit | Verdict::MemoryLimit | Verdict::OutputLimit => Some(Fault::Limit),
            Verdict::WrongAnswer | Verdict::CompileError | Verdict::RuntimeError => Some(Fault::Student),
        };
        assert_eq!(verdict.fault(), expected);
    }
}

#[test]
fn a_report_has_the_verdict_of_the_first_input_that_failed() {
    let entry = |verdict| InputReport::not_run("x".to_owned(), Judgement { verdict, error: None });
    let report = |verdicts: &[Verdict]| Report::new(verdicts.iter().copied().map(entry).collect(), Phases::default());
    assert_eq!(report(&[]).verdict, Verdict::Ok);
    assert_eq!(report(&[Verdict::Ok, Verdict::TimeLimit, Verdict::RuntimeError]).verdict, Verdict::TimeLimit);
}

#[test]
fn the_wait_in_the_queue_is_not_execution_time() {
    let ms = Duration::from_millis;
    let phases = Phases { queue: ms(1000), provision: ms(1), compile: ms(2), run: ms(3) };
    assert_eq!(Report::new(Vec::new(), phases).execution_time(), ms(6));
}

#[test]
fn in_function_mode_the_value_is_the_output_and_printing_is_apart() {
    let given = Outcome { stdout: messages("printed"), answer: Answer::Given(messages("value")), ..outcome() };
    let entry = InputReport::new("4".to_owned(), given, Judgement { verdict: Verdict::Ok, error: None });
    assert_eq!((entry.output.as_str(), entry.stdout.as_deref()), ("value", Some("printed")));
    let program = Outcome { stdout: messages("printed"), ..outcome() };
    let entry = InputReport::new("4".to_owned(), program, Judgement { verdict: Verdict::Ok, error: None });
    assert_eq!((entry.output.as_str(), entry.stdout), ("printed", None));
}
