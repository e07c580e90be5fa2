//! One case posted, and the checks that follow every attack, as far as they can be asked from outside:
//!
//! | check | what must hold |
//! |---|---|
//! | U1 | the verdict is there in time |
//! | U2, U3 | nothing is left of it on the host (`bench`, `host`) |
//! | U4 | no canary in its answers, the metrics, the log |
//! | U5 | its neighbours were answered as ever (`alone`, `loaded`) |
//! | U6 | no control bytes in the log |
//! | U7 | no verdict blames us |
//! | U8 | the server and its launcher are still the same |

use std::time::Duration;

use crate::canaries::Canaries;
use crate::cases::Case;
use crate::client::{Answer, Client, ClientError, Request};
use crate::compare;
use crate::finding::Finding;
use crate::setup::COMPILE_WALL_MS;
use crate::texts;

/// The check that there is an answer at all.
pub const ANSWER: &str = "answer";

/// The check that the program's own header holds.
pub const EXPECTATION: &str = "expectation";

/// The check that a verdict does not blame us.
pub const BLAME: &str = "U7 blame";

/// How much later than its limit each run, and the submission, may be.
const SLACK: Duration = Duration::from_secs(1);

/// The longest wait for a worker.
const QUEUE: Duration = Duration::from_secs(120);

/// What came of one case.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The verdict of each input of each copy.
    pub verdicts: Vec<String>,
    /// Time on the clock of each, in milliseconds.
    pub wall_ms: Vec<f64>,
    /// From the request to the answer; of the slowest copy.
    pub elapsed: Duration,
    /// All that is wrong.
    pub findings: Vec<Finding>,
    /// What came through and is documented to do so.
    pub known: Vec<Finding>,
}

/// Posts all copies of a case at the same time, and compares. `patience` is how long to wait; without it, as long as
/// it can take.
pub fn post(client: &Client, case: &Case, canaries: &Canaries, patience: Option<Duration>) -> Outcome {
    let patience = patience.unwrap_or(QUEUE + longest(case));
    let answers: Vec<_> = std::thread::scope(|scope| {
        let copy = || client.run(&Request::of(case), patience);
        let copies: Vec<_> = (0..case.header.copies).map(|_| scope.spawn(copy)).collect();
        copies.into_iter().map(|copy| copy.join().expect("does not panic")).collect()
    });
    let mut outcome = Outcome::default();
    answers.into_iter().for_each(|answer| outcome.add(case, answer, canaries));
    outcome
}

/// How long a case may take once a worker has it. The compiler's share is only waited for where there is one, but is
/// the same for all here; what it really took is known afterwards.
pub fn longest(case: &Case) -> Duration {
    Duration::from_millis(COMPILE_WALL_MS) + SLACK + runs(case)
}

/// The limits of all inputs, and a little for each.
pub fn runs(case: &Case) -> Duration {
    (case.header.limits.wall_time() + SLACK) * case.header.inputs.len() as u32
}

impl Outcome {
    /// Sets aside what a case of this kind is documented to show: nothing but its own expectation.
    pub fn without_known(mut self, case: &Case) -> Self {
        if case.header.known.is_some() {
            let (known, findings) = self.findings.into_iter().partition(|finding| finding.check == EXPECTATION);
            (self.known, self.findings) = (known, findings);
        }
        self
    }

    fn add(&mut self, case: &Case, answer: Result<Answer, ClientError>, canaries: &Canaries) {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                let check = if matches!(error, ClientError::Pending(_)) { "U1 verdict" } else { ANSWER };
                return self.findings.push(Finding::new(check, compare::short(&error.to_string())));
            }
        };
        let Answer { text, done, elapsed } = answer;
        let milliseconds = |value: f64| Duration::from_secs_f64(value.max(0.0) / 1000.0);
        let ours = elapsed.saturating_sub(milliseconds(done.phases.queue));
        let allowed = milliseconds(done.phases.compile) + SLACK + runs(case);
        if ours > allowed {
            self.findings.push(Finding::new("U1 verdict", format!("after {ours:.1?}, {allowed:.1?} is the most")));
        }
        if done.results.iter().any(|result| result.verdict == "internal_error") {
            self.findings.push(Finding::new(BLAME, "the verdict is internal_error"));
        }
        self.findings.extend(texts::canary(canaries, "the answer", &text));
        let differences = compare::differences(&case.header.expected, &done.results);
        self.findings.extend(differences.into_iter().map(|detail| Finding::new(EXPECTATION, detail)));
        self.verdicts.extend(done.results.iter().map(|result| result.verdict.clone()));
        self.wall_ms.extend(done.results.iter().map(|result| result.wall_time_ms));
        self.elapsed = self.elapsed.max(elapsed);
    }
}
