//! Reads one folder as an [`Exercise`], or says in which file and line it is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::json;

use super::settings::{self, Checker, Settings};
use super::{Exercise, Language, LoadError, Test, text};
use crate::points::Points;

/// Bytes of one file.
const MOST_FILE: u64 = 1024 * 1024;
/// Bytes of all tests of an exercise: a request to Code Runner holds them.
const MOST_TESTS_BYTES: usize = 4 * 1024 * 1024;
/// Tests of an exercise.
const MOST_TESTS: usize = 200;
/// Exercises in a folder.
const MOST_EXERCISES: usize = 1000;
/// The longest name of a folder or test.
const MOST_NAME: usize = 64;

/// What is in the folder of all exercises: by id, each as it was read. Folders that begin with `.` are left alone, such as
/// git's own.
///
/// # Errors
/// The folder itself can not be read.
pub fn folder(folder: &Path) -> Result<BTreeMap<String, Result<Exercise, LoadError>>, LoadError> {
    let shown = folder.display().to_string();
    let failed = |what: String| LoadError { file: shown.clone(), line: None, what };
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(|error| failed(format!("can not be read: {error}")))? {
        let entry = entry.map_err(|error| failed(format!("can not be read: {error}")))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || !entry.path().is_dir() {
            continue;
        }
        if found.len() == MOST_EXERCISES {
            return Err(failed(format!("has more than {MOST_EXERCISES} exercises")));
        }
        let read = exercise(&entry.path(), &name);
        found.insert(name, read);
    }
    Ok(found)
}

/// Reads the exercise in `folder`, whose name is `id`.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn exercise(folder: &Path, id: &str) -> Result<Exercise, LoadError> {
    if !is_name(id) {
        let what = "the name of an exercise's folder is 1 to 64 of a-z, 0-9 and -, the first no -".to_owned();
        return Err(LoadError { file: id.to_owned(), line: None, what });
    }
    let files = Files { folder, id };
    let toml = files.text("exercise.toml")?;
    let settings = settings::read(&toml).map_err(|(line, what)| files.error("exercise.toml", line, what))?;
    let statement = text::to_html(&files.text("exercise.md")?);
    let Settings { title, order, mode, languages, checker, limits, points, due } = settings;
    let (checker, needs_expected) = match checker {
        Checker::Ready(checker) => (checker, true),
        Checker::Program { language, file, line } => {
            if !folder.join(&file).is_file() {
                let what = format!("`checker.file` is `{file}`, which is not there");
                return Err(files.error("exercise.toml", Some(line), what));
            }
            (json!({"type": "program", "language": language, "code": files.text(&file)?}), false)
        }
    };
    let mut starters = files.by_language("starter", &languages)?;
    let mut solutions = files.by_language("solution", &languages)?;
    let languages = languages
        .into_iter()
        .map(|id| Language { starter: starters.remove(&id).unwrap_or_default(), solution: solutions.remove(&id), id })
        .collect();
    let reading = Reading { files: &files, needs_expected, drop_last_line_end: mode == super::Mode::Function };
    let tests = reading.tests(&points)?;
    Ok(Exercise { id: id.to_owned(), title, order, statement, mode, languages, limits, checker, tests, due })
}

/// The files of one exercise.
struct Files<'a> {
    folder: &'a Path,
    id: &'a str,
}

impl Files<'_> {
    fn error(&self, file: &str, line: Option<usize>, what: String) -> LoadError {
        let file = if file.is_empty() { self.id.to_owned() } else { format!("{}/{file}", self.id) };
        LoadError { file, line, what }
    }

    /// A file that has to be there.
    fn text(&self, name: &str) -> Result<String, LoadError> {
        let failed = |what: String| self.error(name, None, what);
        let path = self.folder.join(name);
        let length = match fs::metadata(&path) {
            Ok(data) if data.is_file() => data.len(),
            Ok(_) => return Err(failed("is no file".to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(failed("is missing".to_owned()));
            }
            Err(error) => return Err(failed(format!("can not be read: {error}"))),
        };
        if length > MOST_FILE {
            return Err(failed(format!("has {length} bytes; a file has at most {MOST_FILE}")));
        }
        let bytes = fs::read(&path).map_err(|error| failed(format!("can not be read: {error}")))?;
        String::from_utf8(bytes).map_err(|error| {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            self.error(name, Some(line), "is not UTF-8".to_owned())
        })
    }

    /// The names in a folder, in order; none if there is no such folder.
    fn names(&self, folder: &str) -> Result<BTreeSet<String>, LoadError> {
        let failed = |error: std::io::Error| self.error(folder, None, format!("can not be read: {error}"));
        let entries = match fs::read_dir(self.folder.join(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            Err(error) => return Err(failed(error)),
        };
        let names = entries.map(|entry| Ok(entry.map_err(failed)?.file_name().to_string_lossy().into_owned()));
        let mut names: BTreeSet<String> = names.collect::<Result<_, _>>()?;
        names.retain(|name| !name.starts_with('.'));
        Ok(names)
    }

    /// The files of a folder whose names are those of languages, before the last dot.
    fn by_language(&self, folder: &str, languages: &[String]) -> Result<BTreeMap<String, String>, LoadError> {
        let mut found = BTreeMap::new();
        for name in self.names(folder)? {
            let path = format!("{folder}/{name}");
            let language = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_owned();
            if !languages.contains(&language) {
                let what = format!("the name before the dot must be one of the languages: {}", languages.join(", "));
                return Err(self.error(&path, None, what));
            }
            let text = self.text(&path)?;
            if found.insert(language.clone(), text).is_some() {
                return Err(self.error(&path, None, format!("is the second file for `{language}`")));
            }
        }
        Ok(found)
    }
}

/// How tests are read.
struct Reading<'a> {
    files: &'a Files<'a>,
    /// Each test has to have an `.out`.
    needs_expected: bool,
    /// A function is given a text and returns one; the line end that editors put behind the last line is no part of it.
    drop_last_line_end: bool,
}

impl Reading<'_> {
    fn tests(&self, points: &BTreeMap<String, (Points, usize)>) -> Result<Vec<Test>, LoadError> {
        let mut tests = Vec::new();
        let mut stems = BTreeSet::new();
        for (folder, hidden) in [("tests/visible", false), ("tests/hidden", true)] {
            for (number, stem) in self.stems(folder)? {
                if !stems.insert(stem.clone()) {
                    let what = "there is a visible and a hidden test of this name".to_owned();
                    return Err(self.files.error(&format!("{folder}/{stem}.in"), None, what));
                }
                let points = points.get(&stem).map_or(Points::ONE, |(points, _)| *points);
                let test = self.test(folder, &stem, hidden, points)?;
                tests.push((hidden, number, test));
            }
        }
        if let Some((name, (_, line))) = points.iter().find(|(name, _)| !stems.contains(*name)) {
            let what =
                format!("`points.{name}` is the name of no test; a test's name is that of its files, such as 01-small");
            return Err(self.files.error("exercise.toml", Some(*line), what));
        }
        if tests.is_empty() {
            return Err(self.files.error("tests", None, "there is no test in visible/ or hidden/".to_owned()));
        }
        if tests.len() > MOST_TESTS {
            return Err(self.files.error("tests", None, format!("there are more than {MOST_TESTS} tests")));
        }
        tests.sort_by_key(|(hidden, number, _)| (*hidden, *number));
        let tests: Vec<Test> = tests.into_iter().map(|(_, _, test)| test).collect();
        let bytes: usize =
            tests.iter().map(|test| test.input.len() + test.expected.as_ref().map_or(0, String::len)).sum();
        if bytes > MOST_TESTS_BYTES {
            let what = format!("the tests have {bytes} bytes together; at most {MOST_TESTS_BYTES} are allowed");
            return Err(self.files.error("tests", None, what));
        }
        Ok(tests)
    }

    /// The tests of a folder, as number and name, after a look at the names of their files.
    fn stems(&self, folder: &str) -> Result<Vec<(u64, String)>, LoadError> {
        let names = self.files.names(folder)?;
        let mut stems = Vec::new();
        for name in &names {
            let wrong = |what: &str| self.files.error(&format!("{folder}/{name}"), None, what.to_owned());
            let (stem, is_input) = match name.rsplit_once('.') {
                Some((stem, "in")) => (stem, true),
                Some((stem, "out")) => (stem, false),
                _ => return Err(wrong("the files of tests end in .in or .out")),
            };
            let number = stem
                .split_once('-')
                .and_then(|(number, rest)| (is_name(stem) && !rest.is_empty()).then(|| number.parse().ok()).flatten());
            let Some(number) = number else {
                return Err(wrong("the name of a test is a number, - and a-z, 0-9 and -, such as 01-small.in"));
            };
            if is_input {
                stems.push((number, stem.to_owned()));
                if self.needs_expected && !names.contains(&format!("{stem}.out")) {
                    return Err(wrong("there is no .out of this name beside it"));
                }
            } else if !names.contains(&format!("{stem}.in")) {
                return Err(wrong("there is no .in of this name beside it"));
            }
        }
        Ok(stems)
    }

    fn test(&self, folder: &str, stem: &str, hidden: bool, points: Points) -> Result<Test, LoadError> {
        let input = self.text(&format!("{folder}/{stem}.in"))?;
        let expected = format!("{folder}/{stem}.out");
        let expected = if self.files.folder.join(&expected).exists() { Some(self.text(&expected)?) } else { None };
        let name = stem.split_once('-').map_or(stem, |(_, name)| name).replace('-', " ");
        Ok(Test { name, hidden, input, expected, points })
    }

    fn text(&self, name: &str) -> Result<String, LoadError> {
        let mut text = self.files.text(name)?;
        if self.drop_last_line_end && text.ends_with('\n') {
            text.pop();
            if text.ends_with('\r') {
                text.pop();
            }
        }
        Ok(text)
    }
}

fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=MOST_NAME).contains(&name.len()) && name.bytes().all(allowed) && !name.starts_with('-')
}
