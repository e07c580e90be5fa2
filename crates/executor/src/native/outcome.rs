//! From what the sandbox saw to the model's facts.

use model::{Answer, Captured, Ending, InputReport, Judgement, LimitHit, Outcome, Usage, Verdict};
use sandbox::{BoxOutcome, Collected, Exit, Hit};

/// A harness begins its answer with this byte, so that an empty answer differs from none.
const ANSWER_MARK: u8 = b'=';

/// The same facts in the model's words.
pub fn from_box(outcome: BoxOutcome, has_answer: bool) -> Outcome {
    let BoxOutcome { exit, hit, usage, stdout, stderr, answer } = outcome;
    let sandbox::Usage { cpu_time, wall_time, memory_kib, provision: _ } = usage;
    Outcome {
        ending: match exit {
            Exit::Status(status) => Ending::Exited(status),
            Exit::Signal(signal) => Ending::Signaled(signal),
            Exit::Killed => Ending::Killed,
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
        answer: if has_answer { answer.map_or(Answer::Missing, read_answer) } else { Answer::NotAsked },
    }
}

fn captured(collected: Collected) -> Captured {
    let Collected { bytes, truncated } = collected;
    Captured { bytes, truncated }
}

/// What stands in the answer file: the mark and the value, or anything else if the program wrote
/// there itself, which is no answer.
fn read_answer(collected: Collected) -> Answer {
    let Captured { mut bytes, truncated } = captured(collected);
    if bytes.first() != Some(&ANSWER_MARK) {
        return Answer::Missing;
    }
    bytes.remove(0);
    Answer::Given(Captured { bytes, truncated })
}

/// Inputs that were not reached before the submission was cancelled.
pub fn fill_up_cancelled(reports: &mut Vec<InputReport>, inputs: &[String]) {
    let judgement = Judgement { verdict: Verdict::Cancelled, error: Some("the submission was cancelled".to_owned()) };
    for input in inputs.iter().skip(reports.len()) {
        reports.push(InputReport::not_run(input.clone(), judgement.clone()));
    }
}
