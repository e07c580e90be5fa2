//! A broken language file is refused with file, line and field.

use model::{ExecId, Language, Mode};

const GOOD: &str = r#"id = "toy"
name = "Toy"
aliases = ["t", "toy+"]
version_command = ["/usr/bin/toy", "--version"]
paths = ["/usr/bin/toy"]
error_line = '^\w+Error.*$'

[env]
PATH = "/usr/bin"

[modes.program]
source = "main.toy"
run = ["/usr/bin/toy", "/code/main.toy"]
"#;

fn refused(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    Language::parse("toy/language.toml", &GOOD.replace(from, to)).expect_err("is broken").to_string()
}

#[test]
fn a_good_file_says_what_it_says() {
    let language = Language::parse("toy/language.toml", GOOD).expect("is good");
    assert!(language.answers_to("toy") && language.answers_to("toy+") && !language.answers_to("Toy"));
    assert_eq!(language.modes[&Mode::Program].source, "main.toy");
    let messages = "FirstError: a\n  TabError: inside\nSecondError: b\nend";
    assert_eq!(language.messages.error_line(messages), Some("SecondError: b".to_owned()));
    assert_eq!(language.messages.error_line("nothing"), None);
}

#[test]
fn extensions_are_those_of_the_sources_and_further_ones_once_each() {
    let extensions = |text: &str| {
        let language = Language::parse("toy/language.toml", text).expect("is good");
        language.extensions().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(extensions(GOOD), ["toy"]);
    assert_eq!(extensions(&GOOD.replace("[env]", "extensions = [\"t++\", \"toy\"]\n[env]")), ["toy", "t++"]);
}

#[test]
fn a_broken_file_names_file_line_and_field() {
    let cases = [
        (r#"name = "Toy""#, "", "toy/language.toml:1: missing field `name`"),
        (r#"name = "Toy""#, "nmae = 1", "toy/language.toml:2: unknown field `nmae`"),
        (r#"id = "toy""#, r#"id = "../toy""#, "toy/language.toml:1: id: `../toy` must be"),
        (r#"["t", "toy+"]"#, r#"["t", "T"]"#, "toy/language.toml:3: aliases: `T` must be"),
        (r#"["/usr/bin/toy", "--version"]"#, r#"["toy"]"#, "toy/language.toml:4: version_command: the first word"),
        (r#"["/usr/bin/toy"]"#, r#"["usr/bin/toy"]"#, "toy/language.toml:5: paths: `usr/bin/toy` must be"),
        (r#"["/usr/bin/toy"]"#, r#"["/usr/../etc"]"#, "toy/language.toml:5: paths: `/usr/../etc` must be"),
        (r"'^\w+Error.*$'", "'('", "toy/language.toml:6: error_line: "),
        (r#""main.toy""#, r#""../main.toy""#, "toy/language.toml:12: modes.program.source: `../main.toy`"),
        (r#"["/usr/bin/toy", "/code"#, r#"["toy", "/code"#, "toy/language.toml:13: modes.program.run: the first word"),
        ("[modes.program]", "[modes.progarm]", "unknown variant `progarm`"),
        (r#"id = "toy""#, "id = ", "toy/language.toml:1: "),
        ("[env]", "extensions = [\".t\"]\n[env]", "toy/language.toml:8: extensions: `.t` must be"),
        ("[env]", "packages = [\"a b\"]\n[env]", "toy/language.toml:8: packages: `a b` is no name"),
        ("[env]", "npm = [\"a@latest\"]\n[env]", "toy/language.toml:8: npm: `a@latest` must be"),
        ("[env]", "pypi = [\"a==1; rm\"]\n[env]", "toy/language.toml:8: pypi: `a==1; rm` must be"),
        ("[env]", "diagnostics = ['x']\n[env]", "toy/language.toml:8: diagnostics: has no group `(?P<line>…)`"),
        ("[env]", "limits = { memory = 1 }\n[env]", "toy/language.toml:8: unknown field `memory`"),
        ("[env]", "optional_paths = [\"x\"]\n[env]", "toy/language.toml:8: optional_paths: `x` must be"),
        ("source = ", "compile = [\"/bin/c\"]\nsource = ", "toy/language.toml:11: modes.program.artifact: is missing"),
        (
            "source = ",
            "artifact = \"a\"\nsource = ",
            "toy/language.toml:11: modes.program.artifact: there is no compile",
        ),
        (
            "source = ",
            "harness = [\"main.toy\"]\nsource = ",
            "modes.program.harness: `main.toy` is another file's name",
        ),
        ("source = ", "lift = '('\nsource = ", "toy/language.toml:12: modes.program.lift: "),
    ];
    for (from, to, message) in cases {
        let error = refused(from, to);
        assert!(error.contains(message), "{from} -> {to}: {error}");
    }
}

#[test]
fn an_exec_id_has_one_spelling() {
    let text = "01234567-89ab-4def-8123-456789abcdef";
    let id: ExecId = text.parse().expect("is an id");
    assert_eq!(id.to_string(), text);
    assert_eq!(ExecId::from_bytes(*id.as_bytes()), id);
    for other in [text.to_uppercase(), text.replace('-', ""), format!("{{{text}}}"), format!("{text} "), String::new()]
    {
        assert!(other.parse::<ExecId>().is_err(), "{other}");
    }
}
