//! A body becomes a function without a line moving; where one has to, it is counted back.

use model::{Language, Mode, Wrapped};

/// A language whose wraps are these lines of its file.
fn wrapped(fields: &str, code: &str) -> Wrapped {
    let text = format!(
        r#"id = "toy"
name = "Toy"
version_command = ["/usr/bin/toy"]
paths = ["/usr"]
[modes.function]
source = "solution.toy"
run = ["/code/solution.toy"]
{fields}"#
    );
    let language = Language::parse("toy/language.toml", &text).expect("is right");
    language.modes[&Mode::Function].wrapper.wrap(code)
}

const SAME_LINE: &str = r#"
lift = '(?:\s*(?:import\b[^\n;]*;|//[^\n]*\n|/\*(?s:.*?)\*/))*'
[[modes.function.wrap]]
when = '^\s*text\s+solve\s*\('
before = ""
after = ""
[[modes.function.wrap]]
before = "text solve(text input_str) { "
after = "\n}"
"#;

#[test]
fn imports_stay_outside_and_no_line_moves() {
    let code = "// mine\nimport a;\n/* two\n lines */ import b;\nreturn input_str;\n// end";
    let Wrapped { text, lines } = wrapped(SAME_LINE, code);
    let expected =
        "// mine\nimport a;\n/* two\n lines */ import b;text solve(text input_str) { \nreturn input_str;\n// end\n}";
    assert_eq!(text, expected);
    for line in 1..=6 {
        assert_eq!(lines.line(line), line);
    }
    // What the wrap adds at the end belongs to the last line of the code.
    assert_eq!(lines.line(7), 6);
}

#[test]
fn columns_behind_what_was_put_in_front_are_counted_back() {
    let Wrapped { text, lines } = wrapped(SAME_LINE, "import a;\nreturn 1;\nreturn 2;");
    assert!(text.starts_with("import a;text solve(text input_str) { \nreturn 1;"), "{text}");
    // The body begins behind the import, on its line.
    assert_eq!(lines.column(2, 4), 4);
    let Wrapped { text, lines } = wrapped(SAME_LINE, "return 1;\nreturn 2;");
    let column = text.find("return 1").expect("is there") + 1;
    assert_eq!((lines.line(1), lines.column(1, column)), (1, 1));
    assert_eq!((lines.line(2), lines.column(2, 3)), (2, 3));
}

#[test]
fn code_that_defines_solve_stays_as_it_is() {
    let code = "import a;\ntext solve(text input_str) {\n  return input_str;\n}";
    assert_eq!(wrapped(SAME_LINE, code).text, code);
    // The word alone does not make a definition.
    assert!(wrapped(SAME_LINE, "return solve(input_str);").text.starts_with("text solve"));
}

#[test]
fn an_empty_body_is_a_body() {
    let Wrapped { text, lines } = wrapped(SAME_LINE, "");
    assert_eq!(text, "text solve(text input_str) { \n}");
    assert_eq!((lines.line(1), lines.line(9)), (1, 1));
}

#[test]
fn lines_of_the_wrap_are_subtracted_and_the_indent_with_them() {
    let fields = r#"
lift = '(?:import [^\n]*\n)*'
[[modes.function.wrap]]
before = "def solve(input_str):\n"
after = ""
indent = "  "
"#;
    let Wrapped { text, lines } = wrapped(fields, "import a\nx = 1\nreturn x\n");
    assert_eq!(text, "import a\ndef solve(input_str):\n  x = 1\n  return x\n");
    let as_sent: Vec<usize> = (1..=5).map(|line| lines.line(line)).collect();
    assert_eq!(as_sent, [1, 2, 2, 3, 3]);
    assert_eq!((lines.column(1, 5), lines.column(3, 3), lines.column(4, 10)), (5, 1, 8));
}

#[test]
fn a_directive_counts_by_itself() {
    let fields = r#"
lift = '(?:import [^\n]*\n)*'
[[modes.function.wrap]]
before = "solve =\n#line {line}\n"
after = "\nend"
indent = "  "
"#;
    let Wrapped { text, lines } = wrapped(fields, "import a\nimport b\n1 +\n2");
    assert_eq!(text, "import a\nimport b\nsolve =\n#line 3\n  1 +\n  2\nend");
    assert_eq!((lines.line(3), lines.line(4), lines.line(5)), (3, 4, 4));
    assert_eq!(lines.column(3, 3), 1);
}

#[test]
fn the_first_wrap_that_fits_applies() {
    let fields = r#"
[[modes.function.wrap]]
when = '\bawait\b'
before = "async {"
after = "}"
[[modes.function.wrap]]
when = '^begin'
before = "["
after = "]"
"#;
    assert_eq!(wrapped(fields, "await x").text, "async {await x}");
    assert_eq!(wrapped(fields, "var\nbegin").text, "[var\nbegin]");
    assert_eq!(wrapped(fields, "neither").text, "neither");
}

/// The languages of the repository, as they are; read once, because their patterns take long to compile.
static REAL: std::sync::LazyLock<Vec<Language>> = std::sync::LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../languages");
    let entries = std::fs::read_dir(folder).expect("is there").filter_map(Result::ok);
    let files = entries.map(|entry| entry.path().join("language.toml")).filter(|file| file.is_file());
    files
        .map(|file| {
            let text = std::fs::read_to_string(&file).expect("is text");
            Language::parse(&file.display().to_string(), &text).expect("is right")
        })
        .collect()
});

proptest::proptest! {
    #[test]
    fn whatever_is_sent_it_stays_whole_and_its_lines_can_be_counted(
        code in "([ -~é\u{1F389}]{0,12}(import a;|#include <x>|using B;|/\\*|\\*/|//|solve\\(|\n|\r\n|\t|\"){0,2}){0,8}"
    ) {
        for language in REAL.iter() {
            let Some(spec) = language.modes.get(&Mode::Function) else { continue };
            let Wrapped { text, lines } = spec.wrapper.wrap(&code);
            let last = code.lines().count().max(1);
            for line in 0..text.lines().count() + 3 {
                proptest::prop_assert!((1..=last).contains(&lines.line(line)), "{}: {line}", language.id);
                proptest::prop_assert!(lines.column(line, 1) >= 1);
            }
            if spec.wrapper.wraps.iter().all(|wrap| wrap.indent.is_empty()) {
                // What was sent stands there in its order, with something between at one place at most.
                let cut = (0..=code.len()).filter(|place| code.is_char_boundary(*place));
                let mut parts = cut.map(|place| code.split_at(place));
                proptest::prop_assert!(parts.any(|(head, body)| text.starts_with(head) && text.contains(body)));
            }
        }
    }
}
