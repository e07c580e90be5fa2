//! What became of an attempt, test by test: as it is kept, and as somebody may see it.
//!
//! Of a hidden test a student learns its name, its verdict and its points. Pages are made of [`Seen`] alone, and a `Seen` for a
//! student has nothing else of a hidden test in it, so that no page can show what should not be seen.

use serde::{Deserialize, Serialize};

use crate::code_runner::wire::{Diagnostic, Done, RunResult, Sent, SentTest};
use crate::points::Points;

/// The longest text of a test that is kept, in characters.
const MOST_TEXT: usize = 4000;
/// The longest text of a compiler that is kept, in characters.
const MOST_COMPILER: usize = 20_000;
/// Diagnostics that are kept.
const MOST_DIAGNOSTICS: usize = 50;

/// All that is kept of a result.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Feedback {
    verdict: String,
    /// What the compiler said, if anything.
    compiler: String,
    diagnostics: Vec<Diagnostic>,
    tests: Vec<TestFeedback>,
}

/// One test.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TestFeedback {
    /// For people.
    pub name: String,
    /// Its content is not for students.
    pub hidden: bool,
    /// How it went, in Code Runner's words.
    pub verdict: String,
    /// Was it passed?
    pub passed: bool,
    /// What the attempt gets for it.
    pub points: Points,
    /// What there is to get.
    pub of: Points,
    /// The rest; none where it is not to be seen.
    pub detail: Option<Detail>,
}

/// What is in a test, and what the code made of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Detail {
    /// What the code was given.
    pub input: String,
    /// What it should have answered; none where a program judges without it.
    pub expected: Option<String>,
    /// What it answered.
    pub output: String,
    /// What it printed beside that.
    pub stdout: Option<String>,
    /// What it wrote to standard error.
    pub stderr: Option<String>,
    /// In one line what went wrong.
    pub error: Option<String>,
    /// What the checker says.
    pub message: Option<String>,
    /// CPU time in milliseconds.
    pub cpu_time_ms: f64,
    /// The most memory in KiB.
    pub memory_kib: u64,
    /// Some of it was longer.
    pub truncated: bool,
    /// Lines of the code.
    pub diagnostics: Vec<Diagnostic>,
}

/// A feedback as somebody may see it.
#[derive(Debug, Clone)]
pub struct Seen(Feedback);

/// Why a result is not one that a student can be told.
#[derive(Debug, thiserror::Error)]
pub enum NotGraded {
    /// Code Runner, or the exercise's checker, has failed.
    #[error("{0}")]
    Platform(String),
    /// The answer does not fit the request.
    #[error("the result does not fit the tests that were sent")]
    Strange,
}

impl Feedback {
    /// What Code Runner answered to what was sent.
    ///
    /// # Errors
    /// [`NotGraded`], if that says nothing of the student's code.
    pub fn new(sent: &Sent, done: Done) -> Result<Self, NotGraded> {
        let Done { verdict, results, compile, diagnostics } = done;
        if let Some(failed) = results.iter().find(|result| is_not_the_students(result)) {
            let said = failed.error.clone().unwrap_or_else(|| failed.verdict.clone());
            return Err(NotGraded::Platform(said));
        }
        if matches!(verdict.as_str(), "internal_error" | "cancelled") {
            return Err(NotGraded::Platform(verdict));
        }
        if results.len() != sent.tests.len() {
            return Err(NotGraded::Strange);
        }
        let tests = sent.tests.iter().zip(results).map(|(test, result)| TestFeedback::new(test, result));
        Ok(Self {
            verdict,
            compiler: compile.map_or_else(String::new, |compile| shortened(compile.output, MOST_COMPILER)),
            diagnostics: diagnostics.into_iter().take(MOST_DIAGNOSTICS).collect(),
            tests: tests.collect::<Option<_>>().ok_or(NotGraded::Strange)?,
        })
    }

    /// What the attempt gets.
    pub fn points(&self) -> Points {
        self.tests.iter().map(|test| test.points).sum()
    }

    /// What there was to get.
    pub fn of(&self) -> Points {
        self.tests.iter().map(|test| test.of).sum()
    }

    /// `ok` if every test was passed; else that of the first that was not.
    pub fn verdict(&self) -> &str {
        &self.verdict
    }

    /// With everything.
    pub fn for_teacher(self) -> Seen {
        Seen(self)
    }

    /// Without what is in hidden tests, and without what code could print of them.
    pub fn for_student(mut self) -> Seen {
        for test in self.tests.iter_mut().filter(|test| test.hidden) {
            test.detail = None;
        }
        Seen(self)
    }
}

fn is_not_the_students(result: &RunResult) -> bool {
    result.fault.as_deref() == Some("platform") || matches!(result.verdict.as_str(), "internal_error" | "cancelled")
}

impl TestFeedback {
    fn new(test: &SentTest, result: RunResult) -> Option<Self> {
        let short = |text: String| shortened(text, MOST_TEXT);
        let marks = result.test?;
        Some(Self {
            name: test.name.clone(),
            hidden: test.hidden,
            verdict: result.verdict,
            passed: marks.passed,
            points: marks.points,
            of: marks.of,
            detail: Some(Detail {
                input: short(result.input),
                expected: test.expected.clone().map(short),
                output: short(result.output),
                stdout: result.stdout.map(short),
                stderr: result.stderr.map(short),
                error: result.error.map(short),
                message: marks.message.map(short),
                cpu_time_ms: result.cpu_time_ms,
                memory_kib: result.memory_kib,
                truncated: result.truncated,
                diagnostics: result.diagnostics.into_iter().take(MOST_DIAGNOSTICS).collect(),
            }),
        })
    }
}

impl Seen {
    /// How it went on the whole.
    pub fn verdict(&self) -> &str {
        &self.0.verdict
    }

    /// What the compiler said.
    pub fn compiler(&self) -> &str {
        &self.0.compiler
    }

    /// Lines of the code that the compiler speaks of.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.0.diagnostics
    }

    /// Test by test.
    pub fn tests(&self) -> &[TestFeedback] {
        &self.0.tests
    }
}

/// How a verdict reads on a page.
pub fn in_words(verdict: &str) -> &str {
    match verdict {
        "ok" => "passed",
        "wrong_answer" => "wrong answer",
        "compile_error" => "does not compile",
        "runtime_error" => "stopped with an error",
        "time_limit" => "took too long",
        "memory_limit" => "used too much memory",
        "output_limit" => "wrote too much",
        other => other,
    }
}

fn shortened(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent() -> Sent {
        serde_json::from_value(json!({"tests": [
            {"name": "small", "hidden": false, "expected": "1"}, {"name": "large", "hidden": true, "expected": "SECRET"}
        ]}))
        .unwrap()
    }

    fn done(verdict: &str, fault: Option<&str>) -> Done {
        let result = |hidden: bool| {
            json!({"input": "SECRET", "output": "SECRET", "stdout": "SECRET", "stderr": "SECRET", "error": "SECRET",
                "verdict": verdict, "fault": fault, "diagnostics": [{"line": 1, "severity": "error", "message": "SECRET"}],
                "test": {"hidden": hidden, "passed": false, "points": 0, "of": 2.5, "message": "SECRET"}})
        };
        let mut visible = result(false);
        for part in ["input", "output", "stdout", "stderr", "error"] {
            visible[part] = json!("shown");
        }
        visible["test"]["message"] = json!("shown");
        visible["diagnostics"] = json!([]);
        serde_json::from_value(json!({"verdict": verdict, "results": [visible, result(true)], "compile": null}))
            .unwrap()
    }

    #[test]
    fn of_a_hidden_test_a_student_sees_name_verdict_and_points() {
        let feedback = Feedback::new(&sent(), done("runtime_error", Some("student"))).unwrap();
        assert_eq!(feedback.of().to_string(), "5");
        let all = format!("{:?}", feedback.clone().for_teacher());
        assert!(all.contains("SECRET"));
        let seen = feedback.for_student();
        let text = format!("{seen:?}");
        assert!(!text.contains("SECRET") && text.contains("shown"), "{text}");
        assert_eq!((seen.tests()[1].name.as_str(), seen.tests()[1].of.to_string().as_str()), ("large", "2.5"));
    }

    #[test]
    fn what_is_not_the_students_fault_is_no_feedback() {
        for (verdict, fault) in [("internal_error", Some("platform")), ("ok", Some("platform")), ("cancelled", None)] {
            assert!(matches!(Feedback::new(&sent(), done(verdict, fault)), Err(NotGraded::Platform(_))), "{verdict}");
        }
        let mut short = done("ok", None);
        short.results.pop();
        assert!(matches!(Feedback::new(&sent(), short), Err(NotGraded::Strange)));
    }
}
