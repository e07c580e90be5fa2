//! The ways through the launcher: which boxes a submission takes, and which of them are disturbed.

use std::time::Duration;

use model::{ExecId, Limits, Mode, Report, Submission, SubmittedFile};

use crate::left::UIDS;
use crate::trace::{Part, Place};

/// One submission, and the boxes of it that this way is about.
pub struct Path {
    /// For names of tests.
    pub name: &'static str,
    language: &'static str,
    code: &'static str,
    /// Sent beside the code.
    data: &'static [u8],
    /// How many kinds of boxes it takes.
    pub kinds: usize,
    wall_time: Duration,
    /// Which processes are disturbed.
    pub disturbs: fn(Place) -> bool,
    /// In which calls, if not in all.
    pub only: Option<&'static str>,
    /// Does every occurrence of a call fail, each in its turn, or some?
    pub thorough: bool,
}

const fn path(name: &'static str, language: &'static str, code: &'static str, disturbs: fn(Place) -> bool) -> Path {
    let wall_time = Duration::from_secs(20);
    Path { name, language, code, data: &[], kinds: 1, wall_time, disturbs, only: None, thorough: false }
}

/// A run; a compilation and a run; the check that follows a failed run; and a run that has to be killed. The launcher
/// does for a check what it does for a run. What is the same on all of them is disturbed thoroughly on the shortest.
pub const PATHS: [Path; 4] = [
    Path { data: &[7; 64 * 1024], thorough: true, ..path("run", "python", include_str!("inside.py"), |_| true) },
    Path { kinds: 2, ..path("compile", "c", include_str!("inside.c"), |place| place.part != Part::Tree) },
    Path { kinds: 2, ..path("check", "python", "print(int('x'))", |place| place.number == 2) },
    Path {
        wall_time: Duration::from_millis(200),
        only: Some("pidfd_send_signal"),
        ..path("limit", "python", "while True: pass", |place| place.part == Part::Launcher)
    },
];

impl Path {
    /// A new submission.
    pub fn submission(&self) -> Submission {
        let data = SubmittedFile { name: "data.bin".to_owned(), content: self.data.to_vec() };
        Submission {
            limits: Limits { wall_time: self.wall_time, ..Limits::default() },
            files: if self.data.is_empty() { Vec::new() } else { vec![data] },
            // Every attempt makes the same boxes.
            compile_cache: false,
            ..Submission::plain(
                ExecId::new(uuid::Uuid::new_v4()),
                "test",
                self.language,
                Mode::Program,
                self.code,
                vec!["7".to_owned()],
            )
        }
    }
}

/// All of a report but its times and the uid of its slot, to compare.
pub fn told(report: &Report) -> String {
    let inputs = report.inputs.iter().map(|input| {
        let (output, stderr, error) = (&input.output, &input.stderr, &input.error);
        format!("{:?} {error:?}\n{output}{stderr:?}", input.verdict)
    });
    let compile = report.compile.as_ref().map(|compile| (compile.exit_code, &compile.output));
    without_uid(&format!("{:?} {compile:?}\n{}", report.verdict, inputs.collect::<Vec<_>>().join("\n")))
}

/// The uid of a box depends on what other launchers this host runs.
pub fn without_uid(text: &str) -> String {
    let is_uid = |word: &str| word.parse().is_ok_and(|uid| UIDS.contains(&uid));
    let mut words = String::with_capacity(text.len());
    for word in text.split_inclusive(|c: char| !c.is_ascii_digit()) {
        let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
        words.push_str(if is_uid(digits) { "UID" } else { digits });
        words.push_str(&word[digits.len()..]);
    }
    words
}
