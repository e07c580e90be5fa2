//! JUnit XML, as continuous integration reads it: a suite for each submission, and a case for each test of it.
//!
//! A test that was run and not passed is a failure. What could not be run at all is no failure of the tests: one case named
//! `submission` is an error with the reason, and the tests are skipped.

use std::fmt::Write as _;

use super::super::graded::{Graded, GradedTest};
use super::super::points::shown;
use super::super::sheet::{Row, Sheet, State};

/// What a suite or all of them count.
#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    time_ms: f64,
}

/// The sheet. It is well-formed whatever programs have written.
pub fn junit(sheet: &Sheet<'_>) -> String {
    let mut all = Counts::default();
    let mut suites = String::new();
    for row in sheet.rows {
        let counts = counts(row, sheet.exercise.tests.len());
        // Writing to a String can not fail, here and below.
        let _ = writeln!(suites, "  <testsuite name=\"{}\"{}>", escaped(&row.student), attributes(&counts));
        suites.push_str(&suite(sheet, row));
        suites.push_str("  </testsuite>\n");
        all.tests += counts.tests;
        all.failures += counts.failures;
        all.errors += counts.errors;
        all.skipped += counts.skipped;
        all.time_ms += counts.time_ms;
    }
    let title = escaped(sheet.exercise.title.as_deref().unwrap_or("code-runner grade"));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{title}\"{}>\n{suites}</testsuites>\n",
        attributes(&all)
    )
}

fn attributes(counts: &Counts) -> String {
    let Counts { tests, failures, errors, skipped, time_ms } = counts;
    let time = time_ms / 1000.0;
    format!(" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"{time:.3}\"")
}

fn counts(row: &Row, tests: usize) -> Counts {
    match &row.state {
        State::Refused(_) | State::NotGraded(_) => {
            Counts { tests: tests + 1, errors: 1, skipped: tests, ..Counts::default() }
        }
        State::Graded(graded) => Counts {
            tests: graded.tests.len(),
            failures: graded.tests.len() - graded.passed_tests(),
            time_ms: graded.tests.iter().map(|test| test.time_ms).sum(),
            ..Counts::default()
        },
    }
}

fn suite(sheet: &Sheet<'_>, row: &Row) -> String {
    let student = escaped(&row.student);
    let mut xml = String::new();
    match &row.state {
        State::Refused(reason) | State::NotGraded(reason) => {
            let (kind, reason) = (row.state.name(), escaped(reason));
            let _ = writeln!(xml, "    <testcase classname=\"{student}\" name=\"submission\" time=\"0.000\">");
            let _ = writeln!(xml, "      <error type=\"{kind}\" message=\"{reason}\"/>\n    </testcase>");
            for test in &sheet.exercise.tests {
                let name = escaped(&test.name);
                let _ = writeln!(xml, "    <testcase classname=\"{student}\" name=\"{name}\" time=\"0.000\">");
                let _ = writeln!(xml, "      <skipped message=\"the submission was not run\"/>\n    </testcase>");
            }
        }
        State::Graded(graded) => {
            for test in &graded.tests {
                xml.push_str(&case(&student, test));
            }
            if let Graded { compile_output: Some(output), .. } = graded {
                let _ = writeln!(xml, "    <system-out>{}</system-out>", escaped(output));
            }
        }
    }
    xml
}

fn case(student: &str, test: &GradedTest) -> String {
    let (name, time) = (escaped(&test.name), test.time_ms / 1000.0);
    let head = format!("    <testcase classname=\"{student}\" name=\"{name}\" time=\"{time:.3}\"");
    if test.passed {
        return format!("{head}/>\n");
    }
    let GradedTest { verdict, points, of, error, message, output, stderr, .. } = test;
    let mut said = format!("{} of {} points\n", shown(*points), shown(*of));
    for (title, text) in [("", error), ("", message), ("standard error:\n", stderr)] {
        if let Some(text) = text {
            let _ = writeln!(said, "{title}{}", text.trim_end());
        }
    }
    if !output.is_empty() {
        let _ = writeln!(said, "output:\n{}", output.trim_end());
    }
    format!(
        "{head}>\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n",
        escaped(verdict),
        escaped(&test.reason()),
        escaped(&said)
    )
}

/// A text as XML 1.0 can hold it: characters that it can not hold at all are replaced.
fn escaped(text: &str) -> String {
    let mut xml = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\r' => xml.push_str("&#13;"),
            '\t' | '\n' => xml.push(c),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => xml.push('\u{fffd}'),
            c => xml.push(c),
        }
    }
    xml
}

#[cfg(test)]
mod tests {
    use super::super::super::graded::tests::{exercise, graded, run};
    use super::*;

    #[test]
    fn whatever_a_program_writes_stays_text() {
        let every: String = (0..=0x2ff).chain([0xfffe, 0xffff, 0x1f600]).filter_map(char::from_u32).collect();
        let mut wrong = run("wrong_answer", false, 0.0);
        wrong["output"] = format!("]]></failure><testcase>{every}").into();
        wrong["error"] = every.clone().into();
        let state = State::Graded(graded("wrong_answer", &[wrong, run("ok", true, 2.5), run("ok", true, 0.5)]));
        let row = Row { student: every.clone(), path: every, language: None, state, is_from_cache: false };
        let xml = junit(&Sheet { exercise: &exercise(), rows: &[row] });
        assert_eq!(xml.matches("<testcase").count(), 3);
        assert_eq!(xml.matches("</failure>").count(), 1);
        let is_allowed = |c: char| matches!(c, '\t' | '\n' | '\u{20}'..='\u{7e}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert_eq!(xml.chars().find(|c| !is_allowed(*c)), None);
    }
}
