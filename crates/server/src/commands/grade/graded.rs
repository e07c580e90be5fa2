//! What became of a submission: the answer to `GET /result`, cut to what a teacher reads, and kept for the next time.

use model::Points;
use model::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::points::{nearest, percent, sum};
use super::tests_file::Exercise;

/// Characters that are kept of what a program or a compiler wrote.
const MOST_OUTPUT: usize = 2000;

/// A submission that was run on every test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Graded {
    /// `ok`, or the verdict of the first test that is not.
    pub verdict: String,
    /// What it got.
    pub points: Points,
    /// What it could have got.
    pub of: Points,
    /// One for each test, in the order of the exercise.
    pub tests: Vec<GradedTest>,
    /// What the compiler said, if the code can not be compiled.
    pub compile_output: Option<String>,
    /// What it all took, without waiting, in milliseconds.
    pub time_ms: f64,
}

/// One test of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradedTest {
    /// The test's name.
    pub name: String,
    /// Students are not shown it.
    pub hidden: bool,
    /// How the run went.
    pub verdict: String,
    /// Is it all right?
    pub passed: bool,
    /// What it gave.
    pub points: Points,
    /// What it could have given.
    pub of: Points,
    /// What is wrong, in one line.
    pub error: Option<String>,
    /// What a checker said.
    pub message: Option<String>,
    /// What the program answered; its beginning.
    pub output: String,
    /// What it wrote to standard error; its beginning.
    pub stderr: Option<String>,
    /// Time on the clock, in milliseconds.
    pub time_ms: f64,
    /// The most memory it used, in KiB.
    pub memory_kib: u64,
}

/// What an answer says.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// It was run.
    Graded(Graded),
    /// It was not, or not to its end, by no fault of the submission's.
    OurFault(String),
}

/// The parts of the answer that are read.
#[derive(Deserialize)]
struct Done {
    verdict: String,
    execution_time: f64,
    results: Vec<Run>,
    compile: Option<Compile>,
}

#[derive(Deserialize)]
struct Compile {
    output: String,
}

#[derive(Deserialize)]
struct Run {
    output: String,
    stderr: Option<String>,
    error: Option<String>,
    verdict: String,
    fault: Option<String>,
    wall_time_ms: f64,
    memory_kib: u64,
    test: Option<Mark>,
}

#[derive(Deserialize)]
struct Mark {
    passed: bool,
    points: f64,
    message: Option<String>,
}

impl Graded {
    /// Did it pass every test?
    pub fn passed(&self) -> bool {
        self.tests.iter().all(|test| test.passed)
    }

    /// How many tests it passed.
    pub fn passed_tests(&self) -> usize {
        self.tests.iter().filter(|test| test.passed).count()
    }

    /// What it got, of a hundred. Where no test gives points, tests count alike.
    pub fn percent(&self) -> f64 {
        let by_tests = || self.passed_tests() as f64 * 100.0 / self.tests.len().max(1) as f64;
        percent(self.points, self.of).unwrap_or_else(by_tests)
    }

    /// The first test that it did not pass.
    pub fn first_failure(&self) -> Option<&GradedTest> {
        self.tests.iter().find(|test| !test.passed)
    }
}

impl GradedTest {
    /// Why it was not passed, in one line.
    pub fn reason(&self) -> String {
        let said = self.message.as_deref().and_then(|message| message.lines().find(|line| !line.trim().is_empty()));
        one_line(said.or(self.error.as_deref()).unwrap_or(&self.verdict))
    }
}

/// Reads the result of a submission to this exercise.
///
/// # Errors
/// It is no such result, because whoever answered is of another version than this program.
pub fn read(exercise: &Exercise, result: Value) -> Result<Answer, String> {
    let done: Done = serde_json::from_value(result).map_err(|error| format!("the result can not be read: {error}"))?;
    let Done { verdict, execution_time, results, compile } = done;
    if results.len() != exercise.tests.len() {
        return Err(format!("the result has {} runs for {} tests", results.len(), exercise.tests.len()));
    }
    let is_ours = |run: &&Run| run.fault.as_deref() == Some("platform") || run.verdict == "cancelled";
    if let Some(run) = results.iter().find(is_ours) {
        return Ok(Answer::OurFault(one_line(run.error.as_deref().unwrap_or(&run.verdict))));
    }
    let mut tests = Vec::with_capacity(results.len());
    for (test, run) in exercise.tests.iter().zip(results) {
        let Run { output, stderr, error, verdict, fault: _, wall_time_ms, memory_kib, test: mark } = run;
        let Some(Mark { passed, points, message }) = mark else {
            return Err("the result says nothing of tests: the server is older than this program".to_owned());
        };
        tests.push(GradedTest {
            name: test.name.clone(),
            hidden: test.hidden,
            verdict,
            passed,
            points: nearest(points).min(test.points),
            of: test.points,
            error,
            message: message.filter(|message| !message.trim().is_empty()),
            output: beginning(output),
            stderr: stderr.map(beginning),
            time_ms: wall_time_ms,
            memory_kib,
        });
    }
    let compile_output = compile.filter(|_| verdict == "compile_error").map(|compile| beginning(compile.output));
    Ok(Answer::Graded(Graded {
        points: sum(tests.iter().map(|test| test.points)),
        of: sum(tests.iter().map(|test| test.of)),
        verdict,
        tests,
        compile_output,
        time_ms: execution_time * 1000.0,
    }))
}

fn beginning(text: String) -> String {
    match text.char_indices().nth(MOST_OUTPUT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use model::Mode;
    use serde_json::json;

    use super::super::tests_file::Test;
    use super::*;

    /// Three tests: `small` for one point, `big` for two and a half, hidden, and one without a name.
    pub fn exercise() -> Exercise {
        let test = |name: &str, is_named, points: f64, hidden| Test {
            name: name.to_owned(),
            is_named,
            input: "1".to_owned(),
            expected: Some("1".to_owned()),
            points: Points::new(points).unwrap(),
            hidden,
            checker: None,
        };
        Exercise {
            title: Some("Sums".to_owned()),
            language: None,
            mode: Mode::Program,
            main: None,
            extensions: Default::default(),
            limits: Default::default(),
            checker: None,
            compile_options: Vec::new(),
            files: Vec::new(),
            tests: vec![
                test("small", true, 1.0, false),
                test("big", true, 2.5, true),
                test("test 3", false, 0.5, false),
            ],
            sources: Vec::new(),
        }
    }

    /// A run with this verdict and points.
    pub fn run(verdict: &str, passed: bool, points: f64) -> Value {
        let fault = match verdict {
            "ok" => Value::Null,
            "internal_error" => json!("platform"),
            _ => json!("student"),
        };
        json!({"input": "1", "output": "1\n", "verdict": verdict, "fault": fault, "wall_time_ms": 12.5, "memory_kib": 4000,
               "error": if verdict == "ok" { Value::Null } else { json!(format!("it is {verdict}")) },
               "test": {"hidden": false, "passed": passed, "points": points, "of": 1}})
    }

    /// A result of these runs.
    pub fn done(verdict: &str, runs: &[Value]) -> Value {
        json!({"status": "done", "verdict": verdict, "execution_time": 0.25, "results": runs, "compile": null})
    }

    /// The same as it is read.
    pub fn graded(verdict: &str, runs: &[Value]) -> Graded {
        match read(&exercise(), done(verdict, runs)) {
            Ok(Answer::Graded(graded)) => graded,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn points_and_reasons_are_read_from_the_result() {
        let mut wrong = run("wrong_answer", false, 0.625);
        wrong["test"]["message"] = json!("\n  nearly\nright");
        wrong["output"] = json!("é".repeat(MOST_OUTPUT + 1));
        let graded = graded("wrong_answer", &[run("ok", true, 1.0), wrong, run("time_limit", false, 0.0)]);
        assert_eq!((graded.points.as_f64(), graded.of.as_f64()), (1.625, 4.0));
        assert_eq!((graded.passed(), graded.passed_tests(), graded.time_ms), (false, 1, 250.0));
        assert_eq!(graded.percent(), 40.625);
        let failure = graded.first_failure().unwrap();
        assert_eq!((failure.name.as_str(), failure.hidden, failure.reason()), ("big", true, "nearly".to_owned()));
        assert_eq!(failure.output.chars().count(), MOST_OUTPUT + 1);
        assert_eq!(graded.tests[2].reason(), "it is time_limit");
    }

    #[test]
    fn what_is_our_fault_is_no_grade() {
        let runs = [run("ok", true, 1.0), run("internal_error", false, 0.0), run("ok", true, 1.0)];
        let ours = |reason: &str| Ok(Answer::OurFault(reason.to_owned()));
        assert_eq!(read(&exercise(), done("internal_error", &runs)), ours("it is internal_error"));
        let cancelled = [run("cancelled", false, 0.0), run("ok", true, 1.0), run("ok", true, 1.0)];
        assert_eq!(read(&exercise(), done("cancelled", &cancelled)), ours("it is cancelled"));
    }

    #[test]
    fn an_answer_without_grades_is_an_error_and_never_zero_points() {
        let mut bare = run("ok", true, 1.0);
        bare.as_object_mut().unwrap().remove("test");
        let runs = [bare, run("ok", true, 1.0), run("ok", true, 1.0)];
        assert!(read(&exercise(), done("ok", &runs)).unwrap_err().contains("older than this program"));
        assert!(read(&exercise(), done("ok", &runs[..2])).unwrap_err().contains("2 runs for 3 tests"));
        assert!(read(&exercise(), json!({})).is_err());
    }
}
