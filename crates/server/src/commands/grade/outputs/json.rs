//! JSON, for programs: everything that is known.

use serde_json::{Value, json};

use super::super::graded::{Graded, GradedTest};
use super::super::points;
use super::super::sheet::{Row, Sheet, Totals};

/// The sheet.
pub fn json(sheet: &Sheet<'_>) -> String {
    let Totals { submissions, graded, passed, from_cache, refused, not_graded, average_percent, verdicts } =
        sheet.totals();
    let whole = json!({
        "program": concat!("code-runner ", env!("CARGO_PKG_VERSION")),
        "title": sheet.exercise.title,
        "summary": {
            "submissions": submissions,
            "graded": graded,
            "passed": passed,
            "from_cache": from_cache,
            "refused": refused,
            "not_graded": not_graded,
            "average_percent": average_percent.map(rounded),
            "verdicts": verdicts,
        },
        "submissions": sheet.rows.iter().map(row).collect::<Vec<_>>(),
    });
    // A value of texts and numbers is always JSON.
    serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
}

fn row(row: &Row) -> Value {
    let Row { student, path, language, state, is_from_cache } = row;
    let mut body = json!({"student": student, "file": path, "language": language, "status": state.name()});
    if let Some(reason) = state.reason() {
        body["reason"] = json!(reason);
    }
    if let Some(graded) = state.graded() {
        let Graded { verdict, points, of, tests, compile_output, time_ms } = graded;
        body["verdict"] = json!(verdict);
        body["points"] = points::json(*points);
        body["of"] = points::json(*of);
        body["percent"] = json!(rounded(graded.percent()));
        body["tests_passed"] = json!(graded.passed_tests());
        body["from_cache"] = json!(is_from_cache);
        body["time_ms"] = json!(time_ms);
        if let Some(output) = compile_output {
            body["compile_output"] = json!(output);
        }
        body["tests"] = tests.iter().map(test).collect();
    }
    body
}

fn test(test: &GradedTest) -> Value {
    let GradedTest { name, hidden, verdict, passed, points, of, error, message, output, stderr, time_ms, memory_kib } =
        test;
    json!({
        "name": name,
        "hidden": hidden,
        "verdict": verdict,
        "passed": passed,
        "points": points::json(*points),
        "of": points::json(*of),
        "error": error,
        "message": message,
        "output": output,
        "stderr": stderr,
        "time_ms": time_ms,
        "memory_kib": memory_kib,
    })
}

/// To two decimals.
fn rounded(percent: f64) -> f64 {
    (percent * 100.0).round() / 100.0
}
