//! From the facts of an envelope to a report, by the same judgements as for boxes. Pure.

use std::time::Duration;

use model::{
    Answer, Captured, Ending, InputReport, Judgement, LimitHit, Outcome, Phases, Report, Submission, Usage, Wall,
    judge_check, judge_compile,
};
use runner::container::wire::{self, Done, Facts, Hit};

use crate::languages::LoadedLanguage;
use crate::native::Ceilings;
use crate::plan::Plan;
use crate::reporting::{Said, judged, read_answer, said};
use crate::{Observer, Step};

/// signal(7), x86-64: what the kernel sends to who is over such a limit.
const SIGKILL: i32 = 9;
const SIGXFSZ: i32 = 25;

/// What a report is made of.
pub struct Parts<'a> {
    /// What was sent.
    pub submission: &'a Submission,
    /// What was to be done.
    pub plan: &'a Plan,
    /// Its language.
    pub loaded: &'a LoadedLanguage,
    /// What compilers may use.
    pub ceilings: &'a Ceilings,
    /// How long the query took.
    pub took: Duration,
}

impl Parts<'_> {
    /// The report, and tells `observer` of its steps.
    ///
    /// # Errors
    /// When the container lacks what the language needs, which is nobody's who wrote the code.
    pub fn report(&self, done: Done, observer: &Observer) -> Result<Report, String> {
        let Done { wall: _, compile, check, runs } = done;
        let phases = self.phases(&compile, &check, &runs);
        let mut compiled = None;
        if let Some(facts) = compile {
            is_there(&facts, "the compiler")?;
            let (said, judgement) = self.compiled(facts);
            observer.tell(Step::Compiled(&said.report));
            if let Some(judgement) = judgement {
                return Ok(self.not_run(said, &judgement, phases));
            }
            compiled = Some(said);
        }
        if let Some(facts) = check {
            is_there(&facts, "the check")?;
            if let Some((said, judgement)) = self.checked(facts) {
                return Ok(self.not_run(said, &judgement, phases));
            }
        }
        let reports = self.submission.inputs.iter().zip(runs).enumerate().map(|(index, (input, facts))| {
            let report = self.ran(input, facts)?;
            observer.tell(Step::Ran { index, report: &report });
            Ok(report)
        });
        let report = in_container(Report::new(reports.collect::<Result<_, String>>()?, phases));
        Ok(match compiled {
            None => report,
            Some(Said { report: compile, diagnostics }) => Report { compile: Some(compile), diagnostics, ..report },
        })
    }

    fn compiled(&self, facts: Facts) -> (Said, Option<Judgement>) {
        let answer = if facts.artifact_bytes > 0 { Answer::Given(Captured::default()) } else { Answer::Missing };
        let facts = outcome(facts, answer);
        let said = said(&facts, &self.loaded.language.messages, &self.plan.lines);
        let judgement = judge_compile(&facts, &self.ceilings.compile, &said.report.output, &said.diagnostics);
        (said, judgement)
    }

    fn checked(&self, facts: Facts) -> Option<(Said, Judgement)> {
        let messages = &self.loaded.language.messages;
        let facts = outcome(facts, Answer::NotAsked);
        let said = said(&facts, messages, &self.plan.lines);
        let error_line = |text: &str| messages.error_line(text);
        judge_check(&facts, &said.report.output, &said.diagnostics, error_line).map(|judgement| (said, judgement))
    }

    fn ran(&self, input: &str, mut facts: Facts) -> Result<InputReport, String> {
        // What the compiler made may be no program; what the image has is one.
        if !self.runs_artifact() {
            is_there(&facts, "the program that runs the code")?;
        }
        let answer = match (self.plan.has_answer, facts.answer.take()) {
            (false, _) => Answer::NotAsked,
            (true, left) => left.map_or(Answer::Missing, |left| read_answer(captured(left))),
        };
        let overlong = matches!(&answer, Answer::Given(value) if value.truncated);
        let facts = outcome(facts, answer);
        let facts = Outcome { limit_hit: facts.limit_hit.or(overlong.then_some(LimitHit::Output)), ..facts };
        Ok(judged(input, facts, &self.submission.limits, &self.loaded.language.messages, &self.plan.lines))
    }

    /// Is what the kernel executes what the student's code was made into, and not something of the image?
    fn runs_artifact(&self) -> bool {
        let spec = self.loaded.language.modes.get(&self.submission.mode);
        spec.and_then(|spec| spec.run.first()).is_some_and(|program| program.starts_with("/code/"))
    }

    fn not_run(&self, said: Said, judgement: &Judgement, phases: Phases) -> Report {
        let Said { report, diagnostics } = said;
        let base = in_container(Report::not_run(self.submission, judgement, phases));
        Report { compile: Some(report), diagnostics, ..base }
    }

    /// What the programs took, and for the rest of the time the container was made.
    fn phases(&self, compile: &Option<Facts>, check: &Option<Facts>, runs: &[Facts]) -> Phases {
        let sum = |all: &mut dyn Iterator<Item = &Facts>| all.map(|facts| facts.wall_time).sum::<Duration>();
        let (compile, run) = (sum(&mut compile.iter().chain(check)), sum(&mut runs.iter()));
        let provision = self.took.saturating_sub(compile + run);
        Phases { queue: Duration::ZERO, provision, compile, run }
    }
}

fn is_there(facts: &Facts, what: &str) -> Result<(), String> {
    match &facts.ending {
        wire::Ending::NotExecutable(cause) => Err(format!("{what} can not be executed in the container: {cause}")),
        _ => Ok(()),
    }
}

fn captured(stream: wire::Stream) -> Captured {
    let wire::Stream { bytes, truncated } = stream;
    Captured { bytes: bytes.0, truncated }
}

/// The model's facts.
fn outcome(facts: Facts, answer: Answer) -> Outcome {
    let Facts { ending, hit, cpu_time, wall_time, memory_kib, stdout, stderr, answer: _, artifact_bytes: _ } = facts;
    let (ending, limit_hit) = match (hit, ending) {
        // Those that in a box the kernel ends, or refuses.
        (Some(Hit::Files), _) => (Ending::Signaled(SIGXFSZ), None),
        (Some(Hit::Processes), _) => (Ending::Signaled(SIGKILL), None),
        (hit, ending) => (of_ending(ending), hit.and_then(limit)),
    };
    Outcome {
        ending,
        limit_hit,
        cancelled: false,
        usage: Usage { cpu_time, wall_time, memory_kib },
        stdout: captured(stdout),
        stderr: captured(stderr),
        answer,
    }
}

fn of_ending(ending: wire::Ending) -> Ending {
    match ending {
        wire::Ending::Exited(status) => Ending::Exited(status),
        wire::Ending::Signaled(signal) => Ending::Signaled(signal),
        wire::Ending::Killed => Ending::Killed,
        wire::Ending::NotExecutable(_) => Ending::NotExecutable,
    }
}

fn limit(hit: Hit) -> Option<LimitHit> {
    match hit {
        Hit::CpuTime => Some(LimitHit::CpuTime),
        Hit::WallTime => Some(LimitHit::WallTime),
        Hit::Memory => Some(LimitHit::Memory),
        Hit::Output => Some(LimitHit::Output),
        Hit::Files | Hit::Processes => None,
    }
}

/// The report of a program that has killed the runner, as it can where it is the same user: all of it ended by SIGKILL.
pub fn killed(submission: &Submission, took: Duration) -> Report {
    let facts = Outcome {
        ending: Ending::Signaled(SIGKILL),
        limit_hit: None,
        cancelled: false,
        usage: Usage { wall_time: took, ..Usage::default() },
        stdout: Captured::default(),
        stderr: Captured::default(),
        answer: Answer::NotAsked,
    };
    let judgement = model::judge(&facts, &submission.limits, |_| None);
    in_container(Report::not_run(submission, &judgement, Phases { run: took, ..Phases::default() }))
}

/// Every report says that its wall was the weaker one.
fn in_container(report: Report) -> Report {
    Report { wall: Wall::Container, ..report }
}

#[cfg(test)]
mod tests {
    use model::Verdict;

    use super::*;

    fn facts(ending: wire::Ending, hit: Option<Hit>) -> Facts {
        Facts {
            ending,
            hit,
            cpu_time: Duration::ZERO,
            wall_time: Duration::from_millis(3),
            memory_kib: 1,
            stdout: wire::Stream::default(),
            stderr: wire::Stream::default(),
            answer: None,
            artifact_bytes: 0,
        }
    }

    #[test]
    fn what_a_container_saw_is_called_what_a_box_would_call_it() {
        use wire::Ending::{Exited, Killed, Signaled};
        let cases = [
            (Exited(0), None, Verdict::Ok, ""),
            (Exited(3), None, Verdict::RuntimeError, "exit code 3"),
            (Signaled(11), None, Verdict::RuntimeError, "SIGSEGV"),
            (Killed, Some(Hit::CpuTime), Verdict::TimeLimit, "CPU time"),
            (Killed, Some(Hit::WallTime), Verdict::TimeLimit, "ran for longer"),
            (Killed, Some(Hit::Memory), Verdict::MemoryLimit, "of memory"),
            (Killed, Some(Hit::Output), Verdict::OutputLimit, "bytes of output"),
            (Exited(0), Some(Hit::Output), Verdict::OutputLimit, "bytes of output"),
            (Killed, Some(Hit::Files), Verdict::RuntimeError, "SIGXFSZ"),
            (Killed, Some(Hit::Processes), Verdict::RuntimeError, "SIGKILL"),
        ];
        for (ending, hit, verdict, words) in cases {
            let outcome = outcome(facts(ending.clone(), hit), Answer::NotAsked);
            let judgement = model::judge(&outcome, &model::Limits::default(), |_| None);
            assert_eq!(judgement.verdict, verdict, "{ending:?} {hit:?}");
            assert!(judgement.error.unwrap_or_default().contains(words), "{ending:?} {hit:?}");
        }
    }

    #[test]
    fn what_is_not_in_the_image_is_not_the_students_fault() {
        let missing = facts(wire::Ending::NotExecutable("No such file or directory".to_owned()), None);
        let error = is_there(&missing, "the compiler").expect_err("is said");
        assert_eq!(error, "the compiler can not be executed in the container: No such file or directory");
        assert_eq!(is_there(&facts(wire::Ending::Exited(127), None), "the compiler"), Ok(()));
    }
}
