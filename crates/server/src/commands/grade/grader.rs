//! Who runs submissions: this program or a server. Both take the body of `POST /run` and give the answer to `GET /result`, so
//! that nothing else has to know which of them it is.

use async_trait::async_trait;
use executor::Cancel;
use serde_json::Value;

use super::graded::{self, Answer};
use super::known::KnownLanguage;
use super::sheet::State;
use super::tests_file::Exercise;

/// How often a submission is run that is not graded by no fault of its own.
const TRIES: u32 = 3;

/// Fields of a request that come from the tests, and not from a student.
const OF_THE_TESTS: [&str; 4] = ["tests", "checker", "limits", "compile_options"];

/// What came of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// The submission was run, with this result.
    Done(Value),
    /// It was refused.
    Refused {
        /// What of it.
        field: Option<String>,
        /// Why, in one sentence.
        detail: String,
    },
    /// It was not run, and another try may do.
    Failed(String),
    /// Nothing can be run, now or later.
    Impossible(String),
}

/// Runs submissions.
#[async_trait]
pub trait Grader: Sync {
    /// Where: results of one place are none of another.
    fn place(&self) -> String;

    /// Runs one.
    async fn run(&self, body: &[u8], cancel: &Cancel) -> Reply;
}

/// Runs a submission to this exercise until it is graded or it is clear that it will not be.
///
/// # Errors
/// Why no submission can be graded at all.
pub async fn grade(
    grader: &dyn Grader,
    exercise: &Exercise,
    language: &KnownLanguage,
    body: &[u8],
    cancel: &Cancel,
) -> Result<State, String> {
    if let Some(reason) = language.unavailable() {
        return Ok(State::NotGraded(format!("`{}` can not be used: {reason}", language.id)));
    }
    let mut reason = INTERRUPTED.to_owned();
    for _ in 0..TRIES {
        if cancel.is_cancelled() {
            return Ok(State::NotGraded(INTERRUPTED.to_owned()));
        }
        reason = match grader.run(body, cancel).await {
            Reply::Done(result) => match graded::read(exercise, result)? {
                Answer::Graded(graded) => return Ok(State::Graded(graded)),
                Answer::OurFault(reason) => reason,
            },
            Reply::Refused { field: Some(field), detail } if is_of_the_tests(&field) => return Err(detail),
            Reply::Refused { field: _, detail } => return Ok(State::Refused(detail)),
            Reply::Failed(reason) => reason,
            Reply::Impossible(reason) => return Err(reason),
        };
    }
    Ok(State::NotGraded(if cancel.is_cancelled() { INTERRUPTED.to_owned() } else { reason }))
}

/// Why a submission has no grades that was not reached.
pub const INTERRUPTED: &str = "interrupted";

/// Is this field (`tests[2].expected`) the same in every request?
fn is_of_the_tests(field: &str) -> bool {
    let first = field.split(['[', '.']).next().unwrap_or_default();
    OF_THE_TESTS.contains(&first)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::super::graded::tests::{done, exercise, run};
    use super::super::known::tests::languages;
    use super::*;

    /// Answers what it was given, the last first.
    struct Scripted(Mutex<Vec<Reply>>);

    #[async_trait]
    impl Grader for Scripted {
        fn place(&self) -> String {
            "here".to_owned()
        }

        async fn run(&self, _: &[u8], _: &Cancel) -> Reply {
            self.0.lock().unwrap().pop().expect("it is not asked so often")
        }
    }

    async fn graded(language: &str, mut replies: Vec<Reply>) -> (Result<State, String>, usize) {
        replies.reverse();
        let grader = Scripted(Mutex::new(replies));
        let languages = languages();
        let state = grade(&grader, &exercise(), languages.named(language).unwrap(), b"{}", &Cancel::default()).await;
        (state, grader.0.into_inner().unwrap().len())
    }

    fn good() -> Reply {
        Reply::Done(done("ok", &[run("ok", true, 1.0), run("ok", true, 2.5), run("ok", true, 0.5)]))
    }

    fn broken() -> Reply {
        let runs = [run("ok", true, 1.0), run("internal_error", false, 0.0), run("ok", true, 0.5)];
        Reply::Done(done("internal_error", &runs))
    }

    #[tokio::test]
    async fn what_is_our_fault_is_tried_again_and_never_graded() {
        let (state, left) = graded("c", vec![broken(), Reply::Failed("lost".to_owned()), good()]).await;
        assert!(matches!(state, Ok(State::Graded(_))), "{state:?}");
        assert_eq!(left, 0);
        let (state, left) = graded("c", vec![Reply::Failed("lost".to_owned()), broken(), broken(), good()]).await;
        assert_eq!((state, left), (Ok(State::NotGraded("it is internal_error".to_owned())), 1));
    }

    #[tokio::test]
    async fn what_is_refused_is_a_students_row_unless_the_tests_are_wrong() {
        let refused = |field: &str| {
            let (field, detail) = (Some(field.to_owned()), format!("`{field}` is wrong"));
            vec![Reply::Refused { field, detail }, good()]
        };
        assert_eq!(graded("c", refused("code")).await, (Ok(State::Refused("`code` is wrong".to_owned())), 1));
        assert_eq!(graded("c", refused("files[0].name")).await.1, 1);
        for field in ["tests[2].expected", "checker", "limits.cpu_time_ms", "compile_options"] {
            assert_eq!(graded("c", refused(field)).await, (Err(format!("`{field}` is wrong")), 1));
        }
        let (state, _) = graded("c", vec![Reply::Impossible("no".to_owned())]).await;
        assert_eq!(state, Err("no".to_owned()));
    }

    #[tokio::test]
    async fn a_language_that_does_not_work_is_no_students_fault() {
        let (state, left) = graded("cpp", vec![good()]).await;
        assert_eq!((state, left), (Ok(State::NotGraded("`cpp` can not be used: it is not installed".to_owned())), 1));
    }

    #[tokio::test]
    async fn an_interruption_ends_the_tries() {
        let grader = Scripted(Mutex::new(vec![good()]));
        let (languages, cancel) = (languages(), Cancel::default());
        cancel.cancel();
        let state = grade(&grader, &exercise(), languages.named("c").unwrap(), b"{}", &cancel).await;
        assert_eq!(state, Ok(State::NotGraded(INTERRUPTED.to_owned())));
    }
}
