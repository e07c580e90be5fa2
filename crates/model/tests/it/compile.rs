//! What is said of code that can not be compiled or parsed.

use model::{
    Answer, Captured, Diagnostic, Ending, LimitHit, Limits, Outcome, Severity, Usage, Verdict, judge_check,
    judge_compile,
};

fn outcome(ending: Ending, answer: Answer) -> Outcome {
    Outcome {
        ending,
        limit_hit: None,
        cancelled: false,
        usage: Usage::default(),
        stdout: Captured::default(),
        stderr: Captured::default(),
        answer,
    }
}

fn made() -> Answer {
    Answer::Given(Captured::default())
}

fn diagnostic(severity: Severity, line: usize) -> Diagnostic {
    Diagnostic { line, column: None, severity, message: format!("at {line}") }
}

#[test]
fn every_ending_of_a_compiler_has_its_verdict() {
    let limits = Limits::for_compiling();
    let judged = |outcome: Outcome, text: &str, diagnostics: &[Diagnostic]| {
        judge_compile(&outcome, &limits, text, diagnostics).map(|j| (j.verdict, j.error.unwrap_or_default()))
    };
    let compile_error = |error: &str| Some((Verdict::CompileError, error.to_owned()));
    let diagnostics =
        [diagnostic(Severity::Warning, 1), diagnostic(Severity::Error, 7), diagnostic(Severity::Error, 9)];

    assert_eq!(judged(outcome(Ending::Exited(0), made()), "a warning", &diagnostics), None);
    assert_eq!(judged(outcome(Ending::Exited(1), made()), "text", &diagnostics), compile_error("line 7: at 7"));
    assert_eq!(judged(outcome(Ending::Exited(1), made()), "\n  first words\nmore", &[]), compile_error("first words"));
    assert_eq!(
        judged(outcome(Ending::Exited(4), made()), "", &[]),
        compile_error("the compiler ended with exit code 4")
    );
    assert_eq!(
        judged(outcome(Ending::Exited(0), Answer::Missing), "", &[]),
        compile_error("the compiler made no program")
    );
    let signal = judged(outcome(Ending::Signaled(11), made()), "", &[]);
    assert_eq!(signal, compile_error("the compiler was stopped by signal 11 (SIGSEGV: invalid memory access)"));
    let slow = Outcome { limit_hit: Some(LimitHit::CpuTime), ..outcome(Ending::Killed, Answer::Missing) };
    assert_eq!(judged(slow, "", &[]), compile_error("the compiler used more than 60 s of CPU time"));
    let cancelled = Outcome { cancelled: true, ..outcome(Ending::Killed, Answer::Missing) };
    assert_eq!(judged(cancelled, "", &[]).map(|(verdict, _)| verdict), Some(Verdict::Cancelled));
    // Killed by nobody we know of: that is our fault, not the student's.
    assert_eq!(
        judged(outcome(Ending::Killed, Answer::Missing), "", &[]).map(|(verdict, _)| verdict),
        Some(Verdict::InternalError)
    );
}

#[test]
fn a_check_says_only_what_it_can_know() {
    let refused =
        |ending| judge_check(&outcome(ending, Answer::NotAsked), "unexpected end\n", &[], |_| None).map(|j| j.error);
    assert_eq!(refused(Ending::Exited(0)), None);
    assert_eq!(refused(Ending::Exited(1)), Some(Some("unexpected end".to_owned())));
    assert_eq!(refused(Ending::Signaled(9)), None);
    let slow = Outcome { limit_hit: Some(LimitHit::WallTime), ..outcome(Ending::Exited(1), Answer::NotAsked) };
    assert_eq!(judge_check(&slow, "x", &[], |_| None), None);
}
