use super::*;

fn exercise(folder: &Path, text: &str) -> Result<Exercise, String> {
    let language_of = |extension: &str| (extension == "py").then(|| "python".to_owned());
    parse(Page { file: "tests.toml", text }, folder, &language_of).map_err(|error| error.to_string())
}

#[test]
fn everything_of_an_exercise_is_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("big.in"), "1\n2\n").unwrap();
    fs::write(folder.path().join("big.out"), "3\n").unwrap();
    fs::write(folder.path().join("check.py"), "exit(0)").unwrap();
    fs::write(folder.path().join("words.txt"), b"\xff").unwrap();
    let text = r#"
        title = "Sums"
        mode = "function"
        main = "main.py"
        checker = "tokens"
        compile_options = ["-O2"]
        files = ["words.txt"]
        extensions = { pl = "prolog" }
        limits = { wall_time_ms = 2_000, memory_kib = 65536 }

        [[test]]
        input = "1 2"
        expected = "3"

        [[test]]
        name = "big"
        input_file = "big.in"
        expected_file = "big.out"
        points = 2.5
        hidden = true
        checker = { type = "float", absolute = 1e-6 }

        [[test]]
        input = ""
        checker = { type = "program", file = "check.py" }
        points = 0
    "#;
    let read = exercise(folder.path(), text).unwrap();
    assert_eq!(read.title.as_deref(), Some("Sums"));
    assert_eq!((read.mode, read.main.as_deref()), (Mode::Function, Some("main.py")));
    assert_eq!(read.extensions["pl"], "prolog");
    assert_eq!(Value::Object(read.limits), json!({"wall_time_ms": 2000, "memory_kib": 65536}));
    assert_eq!((read.checker, read.compile_options), (Some(json!("tokens")), vec!["-O2".to_owned()]));
    assert_eq!(read.files, [("words.txt".to_owned(), vec![0xff])]);
    let tests: Vec<Value> = read.tests.iter().map(Test::json).collect();
    assert_eq!(
        Value::Array(tests),
        json!([
            {"input": "1 2", "expected": "3", "points": 1, "hidden": false},
            {"input": "1\n2\n", "expected": "3\n", "name": "big", "points": 2.5, "hidden": true,
             "checker": {"type": "float", "absolute": 1e-6}},
            {"input": "", "points": 0, "hidden": false,
             "checker": {"type": "program", "language": "python", "code": "exit(0)"}},
        ])
    );
    let names: Vec<&str> = read.tests.iter().map(|test| test.name.as_str()).collect();
    assert_eq!(names, ["test 1", "big", "test 3"]);
    assert_eq!(read.sources.len(), 4);
}

#[test]
fn what_is_wrong_is_said_with_file_line_and_field() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("binary"), b"\xff").unwrap();
    fs::write(folder.path().join("check.xyz"), "").unwrap();
    let test = |line: &str| format!("[[test]]\ninput = \"1\"\nexpected = \"1\"\n{line}");
    for (text, error) in [
        ("title = ", "tests.toml:1: string values must be quoted"),
        ("titel = \"x\"", "tests.toml:1: `titel` is no field; allowed is `title`, `language`"),
        ("title = 1", "tests.toml:1: `test` is missing; an exercise has at least one `[[test]]`"),
        ("test = []", "tests.toml:1: `test` must have 1 to 10000 elements"),
        ("test = 1", "tests.toml:1: `test` must be a list, not a number"),
        (&format!("title = 1\n{}", test("")), "tests.toml:1: `title` must be a text, not a number"),
        (&format!("title = \" \"\n{}", test("")), "tests.toml:1: `title` is empty"),
        (&format!("mode = \"script\"\n{}", test("")), "tests.toml:1: `mode` must be `function` or `program`"),
        (
            &format!("limits = {{ cpu = 1 }}\n{}", test("")),
            "tests.toml:1: `limits.cpu` is no field; allowed is `cpu_time_ms`",
        ),
        (
            &format!("limits = {{ cpu_time_ms = 1.5 }}\n{}", test("")),
            "tests.toml:1: `limits.cpu_time_ms` must be a whole number, not a number",
        ),
        (
            &format!("limits = {{ cpu_time_ms = -1 }}\n{}", test("")),
            "tests.toml:1: `limits.cpu_time_ms` must be a whole number that is not less than 0",
        ),
        (
            &format!("compile_options = [1]\n{}", test("")),
            "tests.toml:1: `compile_options[0]` must be a text, not a number",
        ),
        (&format!("files = [\"none\"]\n{}", test("")), "tests.toml:1: `files[0]` names"),
        (&format!("files = [\".\"]\n{}", test("")), "tests.toml:1: `files[0]` names"),
        ("[[test]]\ninput = \"\"", "tests.toml:1: `test[0].expected` is missing; give `expected` or `expected_file`"),
        ("[[test]]\nexpected = \"\"", "tests.toml:1: `test[0].input` is missing"),
        (
            &test("points = -1"),
            "tests.toml:4: `test[0].points` must be a number from 0 to 1000000 with at most three decimals",
        ),
        (&test("points = 0.0001"), "tests.toml:4: `test[0].points` must be a number"),
        (&test("points = inf"), "tests.toml:4: `test[0].points` must be a number in decimal digits"),
        (&test("points = \"2\""), "tests.toml:4: `test[0].points` must be a number, not a text"),
        (&test("hidden = 1"), "tests.toml:4: `test[0].hidden` must be true or false, not a number"),
        (&test("visible = 1"), "tests.toml:4: `test[0].visible` is no field"),
        (&test("name = \"\""), "tests.toml:4: `test[0].name` is empty"),
        (&test("name = \"a\\u0007\""), "tests.toml:4: `test[0].name` has control characters"),
        (&test(&format!("name = \"{}\"", "x".repeat(101))), "tests.toml:4: `test[0].name` is longer than 100"),
        (&test("input_file = \"x\""), "tests.toml:4: `test[0].input_file` stands beside `input`"),
        (&test("checker = \"fuzzy\""), "tests.toml:4: `test[0].checker` must be one of `exact`, `lines`"),
        (
            &test("checker = { type = \"exact\", ignore_case = true }"),
            "tests.toml:4: `test[0].checker.ignore_case` is no field",
        ),
        (
            &test("checker = { type = \"float\", absolute = -1 }"),
            "tests.toml:4: `test[0].checker.absolute` must be a number that is not less than 0",
        ),
        (&test("checker = {}"), "tests.toml:4: `test[0].checker.type` is missing"),
        (&test("checker = { type = \"program\" }"), "tests.toml:4: `test[0].checker.file` is missing"),
        (&test("checker = { type = \"program\", code = \"\" }"), "tests.toml:4: `test[0].checker.language` is missing"),
        (
            &test("checker = { type = \"program\", file = \"check.xyz\" }"),
            "tests.toml:4: `test[0].checker.file` has an extension that tells no language",
        ),
        (
            &test("checker = { type = \"program\", file = \"binary\", language = \"python\" }"),
            "tests.toml:4: `test[0].checker.file` names a file that is not UTF-8",
        ),
        (
            &format!("{}{}", test("name = \"a\"\n"), test("name = \"a\"")),
            "tests.toml:5: `test[1]` has the name `a`, which another test has",
        ),
    ] {
        let got = exercise(folder.path(), text).unwrap_err();
        assert!(got.starts_with(error), "{text}\n{got}\n{error}");
    }
    assert!(
        read(Path::new("/nonexistent/tests.toml"), &|_| None)
            .unwrap_err()
            .to_string()
            .starts_with("/nonexistent/tests.toml: can not be read")
    );
}

/// The page for teachers shows an exercise, and what is said of one that is wrong.
#[test]
fn the_documented_exercise_is_one() {
    let page = include_str!("../../../../../../docs/grading-cli.md");
    let block = |start: &str| page.split_once(start).unwrap().1.split_once("```").unwrap().0;
    let (text, said) = (block("```toml\n"), block("```\ncode-runner: "));
    let folder = tempfile::tempdir().unwrap();
    for name in ["large.in", "large.out", "check.py", "words.txt"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    let read = exercise(folder.path(), text).unwrap();
    assert_eq!((read.tests.len(), read.checker), (3, Some(json!("tokens"))));
    let everything = text.replace("\n# ", "\n");
    let read = exercise(folder.path(), &everything).unwrap();
    assert_eq!((read.language.as_deref(), read.files.len()), (Some("python"), 1));
    let wrong = text.replace("points = 2.5 ", "points = -1 ");
    assert_eq!(exercise(folder.path(), &wrong).unwrap_err(), said.trim());
}
