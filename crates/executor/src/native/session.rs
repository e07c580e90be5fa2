//! One submission, from its first box to its last: compile, run each input, check what failed.
//!
//! Every box is dead before the next is made. What a compiler leaves crosses to the runs as one plain file,
//! through a descriptor.

use std::sync::atomic::Ordering;
use std::time::Instant;

use model::{
    CompileReport, Diagnostic, InputReport, Judgement, Limits, Outcome, Phases, Report, Submission, Verdict, judge,
    judge_check, judge_compile,
};
use sandbox::{BoxFile, BoxOutcome, BoxRequest, FileKind, SandboxError, StopFlag};

use super::cache::{Compiled, Place};
use super::pool::Kind;
use super::templates::box_limits;
use super::{Shared, outcome};
use crate::ExecutorError;
use crate::languages::LoadedLanguage;
use crate::plan::{BoxKind, CompilePlan, Plan, PlannedFile};

/// What is kept of all outputs of one submission together, in bytes. Each input's own cap shrinks
/// when the rest is less.
const REPORT_BYTES: u64 = 32 * 1024 * 1024;

/// A submission on its way.
pub struct Session<'a> {
    shared: &'a Shared,
    loaded: &'a LoadedLanguage,
    submission: &'a Submission,
    plan: &'a Plan,
    stop: &'a StopFlag,
    files: Vec<BoxFile>,
    phases: Phases,
}

/// What a compiler or a check had to say.
struct Said {
    report: CompileReport,
    diagnostics: Vec<Diagnostic>,
}

/// What came of the inputs.
enum Runs {
    /// One report each.
    Done(Vec<InputReport>),
    /// The first failure showed that the code can not be parsed.
    Unparsable(Said, Judgement),
}

impl<'a> Session<'a> {
    /// Puts the submission's files where boxes can take them from.
    pub fn new(
        shared: &'a Shared,
        loaded: &'a LoadedLanguage,
        submission: &'a Submission,
        plan: &'a Plan,
        stop: &'a StopFlag,
    ) -> Result<Self, ExecutorError> {
        let files = plan.files.iter().map(|PlannedFile { name, kind, content }| BoxFile::new(name, *kind, content));
        let files = files.collect::<Result<_, _>>().map_err(failed)?;
        Ok(Self { shared, loaded, submission, plan, stop, files, phases: Phases::default() })
    }

    /// All of it.
    pub fn run(mut self) -> Result<Report, ExecutorError> {
        let mut compiled = None;
        if let Some(compile) = &self.plan.compile {
            let (said, judgement) = self.compile(compile)?;
            if let Some(judgement) = judgement {
                return Ok(self.not_run(said, &judgement));
            }
            compiled = Some(said);
        }
        let reports = match self.run_inputs()? {
            Runs::Done(reports) => reports,
            Runs::Unparsable(said, judgement) => return Ok(self.not_run(said, &judgement)),
        };
        let report = Report::new(reports, self.phases);
        Ok(match compiled {
            None => report,
            Some(Said { report: compile, diagnostics }) => Report { compile: Some(compile), diagnostics, ..report },
        })
    }

    fn not_run(self, said: Said, judgement: &Judgement) -> Report {
        let Said { report, diagnostics } = said;
        let base = Report::not_run(&self.submission.inputs, judgement, self.phases);
        Report { compile: Some(report), diagnostics, ..base }
    }

    /// Makes the artifact and puts it beside the other files; or says why it could not be made.
    fn compile(&mut self, compile: &CompilePlan) -> Result<(Said, Option<Judgement>), ExecutorError> {
        let CompilePlan { boxes, artifact } = compile;
        let limits = self.shared.ceilings.compile.clone();
        let start = Instant::now();
        let place = self.shared.place(self.submission, self.plan, compile)?;
        if let Some(compiled) = place.as_ref().and_then(Place::find) {
            let said = self.compiled_before(artifact, &compiled)?;
            self.phases.compile += start.elapsed();
            return Ok((said, None));
        }
        let mut raw = self.one_box(boxes, &self.submission.compile_options, &[], &limits)?;
        self.phases.compile += start.elapsed().saturating_sub(raw.usage.provision);
        let product = raw.product.take();
        let length = product.as_ref().map_or(Ok(0), sandbox::Product::length).map_err(failed)?;
        let facts = outcome::of_compile(raw, length > 0);
        let said = self.said(&facts);
        let judgement = judge_compile(&facts, &limits, &said.report.output, &said.diagnostics);
        if judgement.is_none()
            && let Some(product) = product
        {
            if let Some(place) = place {
                place.keep(&product, &said.report, &said.diagnostics).map_err(failed)?;
            }
            self.files.push(BoxFile::from_product(artifact, product));
        }
        Ok((said, judgement))
    }

    /// Puts a copy of what was made before beside the other files.
    fn compiled_before(&mut self, name: &str, compiled: &Compiled) -> Result<Said, ExecutorError> {
        let Compiled { artifact, report, diagnostics } = compiled;
        self.files.push(BoxFile::new(name, FileKind::Executable, artifact).map_err(failed)?);
        Ok(Said { report: CompileReport { cached: true, ..report.clone() }, diagnostics: diagnostics.clone() })
    }

    /// Can code that failed be parsed at all? `None` if it can, or nobody knows.
    fn check(&mut self) -> Result<Option<(Said, Judgement)>, ExecutorError> {
        let Some(boxes) = &self.plan.check else { return Ok(None) };
        let limits = self.shared.ceilings.compile.clone();
        let start = Instant::now();
        let raw = self.one_box(boxes, &[], &[], &limits)?;
        self.phases.compile += start.elapsed().saturating_sub(raw.usage.provision);
        let facts = outcome::of_check(raw);
        let said = self.said(&facts);
        let judgement = judge_check(&facts, &said.report.output, &said.diagnostics, |text| {
            self.loaded.language.messages.error_line(text)
        });
        Ok(judgement.map(|judgement| (said, judgement)))
    }

    /// Every input in a box of its own, until the first that fails shows that there is no use in going on.
    fn run_inputs(&mut self) -> Result<Runs, ExecutorError> {
        let inputs = &self.submission.inputs;
        let mut room = REPORT_BYTES;
        let mut reports = Vec::with_capacity(inputs.len());
        let mut checked = false;
        for input in inputs {
            let limits = within_room(&self.submission.limits, room);
            let start = Instant::now();
            let raw = self.one_box(&self.plan.run, &self.submission.args, input.as_bytes(), &limits)?;
            self.phases.run += start.elapsed().saturating_sub(raw.usage.provision);
            let facts = outcome::of_run(raw, self.plan.has_answer.then_some(limits.output_bytes)).map_err(failed)?;
            room = room.saturating_sub(kept(&facts));
            let cancelled = facts.cancelled;
            let report = self.judged(input, facts, &limits);
            if report.verdict == Verdict::RuntimeError
                && !std::mem::replace(&mut checked, true)
                && let Some((said, judgement)) = self.check()?
            {
                return Ok(Runs::Unparsable(said, judgement));
            }
            reports.push(report);
            if cancelled {
                break;
            }
        }
        outcome::fill_up_cancelled(&mut reports, inputs);
        Ok(Runs::Done(reports))
    }

    fn judged(&self, input: &str, facts: Outcome, limits: &Limits) -> InputReport {
        let (messages, lines) = (&self.loaded.language.messages, &self.plan.lines);
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

    fn said(&self, facts: &Outcome) -> Said {
        let (messages, lines) = (&self.loaded.language.messages, &self.plan.lines);
        let mut report = CompileReport::new(facts);
        let diagnostics = messages.diagnostics(&report.output, lines);
        report.output = messages.with_lines_as_sent(&report.output, lines);
        Said { report, diagnostics }
    }

    fn one_box(
        &mut self,
        kind: &BoxKind,
        args: &[String],
        stdin: &[u8],
        limits: &Limits,
    ) -> Result<BoxOutcome, ExecutorError> {
        let template = self.shared.template(kind)?;
        let request = BoxRequest { template, args, files: &self.files, stdin, limits: box_limits(limits) };
        let pool = &self.shared.pool;
        let mut slot = match kind {
            // Needed where something fails, which is no reason to keep boxes for it.
            BoxKind::Check(..) | BoxKind::Version(_) => pool.take_empty()?,
            BoxKind::Compile(..) | BoxKind::Run(..) => {
                let kind = Kind { template, is_heavy: self.shared.heavy[template] };
                pool.take(kind, &self.shared.made_with(kind, limits))?
            }
        };
        let outcome = slot.run(&request, self.stop);
        pool.give_back(slot);
        let outcome = outcome.map_err(failed)?;
        let starts = if outcome.warm { &self.shared.warm } else { &self.shared.cold };
        starts.fetch_add(1, Ordering::Relaxed);
        self.phases.provision += outcome.usage.provision;
        Ok(outcome)
    }
}

fn failed(error: SandboxError) -> ExecutorError {
    ExecutorError { context: "run a box", cause: error.to_string() }
}

/// The limits with the output cap lowered so that three streams of it fit into `room`.
fn within_room(limits: &Limits, room: u64) -> Limits {
    Limits { output_bytes: limits.output_bytes.min(room / 3).max(1), ..limits.clone() }
}

fn kept(facts: &Outcome) -> u64 {
    let answer = match &facts.answer {
        model::Answer::Given(value) => value.bytes.len(),
        model::Answer::NotAsked | model::Answer::Missing => 0,
    };
    u64::try_from(facts.stdout.bytes.len() + facts.stderr.bytes.len() + answer).unwrap_or(u64::MAX)
}
