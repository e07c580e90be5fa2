//! Submissions and reports to test with, and short ways to say what a test expects.

use std::time::Duration;

use model::{ExecId, InputReport, Judgement, Mode, Phases, Report, Submission, Verdict};
use store::{Claim, Status, Store};
use uuid::Uuid;

pub const OWNER: &str = "school-a";
pub const HOUR: Duration = Duration::from_secs(3600);

/// A submission of [`OWNER`] with a fresh id.
pub fn submission() -> Submission {
    let inputs = ["1", "2", "1"].map(str::to_owned).into();
    Submission::plain(ExecId::new(Uuid::new_v4()), OWNER, "python", Mode::Function, "return input_str", inputs)
}

/// A report of one input with this verdict, which took this long.
pub fn report(verdict: Verdict, execution_time: Duration) -> Report {
    let error = (verdict != Verdict::Ok).then(|| "it went wrong".to_owned());
    let input = InputReport::not_run("1".to_owned(), Judgement { verdict, error });
    let phases = Phases { queue: HOUR, run: execution_time, ..Phases::default() };
    Report::new(vec![input], phases)
}

/// The report of a run that went well and took a second.
pub fn ok() -> Report {
    report(Verdict::Ok, Duration::from_secs(1))
}

/// Accepts a fresh submission.
pub async fn submitted(store: &dyn Store) -> Submission {
    let submission = submission();
    store.submit(&submission).await.unwrap();
    submission
}

/// Claims for an hour what must be there.
pub async fn claimed(store: &dyn Store) -> Claim {
    store.claim(HOUR).await.unwrap().expect("a submission waits")
}

/// Claims with a lease that has run out by the time it is given.
pub async fn claimed_and_expired(store: &dyn Store) -> Claim {
    store.claim(Duration::ZERO).await.unwrap().expect("a submission waits")
}

/// What the owner of this submission sees.
pub async fn status(store: &dyn Store, submission: &Submission) -> Option<Status> {
    store.status(&submission.owner, submission.id).await.unwrap()
}

/// The status of a submission with this report.
pub fn done(report: &Report) -> Option<Status> {
    Some(Status::Done(Box::new(report.clone())))
}

/// Text that something between here and the disk might not keep: every control character, line
/// separators, both ends of each plane's range, text that looks like an escape, and nothing.
pub fn odd_texts() -> Vec<String> {
    let controls: String = (0..=0x9F_u32).filter_map(char::from_u32).filter(|c| c.is_control()).collect();
    [
        "",
        "\0",
        "a\0b",
        "\u{2028}\u{2029}",
        "\u{FEFF}\u{FFFE}\u{FFFF}",
        "\u{D7FF}\u{E000}\u{10FFFF}",
        "\r\n\r",
        "\\u0000",
        "'\";--",
        "e\u{301} \u{E9}",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain([controls])
    .collect()
}
