//! Outputs and what is expected of them: one table for each checker.

use model::grading::{Mark, PatternError, Tolerance, Wrong, check_pattern};
use model::{
    Checker, CheckerProgram, Fault, Grading, InputReport, Judged, Judgement, Limits, Phases, Points, Report, Share,
    Summary, Test, Verdict,
};
use proptest::prelude::*;

/// What a checker says: nothing where the output is right.
fn said(checker: &Checker, output: &str, expected: &str) -> Option<String> {
    let Mark { share, wrong, message: _ } = checker.check(output, expected);
    assert_eq!(share == Share::ALL, wrong.is_none(), "{output:?} for {expected:?}");
    match wrong {
        None => None,
        Some(Wrong::Output(sentence)) => Some(sentence),
        Some(other) => panic!("{other:?} for {output:?}"),
    }
}

/// Each with an output, what is expected, and what is said.
fn check(checker: &Checker, cases: &[(&str, &str, Option<&str>)]) {
    for (output, expected, sentence) in cases {
        assert_eq!(said(checker, output, expected).as_deref(), *sentence, "{checker:?}: {output:?} for {expected:?}");
    }
}

const NOTHING: Option<&str> = Some("there is no output");

fn line(number: usize) -> String {
    format!("line {number} of the output is not what is expected")
}

fn ends(number: usize) -> String {
    format!("the output ends before line {number}, where more is expected")
}

fn goes_on(number: usize) -> String {
    format!("the output goes on in line {number}, where nothing is expected")
}

#[test]
fn exact_takes_every_character() {
    check(
        &Checker::Exact,
        &[
            ("", "", None),
            ("a\nb\n", "a\nb\n", None),
            ("a\nb", "a\nb\n", Some(&line(2))),
            ("a \nb", "a\nb", Some(&line(1))),
            ("a\r\n", "a\n", Some(&line(1))),
            ("a\n", "a\nb\n", Some(&ends(2))),
            ("a\nb\n", "a\n", Some(&goes_on(2))),
            ("A", "a", Some(&line(1))),
            ("", "a", NOTHING),
            (" \n", "a", NOTHING),
            ("é", "e\u{301}", Some(&line(1))),
        ],
    );
}

#[test]
fn lines_let_white_space_at_the_ends_pass() {
    check(
        &Checker::Lines,
        &[
            ("", "", None),
            ("\n \n", "", None),
            ("", "\n", None),
            ("a\nb", "a\nb\n", None),
            ("a  \t\nb\r\n\n\n", "a\nb", None),
            ("a\n\nb", "a\n\nb\n", None),
            (" a", "a", Some(&line(1))),
            ("a b", "a  b", Some(&line(1))),
            ("a\n\nb", "a\nb", Some(&line(2))),
            ("a\nb", "a\nb\nc", Some(&ends(3))),
            ("a\nb\nc", "a\nb", Some(&goes_on(3))),
            ("a", "", Some(&goes_on(1))),
            ("", "a", NOTHING),
        ],
    );
}

#[test]
fn tokens_are_words_with_any_white_space_between() {
    let tokens = Checker::Tokens { ignore_case: false };
    check(
        &tokens,
        &[
            ("", "  \n", None),
            ("1 2\n3", " 1\n2 3 ", None),
            ("1 2\n3 4", "1 2 3 5", Some(&line(2))),
            ("1 2\n3 4\n", "1 2 3", Some(&goes_on(2))),
            ("1 2\n", "1 2 3", Some(&ends(2))),
            ("Yes", "yes", Some(&line(1))),
            ("12", "1 2", Some(&line(1))),
            ("", "1", NOTHING),
        ],
    );
    check(&Checker::Tokens { ignore_case: true }, &[("YES Ä", "yes ä", None), ("no", "yes", Some(&line(1)))]);
}

fn float(absolute: f64, relative: f64) -> Checker {
    let tolerance = |number| Tolerance::new(number).expect("a tolerance");
    Checker::Float { absolute: tolerance(absolute), relative: tolerance(relative) }
}

#[test]
fn numbers_may_be_near() {
    check(
        &float(0.01, 0.0),
        &[
            ("3.14", "3.141", None),
            ("3.1", "3.141", Some(&line(1))),
            ("3.14e0", "3.14", None),
            ("x = 3.14", "x = 3.141", None),
            ("y = 3.14", "x = 3.14", Some(&line(1))),
            ("3,14", "3.14", Some(&line(1))),
            ("nan", "NaN", None),
            ("nan", "0", Some(&line(1))),
            ("inf", "inf", None),
            ("inf", "-inf", Some(&line(1))),
            ("1e308", "inf", Some(&line(1))),
            ("-0.0", "0", None),
            ("1\n2\n3.2", "1 2 3", Some(&line(3))),
        ],
    );
    check(
        &float(0.0, 0.01),
        &[("1009", "1000", None), ("1011", "1000", Some(&line(1))), ("0.001", "0", Some(&line(1)))],
    );
    check(&float(0.0, 0.0), &[("1.0", "1", None), ("1.0000001", "1", Some(&line(1)))]);
    for wrong in [-0.1, f64::NAN, f64::INFINITY] {
        assert_eq!(Tolerance::new(wrong), None, "{wrong}");
    }
}

#[test]
fn a_pattern_fits_the_whole_output() {
    let form = Some("the output does not have the form that is expected");
    check(
        &Checker::Regex { ignore_case: false },
        &[
            ("abc\n", "a.c", None),
            ("abc\r\n", "a.c", None),
            ("abc", "b", form),
            ("ab", "a|ab", None),
            ("a\nb", "a.b", form),
            ("a\nb", "(?s)a.b", None),
            ("a\n\n", "a", form),
            ("ABC", "abc", form),
            ("", "a?", None),
            ("", "a", NOTHING),
        ],
    );
    check(&Checker::Regex { ignore_case: true }, &[("ABC", "abc", None)]);
    for fine in ["", "a|b", r"\d+(\.\d{2})?", "(?s).*"] {
        assert_eq!(check_pattern(fine), Ok(()), "{fine}");
    }
    for wrong in ["(", "a)(b", "*", r"\", "(?<=a)b"] {
        assert!(matches!(check_pattern(wrong), Err(PatternError::Syntax(_))), "{wrong}");
    }
    for large in [&*"a".repeat(1001), r"(\w{1000}){1000}"] {
        assert_eq!(check_pattern(large), Err(PatternError::TooLarge), "{large:.30}");
    }
}

fn run(verdict: Verdict, output: &str, exit_code: Option<i32>) -> InputReport {
    let report = InputReport::not_run("4".to_owned(), Judgement { verdict, error: None });
    InputReport { output: output.to_owned(), exit_code, ..report }
}

fn grading(checker: Checker, tests: &[(&str, f64, bool)]) -> Grading {
    let test = |(expected, points, hidden): &(&str, f64, bool)| Test {
        name: Some(format!("expects {expected}")),
        expected: (*expected).to_owned(),
        checker: 0,
        points: Points::new(*points).expect("points"),
        hidden: *hidden,
    };
    Grading { tests: tests.iter().map(test).collect(), checkers: vec![checker] }
}

fn program() -> Checker {
    let (language, code) = ("python".to_owned(), String::new());
    Checker::Program(CheckerProgram { language, code, limits: Limits::default() })
}

/// How the checker ended, with what it printed; the verdict, the points of two, and the message.
type Case = (Verdict, Option<i32>, &'static str, Verdict, f64, Option<&'static str>);

#[test]
fn how_a_program_ended_is_what_it_says() {
    use Verdict::{InternalError, Ok, RuntimeError, TimeLimit, WrongAnswer};
    let cases: [Case; 11] = [
        (Ok, Some(0), "", Ok, 2.0, None),
        (Ok, Some(0), "well done\n", Ok, 2.0, Some("well done")),
        (RuntimeError, Some(1), "", WrongAnswer, 0.0, None),
        (RuntimeError, Some(1), "not sorted", WrongAnswer, 0.0, Some("not sorted")),
        (RuntimeError, Some(1), "score 0.25\nhalf of a half\n", WrongAnswer, 0.5, Some("half of a half")),
        (RuntimeError, Some(1), "score 1\r\n", WrongAnswer, 2.0, None),
        (RuntimeError, Some(1), "score 1.5\n", WrongAnswer, 0.0, Some("score 1.5")),
        (RuntimeError, Some(1), "score nan", WrongAnswer, 0.0, Some("score nan")),
        (RuntimeError, Some(2), "", InternalError, 0.0, None),
        (RuntimeError, None, "", InternalError, 0.0, None),
        (TimeLimit, None, "", InternalError, 0.0, None),
    ];
    let grading = grading(program(), &[("16", 2.0, false)]);
    for (ended, exit_code, printed, verdict, points, message) in cases {
        let mut report = run(Ok, "16", Some(0));
        assert!(matches!(grading.judge(0, &mut report), Judged::By(_)));
        assert_eq!(report.test, None, "it is not known yet");
        grading.judged_by(0, &mut report, &run(ended, printed, exit_code));
        let test = report.test.expect("it is known now");
        let found = (report.verdict, test.points.as_f64(), test.message.as_deref());
        assert_eq!(found, (verdict, points, message), "{ended:?} {exit_code:?} {printed:?}");
        assert_eq!(report.fault, verdict.fault());
        assert_eq!(report.error.is_none(), verdict == Ok);
    }
    // A runtime ends with 1 as well where the checker has a defect.
    let mut report = run(Ok, "16", Some(0));
    let stderr = Some("Traceback\nZeroDivisionError".to_owned());
    let error = Some("ZeroDivisionError".to_owned());
    grading.judged_by(0, &mut report, &InputReport { stderr, error, ..run(RuntimeError, "score 0.5\n", Some(1)) });
    assert_eq!((report.verdict, report.fault), (InternalError, Some(Fault::Platform)));
    assert_eq!(report.error.as_deref(), Some("the test's checker did not work: ZeroDivisionError"));
}

#[test]
fn only_what_ended_well_is_compared() {
    let grading = grading(Checker::Lines, &[("16", 1.0, false)]);
    for verdict in Verdict::ALL {
        let mut report = run(verdict, "16", Some(0));
        assert_eq!(grading.judge(0, &mut report), Judged::Stands);
        let points = report.test.expect("there is a test").points;
        assert_eq!((report.verdict, points == Points::ONE), (verdict, verdict == Verdict::Ok));
    }
    let mut report = run(Verdict::Ok, "15", Some(0));
    grading.judge(0, &mut report);
    assert_eq!((report.verdict, report.fault), (Verdict::WrongAnswer, Some(Fault::Student)));
    let once = report.clone();
    grading.judge(0, &mut report);
    assert_eq!(report, once, "it is judged once");
}

#[test]
fn all_tests_together_are_counted() {
    let grading = grading(Checker::Lines, &[("a", 0.1, false), ("b", 0.2, false), ("c", 3.0, true)]);
    let mut report = Report::new(
        vec![run(Verdict::Ok, "a", None), run(Verdict::Ok, "x", None), run(Verdict::TimeLimit, "", None)],
        Phases::default(),
    );
    assert_eq!(report.summary(), None, "nothing is known yet");
    for (index, input) in report.inputs.iter_mut().enumerate() {
        grading.judge(index, input);
    }
    let points = |number| Points::new(number).expect("points");
    let summary = Summary { passed: 1, total: 3, points: points(0.1), of: points(3.3) };
    assert_eq!(report.summary(), Some(summary));
}

#[test]
fn a_student_sees_nothing_of_a_hidden_test_but_what_it_was_worth() {
    let grading = grading(Checker::Lines, &[("secret", 1.0, true), ("open", 1.0, false), ("secret", 1.0, true)]);
    let telling = |verdict, error: Option<&str>| InputReport {
        input: "secret".to_owned(),
        output: "secret".to_owned(),
        stdout: Some("secret".to_owned()),
        stderr: Some("secret".to_owned()),
        error: error.map(str::to_owned),
        ..run(verdict, "", None)
    };
    let inputs = vec![
        telling(Verdict::RuntimeError, Some("secret")),
        telling(Verdict::Ok, None),
        telling(Verdict::TimeLimit, Some("the program ran for longer than 1 s")),
    ];
    let mut report = Report::new(inputs, Phases::default());
    for (index, input) in report.inputs.iter_mut().enumerate() {
        grading.judge(index, input);
        let test = input.test.as_mut().expect("there is a test");
        test.message = Some("secret".to_owned());
        test.name = None;
    }
    let report = report.for_student();
    let [failed, open, slow] = &report.inputs[..] else { panic!("three") };
    for hidden in [failed, slow] {
        assert!(!format!("{hidden:?}").contains("secret"), "{hidden:?}");
    }
    assert_eq!(failed.verdict, Verdict::RuntimeError);
    assert_eq!(slow.error.as_deref(), Some("the program ran for longer than 1 s"));
    assert_eq!(format!("{open:?}").matches("secret").count(), 5, "input, output, stdout, stderr and message");
}

#[test]
fn points_are_thousandths_of_a_number_within_bounds() {
    for fine in [0.0, 0.001, 0.1, 0.3, 1.0, 2.5, 33.333, 999_999.999, 1_000_000.0] {
        assert_eq!(Points::new(fine).map(Points::as_f64), Ok(fine));
    }
    for wrong in [-1.0, -0.001, 0.0001, 1.2345, 1_000_000.001, f64::NAN, f64::INFINITY] {
        assert!(Points::new(wrong).is_err(), "{wrong}");
    }
    let third = Points::ONE.share(Share::new(1.0 / 3.0).expect("a share"));
    assert_eq!(third.as_f64(), 0.333, "rounded down");
    assert_eq!(Share::new(1.000_001), None);
}

proptest! {
    /// What a forgiving checker refuses no stricter one takes, and every text is what it is.
    #[test]
    fn checkers_are_in_order(output in "[ab \n\t]{0,12}", expected in "[ab \n\t]{0,12}") {
        let order = [Checker::Exact, Checker::Lines, Checker::Tokens { ignore_case: false }, float(0.0, 0.0)];
        let right: Vec<bool> = order.iter().map(|checker| said(checker, &output, &expected).is_none()).collect();
        prop_assert!(right.is_sorted(), "{right:?}");
        for checker in &order {
            prop_assert_eq!(said(checker, &output, &output), None);
        }
    }

    /// The sentence says nothing of what was expected.
    #[test]
    fn nothing_is_told_of_what_was_expected(expected in "[q-z]{4,12}( [q-z]{4,12}){0,3}") {
        for checker in [Checker::Exact, Checker::Lines, Checker::Tokens { ignore_case: true }, float(0.1, 0.1)] {
            let sentence = said(&checker, "1", &expected).expect("it is wrong");
            for word in expected.split(' ') {
                prop_assert!(!sentence.split(' ').any(|said| said == word), "{} in {}", word, sentence);
            }
        }
    }
}
