//! The kit notices what is different.

use model::{Answer, Captured, Ending, InputReport, Judgement, Kit, Language, Outcome, Phases, Report, Usage, Verdict};

const KIT: &str = r#"
[[case]]
name = "echo"
what = "says it again"
mode = "program"
verdict = "ok"
runs = [{ input = "a", output = "a", times = 3 }]

[[case]]
name = "fails"
what = "fails on its third line"
mode = "function"
verdict = "runtime_error"
exit_code = 3
line = 3
runs = [{ input = "" }]
"#;

fn language(without: &str) -> Language {
    let text = format!(
        r#"id = "toy"
name = "Toy"
version_command = ["/usr/bin/toy"]
paths = ["/usr"]
trace = {{ pattern = 'line (?P<line>\d+)', innermost = "first" }}
{without}
[modes.program]
source = "main.toy"
run = ["/code/main.toy"]
[modes.function]
source = "main.toy"
run = ["/code/main.toy"]
"#
    );
    Language::parse("toy/language.toml", &text).expect("is right")
}

fn report(verdict: Verdict, output: &str, exit_code: i32, line: Option<usize>) -> Report {
    let captured = |text: &str| Captured { bytes: text.as_bytes().to_vec(), truncated: false };
    let outcome = Outcome {
        ending: Ending::Exited(exit_code),
        limit_hit: None,
        cancelled: false,
        usage: Usage::default(),
        stdout: captured(output),
        stderr: Captured::default(),
        answer: Answer::NotAsked,
    };
    let error = (verdict != Verdict::Ok).then(|| "boom".to_owned());
    let mut input = InputReport::new("a".to_owned(), outcome, Judgement { verdict, error });
    input.diagnostics = line
        .map(|line| model::Diagnostic { line, column: None, severity: model::Severity::Error, message: String::new() })
        .into_iter()
        .collect();
    Report::new(vec![input], Phases::default())
}

#[test]
fn each_difference_is_named() {
    let kit = Kit::parse("kit.toml", KIT).expect("is right");
    let [echo, fails] = kit.cases.as_slice() else { panic!("two cases") };
    let toy = language("");
    assert_eq!(echo.runs[0].whole_input(), "aaa");
    assert_eq!(echo.compare(&toy, &report(Verdict::Ok, "aaa", 0, None)), Ok(()));
    assert_eq!(fails.compare(&toy, &report(Verdict::RuntimeError, "", 3, Some(3))), Ok(()));
    let different = [
        (echo, report(Verdict::Ok, "aa", 0, None), "output"),
        (echo, report(Verdict::RuntimeError, "aaa", 0, None), "verdict runtime_error instead of ok"),
        (echo, Report::new(Vec::new(), Phases::default()), "0 results for 1 inputs"),
        (fails, report(Verdict::RuntimeError, "", 1, Some(3)), "exit code Some(1) instead of Some(3)"),
        (fails, report(Verdict::RuntimeError, "", 3, Some(4)), "line 4 instead of 3"),
        (fails, report(Verdict::RuntimeError, "", 3, None), "no line is named"),
    ];
    for (case, report, difference) in different {
        let found = case.compare(&toy, &report).expect_err(difference);
        assert!(found.contains(difference), "{found}");
    }
}

#[test]
fn a_language_has_the_cases_it_does_not_rule_out() {
    let kit = Kit::parse("kit.toml", KIT).expect("is right");
    let names = |language: &Language| kit.cases_of(language).map(|case| case.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&language("")), ["echo", "fails"]);
    let toy = language("without = { fails = \"it never does\" }");
    assert_eq!(names(&toy), ["echo"]);
    assert_eq!(kit.unknown(&toy.without), None);
    assert_eq!(kit.unknown(&language("without = { fials = \"typing error\" }").without), Some("fials"));
}

#[test]
fn a_broken_kit_says_where() {
    let error = Kit::parse("kit.toml", &KIT.replace("\"ok\"", "\"fine\"")).expect_err("is broken").to_string();
    assert!(error.starts_with("kit.toml:6: unknown variant `fine`"), "{error}");
}
