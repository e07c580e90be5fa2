//! One submission, from its first box to its last: compile, run each input, check what failed.
//!
//! The compiler's box is dead before the first run's is made. What it leaves crosses to the runs as one plain file, through a
//! descriptor. Inputs run side by side where there are lanes for it (`lanes`), and in which order what is done says
//! `turns`; the report is the one that they would have one after the other.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use model::{
    CompileReport, Diagnostic, InputReport, Judgement, Limits, Outcome, Phases, Report, Submission, Verdict, judge,
    judge_check, judge_compile,
};
use sandbox::{BoxFile, BoxOutcome, BoxRequest, FileKind, SandboxError, StopFlag};

use super::cache::{Compiled, Place};
use super::lanes::Work;
use super::pool::Kind;
use super::templates::box_limits;
use super::turns::{Lane, Turn, Turns};
use super::{Shared, lock, outcome};
use crate::languages::LoadedLanguage;
use crate::plan::{BoxKind, CompilePlan, Plan, PlannedFile};
use crate::{ExecutorError, Observer, Step};

/// A submission on its way.
pub struct Session<'a> {
    shared: &'a Shared,
    loaded: &'a LoadedLanguage,
    submission: &'a Submission,
    plan: &'a Plan,
    stop: &'a StopFlag,
    observer: &'a Observer,
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

/// The inputs of a submission on their way.
struct Inputs<'a> {
    session: &'a Session<'a>,
    progress: Mutex<Progress>,
}

/// How far they are.
struct Progress {
    turns: Turns,
    /// One for each input, once it has run.
    reports: Vec<Option<InputReport>>,
    unparsable: Option<(Said, Judgement)>,
    /// Failures that nobody was told of yet: whether they stand is known only when the code was checked.
    held: Vec<usize>,
    /// The code was checked, or there is no way to, so that failures stand.
    failures_stand: bool,
    /// The first failure that is ours.
    failure: Option<ExecutorError>,
    /// Of all boxes together, however many of them there were at the same time.
    spent: Phases,
}

impl<'a> Session<'a> {
    /// Puts the submission's files where boxes can take them from.
    pub fn new(
        shared: &'a Shared,
        loaded: &'a LoadedLanguage,
        submission: &'a Submission,
        plan: &'a Plan,
        stop: &'a StopFlag,
        observer: &'a Observer,
    ) -> Result<Self, ExecutorError> {
        let files = plan.files.iter().map(|PlannedFile { name, kind, content }| BoxFile::new(name, *kind, content));
        let files = files.collect::<Result<_, _>>().map_err(failed)?;
        Ok(Self { shared, loaded, submission, plan, stop, observer, files, phases: Phases::default() })
    }

    /// All of it.
    pub fn run(mut self) -> Result<Report, ExecutorError> {
        let mut compiled = None;
        if let Some(compile) = &self.plan.compile {
            let (said, judgement) = self.compile(compile)?;
            self.observer.tell(Step::Compiled(&said.report));
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
        let base = Report::not_run(self.submission, judgement, self.phases);
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
        self.phases.provision += raw.usage.provision;
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

    /// Every input in a box of its own, until one that fails shows that there is no use in going on.
    fn run_inputs(&mut self) -> Result<Runs, ExecutorError> {
        let start = Instant::now();
        let inputs = Inputs::new(self);
        self.shared.lanes.work(&inputs);
        let Progress { turns: _, reports, unparsable, held: _, failures_stand: _, failure, spent } =
            inputs.progress.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.phases.add(on_the_clock(spent, start.elapsed()));
        if let Some((said, judgement)) = unparsable {
            return Ok(Runs::Unparsable(said, judgement));
        }
        failure.map_or(Ok(()), Err)?;
        let mut reports = outcome::until_cancelled(reports);
        outcome::fill_up_cancelled(&mut reports, &self.submission.inputs);
        Ok(Runs::Done(reports))
    }

    /// Can code that failed be parsed at all? `None` if it can, or nobody knows.
    fn check(&self, boxes: &BoxKind, spent: &mut Phases) -> Result<Option<(Said, Judgement)>, ExecutorError> {
        let limits = self.shared.ceilings.compile.clone();
        let start = Instant::now();
        let raw = self.one_box(boxes, &[], &[], &limits)?;
        spent.provision += raw.usage.provision;
        spent.compile += start.elapsed().saturating_sub(raw.usage.provision);
        let facts = outcome::of_check(raw);
        let said = self.said(&facts);
        let judgement = judge_check(&facts, &said.report.output, &said.diagnostics, |text| {
            self.loaded.language.messages.error_line(text)
        });
        Ok(judgement.map(|judgement| (said, judgement)))
    }

    fn run_input(&self, input: &str, limits: &Limits, spent: &mut Phases) -> Result<Outcome, ExecutorError> {
        let start = Instant::now();
        let raw = self.one_box(&self.plan.run, &self.submission.args, input.as_bytes(), limits)?;
        spent.provision += raw.usage.provision;
        spent.run += start.elapsed().saturating_sub(raw.usage.provision);
        outcome::of_run(raw, self.plan.has_answer.then_some(limits.output_bytes)).map_err(failed)
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
        &self,
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
        Ok(outcome)
    }
}

impl<'a> Inputs<'a> {
    fn new(session: &'a Session<'a>) -> Self {
        let (inputs, has_check) = (session.submission.inputs.len(), session.plan.check.is_some());
        let progress = Progress {
            turns: Turns::new(inputs, session.submission.limits.output_bytes, has_check),
            reports: vec![None; inputs],
            unparsable: None,
            held: Vec::new(),
            failures_stand: !has_check,
            failure: None,
            spent: Phases::default(),
        };
        Self { session, progress: Mutex::new(progress) }
    }

    fn run(&self, lane: Lane, index: usize, output_bytes: u64, spent: &mut Phases) -> Result<(), ExecutorError> {
        let Session { submission, .. } = self.session;
        let (input, limits) = (&submission.inputs[index], Limits { output_bytes, ..submission.limits.clone() });
        let facts = self.session.run_input(input, &limits, spent)?;
        let (kept, cancelled) = (kept(&facts), facts.cancelled);
        let report = self.session.judged(input, facts, &limits);
        let failed = report.verdict == Verdict::RuntimeError;
        if !cancelled && !failed {
            self.session.observer.tell(Step::Ran { index, report: &report });
        }
        let mut progress = lock(&self.progress);
        progress.turns.has_run(lane, output_bytes, kept);
        if cancelled {
            progress.turns.end();
        } else if failed {
            progress.turns.failed();
            if progress.failures_stand {
                self.session.observer.tell(Step::Ran { index, report: &report });
            } else {
                progress.held.push(index);
            }
        }
        progress.reports[index] = Some(report);
        Ok(())
    }

    fn check(&self, spent: &mut Phases) -> Result<(), ExecutorError> {
        let Some(boxes) = &self.session.plan.check else { return Ok(()) };
        if let Some(unparsable) = self.session.check(boxes, spent)? {
            self.end(|progress| progress.unparsable = Some(unparsable));
            return Ok(());
        }
        let mut progress = lock(&self.progress);
        progress.failures_stand = true;
        for index in std::mem::take(&mut progress.held) {
            if let Some(report) = &progress.reports[index] {
                self.session.observer.tell(Step::Ran { index, report });
            }
        }
        Ok(())
    }

    /// Whatever still runs is of no use any more.
    fn end(&self, remember: impl FnOnce(&mut Progress)) {
        let mut progress = lock(&self.progress);
        progress.turns.end();
        remember(&mut progress);
        self.session.stop.raise();
    }
}

impl Work for Inputs<'_> {
    type Turn = Turn;

    fn next(&self, lane: Lane) -> Option<Turn> {
        lock(&self.progress).turns.next(lane)
    }

    fn take(&self, turn: Turn) {
        let mut spent = Phases::default();
        let result = match turn {
            Turn::Run { lane, index, output_bytes } => self.run(lane, index, output_bytes, &mut spent),
            Turn::Check => self.check(&mut spent),
        };
        lock(&self.progress).spent.add(spent);
        if let Err(error) = result {
            self.end(|progress| progress.failure = progress.failure.take().or(Some(error)));
        }
    }
}

fn failed(error: SandboxError) -> ExecutorError {
    ExecutorError { context: "run a box", cause: error.to_string() }
}

/// Time that was spent at the same time is shared out, so that the phases together are what `took` was on the clock.
fn on_the_clock(spent: Phases, took: Duration) -> Phases {
    let Phases { queue, provision, compile, run } = spent;
    let share = took.as_secs_f64() / (provision + compile + run).as_secs_f64();
    if share.is_nan() || share >= 1.0 {
        return Phases { queue, provision, compile, run };
    }
    let shared = |time: Duration| time.mul_f64(share);
    Phases { queue, provision: shared(provision), compile: shared(compile), run: shared(run) }
}

fn kept(facts: &Outcome) -> u64 {
    let answer = match &facts.answer {
        model::Answer::Given(value) => value.bytes.len(),
        model::Answer::NotAsked | model::Answer::Missing => 0,
    };
    u64::try_from(facts.stdout.bytes.len() + facts.stderr.bytes.len() + answer).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_are_never_longer_than_the_clock() {
        let ms = Duration::from_millis;
        let phases = |provision, compile, run| Phases {
            queue: Duration::ZERO,
            provision: ms(provision),
            compile: ms(compile),
            run: ms(run),
        };
        // What was done, how long it took, and what is reported.
        let cases = [
            (phases(0, 0, 0), ms(0), phases(0, 0, 0)),
            (phases(0, 0, 0), ms(9), phases(0, 0, 0)),
            (phases(10, 0, 20), ms(31), phases(10, 0, 20)),
            (phases(10, 0, 20), ms(15), phases(5, 0, 10)),
            (phases(10, 20, 30), ms(30), phases(5, 10, 15)),
        ];
        for (spent, took, reported) in cases {
            assert_eq!(on_the_clock(spent.clone(), took), reported, "{spent:?} in {took:?}");
        }
    }
}
