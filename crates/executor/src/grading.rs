//! From what ran to what it is worth: every executor's reports go through here before they are told.
//!
//! Built-in checkers are asked as soon as an input has run. A program as checker is a submission of its own to the same
//! executor, after those of the student: its box is another, it has a permit of its own, and what is expected stands in that
//! box alone. Nothing here knows how a box is made, and what an output is worth is decided in `model`.

use std::sync::Arc;

use model::{
    CheckerProgram, Grading, InputReport, Judged, Mode, Phases, Priority, Report, Submission, SubmittedFile, Verdict,
};

use crate::{Cancel, Executor, ExecutorError, Observer, Step};

/// The report of a submission with tests, which are judged.
pub async fn graded<E: Executor + ?Sized>(
    executor: &E,
    submission: &Submission,
    grading: &Grading,
    cancel: &Cancel,
    observer: &Observer,
) -> Result<Report, ExecutorError> {
    let mut report = executor.run(submission, cancel, &judging(grading, observer)).await?;
    for (index, input) in report.inputs.iter_mut().enumerate() {
        let Judged::By(program) = grading.judge(index, input) else { continue };
        let (said, took) = ask(executor, submission, program, expected(grading, index), input, cancel).await?;
        report.phases.add(took);
        grading.judged_by(index, input, &said);
        if input.verdict != Verdict::Cancelled {
            observer.tell(Step::Ran { index, report: input });
        }
    }
    if report.verdict == Verdict::Ok {
        report.verdict = Report::verdict_of(&report.inputs);
    }
    Ok(report)
}

/// Tells of inputs with the verdict that will stand in the report; those that wait for a program are told of later.
fn judging(grading: &Grading, observer: &Observer) -> Observer {
    let (grading, observer) = (Arc::new(grading.clone()), observer.clone());
    Observer::new(move |step| match step {
        Step::Compiled(_) => observer.tell(step),
        Step::Ran { index, report } => {
            let mut report = report.clone();
            if grading.judge(index, &mut report) == Judged::Stands {
                observer.tell(Step::Ran { index, report: &report });
            }
        }
    })
}

fn expected(grading: &Grading, index: usize) -> &str {
    grading.tests.get(index).map_or("", |test| test.expected.as_str())
}

/// Runs a checker on what came of one input, and says how long that took.
async fn ask<E: Executor + ?Sized>(
    executor: &E,
    submission: &Submission,
    program: &CheckerProgram,
    expected: &str,
    run: &InputReport,
    cancel: &Cancel,
) -> Result<(InputReport, Phases), ExecutorError> {
    let CheckerProgram { language, code, limits } = program;
    let file = |name: &str, text: &str| SubmittedFile { name: name.to_owned(), content: text.as_bytes().to_vec() };
    let checker = Submission {
        id: submission.id,
        owner: submission.owner.clone(),
        language: language.clone(),
        mode: Mode::Program,
        code: code.clone(),
        inputs: vec![String::new()],
        limits: limits.clone(),
        files: vec![
            file(CheckerProgram::INPUT, &run.input),
            file(CheckerProgram::EXPECTED, expected),
            file(CheckerProgram::OUTPUT, &run.output),
        ],
        compile_options: Vec::new(),
        args: Vec::new(),
        compile_cache: submission.compile_cache,
        priority: Priority::default(),
        student: None,
        callback_url: None,
        no_store: submission.no_store,
        grading: None,
    };
    let report = executor.run(&checker, cancel, &Observer::default()).await?;
    let run = report.inputs.into_iter().next();
    let run =
        run.ok_or_else(|| ExecutorError { context: "ask a checker", cause: "its report has no run".to_owned() })?;
    Ok((run, report.phases))
}
