//! A broken language file is refused with file, line and field.

use model::{ContainerSource, ExecId, Language, Mode};

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
        ("[env]", "[dagger]\n[env]", "toy/language.toml:8: dagger: exactly one of `image`, `archive` and `root`"),
        ("[env]", "dagger = { image = \"a\", root = \"/a\" }\n[env]", "toy/language.toml:8: dagger: exactly one of"),
        ("[env]", "dagger = { image = \"a b\" }\n[env]", "toy/language.toml:8: dagger.image: `a b` must be an image"),
        (
            "[env]",
            "dagger = { image = \"a@sha256:12\" }\n[env]",
            "toy/language.toml:8: dagger.image: `a@sha256:12` must",
        ),
        (
            "[env]",
            "dagger = { archive = \"a.tar\" }\n[env]",
            "toy/language.toml:8: dagger.archive: `a.tar` must be an abs",
        ),
        (
            "[env]",
            "dagger = { root = \"/a/../b\" }\n[env]",
            "toy/language.toml:8: dagger.root: `/a/../b` must be an abs",
        ),
        (
            "[env]",
            "dagger = { image = \"a\", links = { \"b\" = \"/c\" } }\n[env]",
            "toy/language.toml:8: dagger.links: `b`",
        ),
        ("[env]", "dagger = { image = \"a\", tag = \"b\" }\n[env]", "unknown field `tag`"),
        ("source = ", "lift = '('\nsource = ", "toy/language.toml:12: modes.program.lift: "),
    ];
    for (from, to, message) in cases {
        let error = refused(from, to);
        assert!(error.contains(message), "{from} -> {to}: {error}");
    }
}

#[test]
fn a_container_is_made_from_one_of_three_things() {
    let digest = format!("registry.example:5000/a/b@sha256:{}", "0a".repeat(32));
    let cases = [
        ("image = \"python:3.11\"", ContainerSource::Image("python:3.11".to_owned())),
        (&*format!("image = \"{digest}\""), ContainerSource::Image(digest.clone())),
        ("archive = \"/srv/toy.tar\"", ContainerSource::Archive("/srv/toy.tar".to_owned())),
        ("root = \"/srv/toy\"", ContainerSource::Root("/srv/toy".to_owned())),
    ];
    for (line, source) in cases {
        let table = format!("[dagger]\n{line}\nlinks = {{ \"/usr/bin/toy\" = \"/opt/toy\" }}\n[env]");
        let language = Language::parse("toy/language.toml", &GOOD.replace("[env]", &table)).expect("is good");
        let container = language.dagger.expect("is there");
        assert_eq!(container.source, source);
        assert_eq!(container.links.get("/usr/bin/toy").map(String::as_str), Some("/opt/toy"));
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
