//! Tests with programs as checkers, in boxes: what a checker sees, and what the student's program does not.

use std::sync::Arc;

use libtest_mimic::Trial;
use model::{Checker, CheckerProgram, Fault, Grading, Limits, Mode, Points, Submission, Test as Graded, Verdict};

use crate::bench::{Bench, Test, check, named};
use crate::submission;

/// The tests of this file.
pub fn trials(bench: &Arc<Bench>) -> Vec<Trial> {
    let tests: [(&str, Test); 4] = [
        ("a_checker_reads_its_three_files_and_is_believed", a_checker_reads_its_files),
        ("a_checker_that_is_compiled_is_one_too", a_compiled_checker),
        ("what_is_expected_is_not_in_the_box_of_the_code", what_is_expected_is_not_there),
        ("a_checker_that_breaks_is_not_the_students_fault", a_checker_that_breaks),
    ];
    named(bench, tests)
}

const SORTED: &str = r#"
import sys
numbers = lambda name: [int(word) for word in open(name).read().split()]
given, found = numbers("input.txt"), numbers("output.txt")
if sorted(given) == found:
    print("sorted", open("expected.txt").read())
elif sorted(given) == sorted(found):
    print("score 0.25\nall there, in another order")
    sys.exit(1)
else:
    sys.exit(1)
"#;

const FIRST_BYTE: &str = r#"#include <stdio.h>
int main(void) {
    FILE *output = fopen("output.txt", "r"), *expected = fopen("expected.txt", "r");
    return output == NULL || expected == NULL || fgetc(output) != fgetc(expected);
}
"#;

/// The same submission with a program as checker of every input.
fn checked(submission: Submission, language: &str, code: &str) -> Submission {
    let (language, code) = (language.to_owned(), code.to_owned());
    let checker = Checker::Program(CheckerProgram { language, code, limits: Limits::default() });
    let expected = "the expected text".to_owned();
    let test = Graded { name: None, expected, checker: 0, points: Points::ONE, hidden: false };
    let tests = vec![test; submission.inputs.len()];
    Submission { grading: Some(Grading { tests, checkers: vec![checker] }), ..submission }
}

fn a_checker_reads_its_files(bench: &Bench) -> Result<(), String> {
    let code = "import sys\nwords = sys.stdin.read().split()\n\
                print(*(sorted(words) if len(words) < 4 else words if len(words) < 5 else words[1:]))";
    let submission = checked(submission(Mode::Program, code, &["3 1 2", "4 3 2 1", "5 4 3 2 1"]), "python", SORTED);
    let report = bench.run_and_look_around(&submission)?;
    let found: Vec<_> = report
        .inputs
        .iter()
        .map(|input| {
            let test = input.test.as_ref();
            (input.verdict, test.map(|test| test.points.as_f64()), test.and_then(|test| test.message.as_deref()))
        })
        .collect();
    let expected = [
        (Verdict::Ok, Some(1.0), Some("sorted the expected text")),
        (Verdict::WrongAnswer, Some(0.25), Some("all there, in another order")),
        (Verdict::WrongAnswer, Some(0.0), None),
    ];
    check(found == expected, || format!("{report:#?}"))?;
    check(report.verdict == Verdict::WrongAnswer, || format!("{:?}", report.verdict))
}

fn a_compiled_checker(bench: &Bench) -> Result<(), String> {
    let code = "print(input())";
    let submission = checked(submission(Mode::Program, code, &["the", "other"]), "c", FIRST_BYTE);
    let report = bench.run_and_look_around(&submission)?;
    let found: Vec<Verdict> = report.inputs.iter().map(|input| input.verdict).collect();
    check(found == [Verdict::Ok, Verdict::WrongAnswer], || format!("{report:#?}"))
}

fn what_is_expected_is_not_there(bench: &Bench) -> Result<(), String> {
    // Everything that the program can read of itself and of its folders.
    let code = r#"
import os
needle = "the expected" + " text"
def look(path):
    try:
        with open(path, "rb") as file:
            return needle.encode() in file.read(1 << 20)
    except OSError:
        return False
found = [os.path.join(folder, name) for top in ("/code", "/tmp", "/work", "/dev/shm")
         for folder, _, names in os.walk(top) for name in names if look(os.path.join(folder, name))]
print(found, [name for name in os.listdir(".") if name.endswith(".txt")], needle in str(os.environ))
"#;
    let submission = checked(submission(Mode::Program, code, &["1"]), "python", "");
    let report = bench.run_and_look_around(&submission)?;
    let output = &report.inputs[0].output;
    check(output.trim() == "[] [] False", || format!("{report:#?}"))
}

fn a_checker_that_breaks(bench: &Bench) -> Result<(), String> {
    let checker = "print('score 1')\nprint(1 // len(open('output.txt').read().strip('0')))";
    let submission = checked(submission(Mode::Program, "print('0', end='')", &["1"]), "python", checker);
    let report = bench.run_and_look_around(&submission)?;
    let input = &report.inputs[0];
    check(input.verdict == Verdict::InternalError && input.fault == Some(Fault::Platform), || format!("{report:#?}"))?;
    let said = input.error.as_deref().unwrap_or_default();
    check(said.contains("ZeroDivisionError"), || format!("{report:#?}"))?;
    check(input.test.as_ref().is_some_and(|test| test.points == Points::NONE), || format!("{report:#?}"))
}
