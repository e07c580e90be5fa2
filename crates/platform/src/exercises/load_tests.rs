//! Exercises that are wrong, and what is said of each.

use std::fs;

use super::load::exercise;

/// A right one, on which each case changes one file.
const RIGHT: [(&str, &str); 7] = [
    ("exercise.toml", "title = \"A\"\nlanguages = [\"python\"]\n"),
    ("exercise.md", "Do it."),
    ("starter/python.py", "pass\n"),
    ("tests/visible/01-a.in", "1\n"),
    ("tests/visible/01-a.out", "2\n"),
    ("tests/hidden/02-b.in", "3\n"),
    ("tests/hidden/02-b.out", "4\n"),
];

/// Reads the exercise with one file as given; none: without it.
fn read(id: &str, file: &str, content: Option<&[u8]>) -> Result<super::Exercise, String> {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    RIGHT.iter().for_each(|(name, content)| put(name, content.as_bytes()));
    match content {
        Some(content) => put(file, content),
        None => fs::remove_file(folder.path().join(file)).unwrap(),
    }
    exercise(folder.path(), id).map_err(|error| error.to_string())
}

#[test]
fn each_mistake_is_told_with_its_file_and_line() {
    let toml = |rest: &str| format!("title = \"A\"\nlanguages = [\"python\"]\n{rest}");
    let cases: &[(&str, Option<&str>, &str)] = &[
        ("exercise.toml", None, "a/exercise.toml: is missing"),
        ("exercise.toml", Some("title = "), "a/exercise.toml:1: "),
        ("exercise.toml", Some("languages = [\"python\"]\n"), "a/exercise.toml:1: missing field `title`"),
        (
            "exercise.toml",
            Some("title = \"A\"\n\nlanguages = []\n"),
            "a/exercise.toml:3: `languages` must have 1 to 40",
        ),
        ("exercise.toml", Some("title = \" \"\nlanguages = [\"python\"]\n"), "a/exercise.toml:1: `title` must have"),
        (
            "exercise.toml",
            Some("title = \"A\"\nlanguages = [\n\"python\",\n\"../x\"]\n"),
            "a/exercise.toml:4: `languages` has `../x`",
        ),
        (
            "exercise.toml",
            Some("title = \"A\"\nlanguages = [\"python\", \"python\"]\n"),
            "a/exercise.toml:2: `languages` has `python` twice",
        ),
        ("exercise.toml", Some(&toml("pionts = 3\n")), "a/exercise.toml:3: unknown field `pionts`"),
        ("exercise.toml", Some(&toml("mode = \"script\"\n")), "a/exercise.toml:3: unknown variant `script`"),
        ("exercise.toml", Some(&toml("checker = \"same\"\n")), "a/exercise.toml:3: `checker` is `same`"),
        ("exercise.toml", Some(&toml("checker = 3\n")), "a/exercise.toml:3: `checker` must be one of"),
        (
            "exercise.toml",
            Some(&toml("checker = { type = \"float\", absolut = 1 }\n")),
            "a/exercise.toml:3: `checker.absolut` is no option",
        ),
        (
            "exercise.toml",
            Some(&toml("checker = { type = \"float\", absolute = -1 }\n")),
            "a/exercise.toml:3: `checker.absolute` must be a number",
        ),
        (
            "exercise.toml",
            Some(&toml("checker = { type = \"program\", language = \"python\" }\n")),
            "a/exercise.toml:3: `checker.file` is missing",
        ),
        (
            "exercise.toml",
            Some(&toml("checker = { type = \"program\", language = \"python\", file = \"c.py\" }\n")),
            "a/exercise.toml:3: `checker.file` is `c.py`, which is not there",
        ),
        (
            "exercise.toml",
            Some(&toml("checker = { type = \"program\", language = \"python\", file = \"../c.py\" }\n")),
            "a/exercise.toml:3: `checker.file` is `../c.py`",
        ),
        ("exercise.toml", Some(&toml("[limits]\ncpu = 1\n")), "a/exercise.toml:4: `limits.cpu` is no limit"),
        (
            "exercise.toml",
            Some(&toml("[limits]\ncpu_time_ms = 0\n")),
            "a/exercise.toml:4: `limits.cpu_time_ms` must be 1 or more",
        ),
        (
            "exercise.toml",
            Some(&toml("[points]\n\"01-a\" = 0.0001\n")),
            "a/exercise.toml:4: `points.01-a` must be 0 to",
        ),
        (
            "exercise.toml",
            Some(&toml("[points]\n\"01-a\" = 2\n\"09-z\" = 2\n")),
            "a/exercise.toml:5: `points.09-z` is the name of no test",
        ),
        (
            "exercise.toml",
            Some(&toml("due = 2036-07-31\n")),
            "a/exercise.toml:3: `due` must be a date and time with its offset",
        ),
        ("exercise.md", None, "a/exercise.md: is missing"),
        (
            "starter/ruby.rb",
            Some(""),
            "a/starter/ruby.rb: the name before the dot must be one of the languages: python",
        ),
        ("starter/python.txt", Some(""), "a/starter/python.txt: is the second file for `python`"),
        ("tests/visible/01-a.out", None, "a/tests/visible/01-a.in: there is no .out"),
        ("tests/visible/01-a.in", None, "a/tests/visible/01-a.out: there is no .in"),
        ("tests/visible/01-a.txt", Some(""), "a/tests/visible/01-a.txt: the files of tests end in .in or .out"),
        ("tests/visible/first.in", Some(""), "a/tests/visible/first.in: the name of a test is a number"),
        ("tests/hidden/01-a.in", Some(""), "a/tests/hidden/01-a.in: there is "),
    ];
    assert!(read("a", "exercise.md", Some(b"Do it.")).is_ok());
    for (file, content, expected) in cases {
        let found = read("a", file, content.map(str::as_bytes)).expect_err(expected);
        assert!(found.starts_with(expected), "{file}: {found}\nexpected {expected}");
    }
    let latin = read("a", "exercise.md", Some(b"one\ntwo \xe4")).unwrap_err();
    assert_eq!(latin, "a/exercise.md:2: is not UTF-8");
    let large = read("a", "exercise.md", Some(&vec![b'x'; 1024 * 1024 + 1])).unwrap_err();
    assert!(large.contains("1048577 bytes"), "{large}");
    assert!(read("A b", "exercise.md", Some(b"")).unwrap_err().starts_with("A b: the name of an exercise's folder"));
}

#[test]
fn tests_come_in_order_and_have_what_a_function_is_given() {
    let exercise = read("a", "tests/visible/10-last-one.in", None.or(Some(b"x\ny\n" as &[u8])));
    assert!(exercise.is_err(), "it has no .out");
    let toml = b"title = \"A\"\nlanguages = [\"python\"]\nmode = \"program\"\n[points]\n\"02-b\" = 1.5\n";
    for (file, content, input) in [("exercise.md", b"x" as &[u8], "1"), ("exercise.toml", toml, "1\n")] {
        let exercise = read("a", file, Some(content)).unwrap();
        let tests: Vec<_> = exercise.tests.iter().map(|test| (test.name.as_str(), test.hidden)).collect();
        assert_eq!(tests, [("a", false), ("b", true)]);
        assert_eq!(exercise.tests[0].input, input, "the last line end is a program's alone");
    }
}
