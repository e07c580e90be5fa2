//! From what the sandbox saw to the model's facts.

use model::{Answer, Captured, Ending, InputReport, Judgement, LimitHit, Outcome, Usage, Verdict};
use sandbox::{BoxOutcome, Collected, Exit, Hit, SandboxError};

use crate::reporting::read_answer;

/// The facts of a run. `answer_cap` is what is kept of an answer, in bytes; `None` where none was asked for.
pub fn of_run(outcome: BoxOutcome, answer_cap: Option<u64>) -> Result<Outcome, SandboxError> {
    let answer = match (answer_cap, &outcome.product) {
        (None, _) => Answer::NotAsked,
        (Some(_), None) => Answer::Missing,
        // One byte more than the cap belongs to the mark.
        (Some(cap), Some(product)) => {
            read_answer(captured(product.read(usize::try_from(cap.saturating_add(1)).unwrap_or(usize::MAX))?))
        }
    };
    let overlong = matches!(&answer, Answer::Given(value) if value.truncated);
    let facts = with_answer(outcome, answer);
    Ok(Outcome { limit_hit: facts.limit_hit.or(overlong.then_some(LimitHit::Output)), ..facts })
}

/// The facts of a compilation, where the artifact is the answer: given if it is not empty.
pub fn of_compile(outcome: BoxOutcome, made_something: bool) -> Outcome {
    let answer = if made_something { Answer::Given(Captured::default()) } else { Answer::Missing };
    with_answer(outcome, answer)
}

/// The facts of a check, which leaves nothing behind.
pub fn of_check(outcome: BoxOutcome) -> Outcome {
    with_answer(outcome, Answer::NotAsked)
}

fn with_answer(outcome: BoxOutcome, answer: Answer) -> Outcome {
    let BoxOutcome { exit, hit, usage, stdout, stderr, warm: _, product: _ } = outcome;
    let sandbox::Usage { cpu_time, wall_time, memory_kib, provision: _ } = usage;
    Outcome {
        ending: match exit {
            Exit::Status(status) => Ending::Exited(status),
            Exit::Signal(signal) => Ending::Signaled(signal),
            Exit::Killed => Ending::Killed,
            Exit::NotExecutable => Ending::NotExecutable,
        },
        limit_hit: hit.and_then(|hit| match hit {
            Hit::CpuTime => Some(LimitHit::CpuTime),
            Hit::WallTime => Some(LimitHit::WallTime),
            Hit::Memory => Some(LimitHit::Memory),
            Hit::Output => Some(LimitHit::Output),
            Hit::Stopped => None,
        }),
        cancelled: hit == Some(Hit::Stopped),
        usage: Usage { cpu_time, wall_time, memory_kib },
        stdout: captured(stdout),
        stderr: captured(stderr),
        answer,
    }
}

fn captured(collected: Collected) -> Captured {
    let Collected { bytes, truncated } = collected;
    Captured { bytes, truncated }
}

/// The reports up to the first that is of a cancelled run, which is the end whatever else had run beside it, or until the first
/// that is missing.
pub fn until_cancelled(reports: Vec<Option<InputReport>>) -> Vec<InputReport> {
    let mut ended = false;
    let goes_on = |report: &InputReport| !std::mem::replace(&mut ended, report.verdict == Verdict::Cancelled);
    reports.into_iter().map_while(|report| report).take_while(goes_on).collect()
}

/// Inputs that were not reached before the submission was cancelled.
pub fn fill_up_cancelled(reports: &mut Vec<InputReport>, inputs: &[String]) {
    let judgement = Judgement { verdict: Verdict::Cancelled, error: Some("the submission was cancelled".to_owned()) };
    for input in inputs.iter().skip(reports.len()) {
        reports.push(InputReport::not_run(input.clone(), judgement.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ran_beside_a_cancelled_run_is_cancelled_too() {
        use Verdict::{Cancelled, Ok, RuntimeError};
        // What has run, and what is reported.
        let cases: [([Option<Verdict>; 4], [Verdict; 4]); 5] = [
            ([Some(Ok), Some(Ok), Some(Ok), Some(RuntimeError)], [Ok, Ok, Ok, RuntimeError]),
            ([Some(Ok), Some(Cancelled), None, None], [Ok, Cancelled, Cancelled, Cancelled]),
            ([Some(Cancelled), Some(Ok), Some(RuntimeError), None], [Cancelled; 4]),
            ([Some(Ok), Some(Cancelled), Some(Cancelled), Some(Ok)], [Ok, Cancelled, Cancelled, Cancelled]),
            ([None; 4], [Cancelled; 4]),
        ];
        let inputs: Vec<String> = (0..4).map(|input| input.to_string()).collect();
        for (ran, reported) in cases {
            let report = |(input, verdict): (&String, Verdict)| {
                InputReport::not_run(input.clone(), Judgement { verdict, error: None })
            };
            let ran = inputs.iter().zip(ran).map(|(input, verdict)| Some(report((input, verdict?)))).collect();
            let mut reports = until_cancelled(ran);
            fill_up_cancelled(&mut reports, &inputs);
            assert_eq!(reports.iter().map(|report| report.verdict).collect::<Vec<_>>(), reported);
            assert!(reports.iter().map(|report| &report.input).eq(&inputs));
        }
    }
}
