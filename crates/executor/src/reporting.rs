//! From facts to what people read, the same for every executor that runs programs.

use model::{
    Answer, Captured, CompileReport, Diagnostic, InputReport, Limits, LineMap, Messages, Outcome, Verdict, judge,
};

/// A harness begins its answer with this byte, so that an empty answer differs from none.
const ANSWER_MARK: u8 = b'=';

/// What a compiler or a check had to say.
pub struct Said {
    /// In full.
    pub report: CompileReport,
    /// Line by line.
    pub diagnostics: Vec<Diagnostic>,
}

/// What the compiler or check of these facts had to say. `lines` are those of the code as it was sent.
pub fn said(facts: &Outcome, messages: &Messages, lines: &LineMap) -> Said {
    let mut report = CompileReport::new(facts);
    let diagnostics = messages.diagnostics(&report.output, lines);
    report.output = messages.with_lines_as_sent(&report.output, lines);
    Said { report, diagnostics }
}

/// The report of a run with these facts.
pub fn judged(input: &str, facts: Outcome, limits: &Limits, messages: &Messages, lines: &LineMap) -> InputReport {
    let judgement = judge(&facts, limits, |text| messages.error_line(text));
    let mut report = InputReport::new(input.to_owned(), facts, judgement);
    if report.verdict == Verdict::RuntimeError
        && let Some(trace) = &report.stderr
    {
        let error = report.error.as_deref().unwrap_or_default();
        report.diagnostics = messages.failure(trace, error, lines).into_iter().collect();
        report.stderr = Some(messages.with_lines_as_sent(trace, lines));
    }
    report
}

/// What stands in the answer file: the mark and the value, or anything else if the program wrote
/// there itself, which is no answer.
pub fn read_answer(left: Captured) -> Answer {
    let Captured { mut bytes, truncated } = left;
    if bytes.first() != Some(&ANSWER_MARK) {
        return Answer::Missing;
    }
    bytes.remove(0);
    Answer::Given(Captured { bytes, truncated })
}
