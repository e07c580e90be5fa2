//! A language is a folder: one that is dropped beside the others can be used, one that is broken disturbs none.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use crate::server::{KEY, Server, command, languages, output};

/// A whole language in one file: programs are scripts for sed(1).
const SED: &str = r#"id = "sed"
name = "sed"
aliases = ["stream-editor"]
packages = ["sed"]
version_command = ["/usr/bin/sed", "--version"]
paths = ["/usr/bin/sed", "/usr/lib/x86_64-linux-gnu", "/usr/lib64/ld-linux-x86-64.so.2"]
diagnostics = ['file /code/program\.sed line (?P<line>\d+): (?P<message>.*)$']

[env]
LANG = "C.UTF-8"

[modes.program]
source = "program.sed"
check = ["/usr/bin/sed", "--quiet", "--file=/code/program.sed"]
run = ["/usr/bin/sed", "--file=/code/program.sed"]
"#;

/// A folder of languages with Python and these.
fn folder_with(others: &[(&str, String)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    symlink(fs::canonicalize(languages().join("python")).expect("is there"), folder.path().join("python"))
        .expect("a link");
    for (id, text) in others {
        drop_language(folder.path(), id, text);
    }
    folder
}

fn drop_language(folder: &Path, id: &str, text: &str) {
    fs::create_dir(folder.join(id)).expect("a folder");
    fs::write(folder.join(id).join("language.toml"), text).expect("a file");
}

#[test]
fn a_dropped_folder_is_a_language() {
    let (data, folder) = (tempfile::tempdir().expect("a folder"), folder_with(&[("sed", SED.to_owned())]));
    let server = Server::start_with_languages(data.path(), folder.path());
    let sed = |code: &str, input: &str| {
        server.run(&json!({"language": "stream-editor", "mode": "program", "code": code, "inputs": [input]}))
    };
    let result = sed("s/[0-9]/«&»/g\n$a end", "a1 b2\n");
    assert_eq!(result["results"][0]["output"], "a«1» b«2»\nend\n", "{result}");

    let result = sed("p\n# a comment\nnonsense", "x");
    assert_eq!(result["verdict"], "compile_error", "{result}");
    assert_eq!(result["diagnostics"][0]["line"], 3, "{result}");
    assert!(result["results"][0]["error"].as_str().is_some_and(|error| error.starts_with("line 3: ")), "{result}");

    // Code that can be parsed and fails is not the parser's business.
    let result = sed("q3", "x");
    assert_eq!((&result["verdict"], &result["results"][0]["exit_code"]), (&json!("runtime_error"), &json!(3)));

    let described = server.language("sed");
    assert_eq!((&described["available"], &described["modes"]), (&json!(true), &json!(["program"])));
    assert!(described["version"].as_str().is_some_and(|version| version.contains("sed")), "{described}");
    server.stop();
}

#[test]
fn two_languages_run_at_once() {
    let (data, folder) = (tempfile::tempdir().expect("a folder"), folder_with(&[("sed", SED.to_owned())]));
    let server = Server::start_with_languages(data.path(), folder.path());
    let inputs: Vec<String> = (0..8).map(|number| number.to_string()).collect();
    let python = server.submit(&json!({"code": "return 'py ' + input_str", "inputs": inputs}));
    let sed = server.submit(&json!({"language": "sed", "mode": "program", "code": "s/^/sed /", "inputs": inputs}));
    for (id, name) in [(python, "py"), (sed, "sed")] {
        let result = server.result(&id);
        for (run, input) in result["results"].as_array().expect("a list").iter().zip(&inputs) {
            assert_eq!(run["output"], format!("{name} {input}"), "{result}");
        }
    }
    server.stop();
}

#[test]
fn a_broken_language_and_one_that_is_not_installed_disturb_no_other() {
    let broken =
        SED.replace("\"sed\"", "\"broken\"").replace("stream-editor", "b").replace("--version", "--no-such-option");
    let absent = SED
        .replace("\"sed\"", "\"absent\"")
        .replace("stream-editor", "a")
        .replace("/usr/bin/sed", "/usr/bin/no-such-sed");
    let others = [("broken", broken), ("absent", absent), ("sed", SED.to_owned())];
    let (data, folder) = (tempfile::tempdir().expect("a folder"), folder_with(&others));
    let server = Server::start_with_languages(data.path(), folder.path());
    let described = server.language("broken");
    assert_eq!(
        (&described["available"], &described["self_test"]["passed"]),
        (&json!(false), &json!(false)),
        "{described}"
    );
    assert_eq!(described["reason"], "its self-test failed", "{described}");
    assert!(described["cause"].as_str().is_some_and(|cause| cause.contains("no-such-option")), "{described}");
    let described = server.language("absent");
    assert_eq!((&described["available"], &described["packages"]), (&json!(false), &json!(["absent"])), "{described}");
    for id in ["broken", "absent"] {
        let body = json!({"language": id, "mode": "program", "code": "", "inputs": ["a"]});
        let (status, problem) = server.post(&body);
        assert_eq!((status, &problem["code"]), (503, &json!("language_unavailable")), "{problem}");
        let detail = problem["detail"].as_str().expect("a sentence");
        assert!(!detail.contains("no-such") && !detail.contains("/usr"), "{problem}");
    }
    let result = server.run(&json!({"code": "return input_str", "inputs": ["a"]}));
    assert_eq!(result["verdict"], "ok", "{result}");
    let result = server.run(&json!({"language": "sed", "mode": "program", "code": "", "inputs": ["a"]}));
    assert_eq!(result["verdict"], "ok", "{result}");
    let (status, _) = server.get("/health");
    assert_eq!(status, 200);
    server.stop();
}

#[test]
fn a_broken_file_stops_the_start_and_says_where() {
    let text = SED.replace("packages =", "pakcages =");
    let (data, folder) = (tempfile::tempdir().expect("a folder"), folder_with(&[("sed", text)]));
    let mut serve = command(data.path());
    let refused = output(serve.env("API_TOKEN", KEY).env("CODE_RUNNER_LANGUAGES_DIR", folder.path()));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success(), "{said}");
    assert!(said.contains("sed/language.toml:4: unknown field `pakcages`"), "{said}");
}

/// Those whose toolchains `make test` installs (TESTED in the Makefile).
const TESTED: [&str; 8] = ["c", "cpp", "go", "java", "javascript", "python", "rust", "typescript"];

#[test]
fn the_submission_of_the_readme_is_answered_in_each_language() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(data.path());
    for id in TESTED {
        let examples = fs::read_dir(languages().join(id).join("examples")).expect("a folder").filter_map(Result::ok);
        let mut files = examples.map(|entry| entry.path());
        let file = files.find(|file| file.file_stem().is_some_and(|stem| stem == "square")).expect("is there");
        let code = fs::read_to_string(file).expect("text");
        let result = server.run(&json!({"language": id, "code": code, "inputs": ["4", "x"]}));
        assert_eq!(result["output"]["4"], json!({"output": "16"}), "{id}: {result}");
        // What a text that is no number becomes is the language's to say; that it was an input of its own is ours.
        assert_eq!(result["results"].as_array().map(Vec::len), Some(2), "{id}: {result}");
    }
    server.stop();
}
