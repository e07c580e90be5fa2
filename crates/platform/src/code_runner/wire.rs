//! What Code Runner is sent and answers: of its fields those that are used here.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::exercises::{Exercise, Test};
use crate::points::Points;

/// `POST /run` for code and the tests of an exercise. `student` is a tag that only this platform can read.
pub fn submission(exercise: &Exercise, language: &str, code: &str, student: Option<&str>) -> Value {
    let tests: Vec<Value> = exercise.tests.iter().map(test).collect();
    let mut body = Map::new();
    body.insert("code".into(), json!(code));
    body.insert("language".into(), json!(language));
    body.insert("mode".into(), json!(exercise.mode));
    body.insert("checker".into(), exercise.checker.clone());
    body.insert("tests".into(), Value::Array(tests));
    if !exercise.limits.is_empty() {
        body.insert("limits".into(), Value::Object(exercise.limits.clone()));
    }
    if let Some(student) = student {
        body.insert("student".into(), json!(student));
    }
    Value::Object(body)
}

fn test(test: &Test) -> Value {
    let Test { name, hidden, input, expected, points } = test;
    let mut entry = json!({"input": input, "name": name, "points": points, "hidden": hidden});
    if let Some(expected) = expected {
        entry["expected"] = json!(expected);
    }
    entry
}

/// The tests of a [`submission`] as they were sent.
#[derive(Debug, Deserialize)]
pub struct Sent {
    pub tests: Vec<SentTest>,
    pub student: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct SentTest {
    pub name: String,
    pub hidden: bool,
    pub expected: Option<String>,
}

/// It was accepted.
#[derive(Debug, Deserialize)]
pub struct Started {
    pub exec_id: String,
}

/// A result.
#[derive(Debug, Deserialize)]
pub struct Done {
    pub verdict: String,
    pub results: Vec<RunResult>,
    pub compile: Option<Compile>,
    #[serde(default)]
    pub diagnostics: Vec<Diagnostic>,
}

/// What a compiler said.
#[derive(Debug, Deserialize)]
pub struct Compile {
    pub output: String,
}

/// A line of the code, and what is said of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Diagnostic {
    /// From 1.
    pub line: u64,
    /// `error`, `warning` or another.
    pub severity: String,
    /// One line.
    pub message: String,
}

/// What became of one test.
#[derive(Debug, Deserialize)]
pub struct RunResult {
    #[serde(default)]
    pub input: String,
    #[serde(default)]
    pub output: String,
    pub stdout: Option<String>,
    pub stderr: Option<String>,
    pub error: Option<String>,
    pub verdict: String,
    pub fault: Option<String>,
    #[serde(default)]
    pub cpu_time_ms: f64,
    #[serde(default)]
    pub memory_kib: u64,
    #[serde(default)]
    pub truncated: bool,
    #[serde(default)]
    pub diagnostics: Vec<Diagnostic>,
    pub test: Option<TestResult>,
}

/// How it was judged.
#[derive(Debug, Deserialize)]
pub struct TestResult {
    pub passed: bool,
    pub points: Points,
    pub of: Points,
    pub message: Option<String>,
}
