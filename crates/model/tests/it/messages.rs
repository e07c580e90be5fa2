//! Lines and errors in what compilers and runtimes print.

use model::{Diagnostic, Language, LineMap, Messages, Mode, Severity};

const FILE: &str = r#"id = "toy"
name = "Toy"
version_command = ["/usr/bin/toy"]
paths = ["/usr"]
diagnostics = [
    '^solution\.toy:(?P<line>\d+):(?:(?P<column>\d+):)? (?P<severity>error|warning|note): (?P<message>.*)$',
    '^  at line (?P<line>\d+): (?P<message>.*)$',
]
trace = { pattern = 'solution\.toy line (?P<line>\d+)', innermost = "INNERMOST" }
[modes.function]
source = "solution.toy"
run = ["/code/solution.toy"]
[[modes.function.wrap]]
before = "function\n"
after = ""
"#;

fn messages(innermost: &str) -> (Messages, LineMap) {
    let language = Language::parse("toy/language.toml", &FILE.replace("INNERMOST", innermost)).expect("is right");
    let lines = language.modes[&Mode::Function].wrapper.wrap("a\nb\nc\nd").lines;
    (language.messages, lines)
}

fn diagnostic(line: usize, column: Option<usize>, severity: Severity, message: &str) -> Diagnostic {
    Diagnostic { line, column, severity, message: message.to_owned() }
}

#[test]
fn diagnostics_come_in_the_order_of_the_text_with_the_lines_as_sent() {
    let (messages, lines) = messages("first");
    let text = "solution.toy:4:7: error: no such name\nother.toy:1: error: not the student's\n\
                  at line 2: something\nsolution.toy:3: warning: unused\nsolution.toy:3: warning: unused\n\
                solution.toy:99:1: note: the end\n";
    let expected = [
        diagnostic(3, Some(7), Severity::Error, "no such name"),
        diagnostic(1, None, Severity::Error, "something"),
        diagnostic(2, None, Severity::Warning, "unused"),
        diagnostic(4, Some(1), Severity::Note, "the end"),
    ];
    let text = text.replace("at line 2", "  at line 2");
    assert_eq!(messages.diagnostics(&text, &lines), expected);
}

#[test]
fn the_text_itself_is_told_with_the_lines_as_sent() {
    let (messages, lines) = messages("first");
    let text = "solution.toy:10:7: error: a\nsolution.toy line 12\nother.toy:10: error: b";
    let lines_of_ten = lines.line(10);
    let expected = format!("solution.toy:{lines_of_ten}:7: error: a\nsolution.toy line 4\nother.toy:10: error: b");
    assert_eq!(messages.with_lines_as_sent(text, &lines), expected);
}

#[test]
fn a_text_full_of_lines_is_told_in_one_pass() {
    let (messages, lines) = messages("first");
    let line = "solution.toy line 3\n";
    let told = messages.with_lines_as_sent(&line.repeat(50_000), &lines);
    assert_eq!(told, "solution.toy line 2\n".repeat(50_000));
}

#[test]
fn a_failed_run_has_the_innermost_line_of_its_trace() {
    let trace = "solution.toy line 3\nsolution.toy line 4\nboom";
    for (innermost, line) in [("first", 2), ("last", 3)] {
        let (messages, lines) = messages(innermost);
        assert_eq!(messages.failure(trace, "boom", &lines), Some(diagnostic(line, None, Severity::Error, "boom")));
        assert_eq!(messages.failure("nothing", "boom", &lines), None);
    }
}

#[test]
fn no_text_makes_more_than_a_hundred_diagnostics_or_a_line_that_is_not_there() {
    let (messages, lines) = messages("last");
    let flood: String = (0..1000).map(|number| format!("solution.toy:{number}: error: {number}\n")).collect();
    let found = messages.diagnostics(&flood, &lines);
    assert_eq!(found.len(), 100);
    assert!(found.iter().all(|diagnostic| (1..=4).contains(&diagnostic.line)));
    let huge = "solution.toy:99999999999999999999999: error: x\n";
    assert_eq!(messages.diagnostics(huge, &lines), []);
}
