//! `tests.toml`: what submissions are run on, what must come of it, and how many points that is worth.
//!
//! Files that it names are relative to it. What can be seen to be wrong without running anything is refused here, with file,
//! line and field; what only the server knows, such as its limits, is refused by the server.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use model::{Mode, Points};
use serde_json::{Map, Value, json};

use super::fields::{Field, Fields, FileError, Page};
use super::points;

/// Tests of one exercise.
const MOST_TESTS: usize = 10_000;
/// Characters of a test's name.
const MOST_NAME: usize = 100;
/// Bytes of a file that is named.
const MOST_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// Checkers that have a name and nothing else, with their options.
const CHECKERS: [(&str, &[&str]); 5] = [
    ("exact", &[]),
    ("lines", &[]),
    ("tokens", &["ignore_case"]),
    ("float", &["absolute", "relative"]),
    ("regex", &["ignore_case"]),
];
/// The checker that is a program.
const PROGRAM: &str = "program";

const FIELDS: [&str; 10] =
    ["title", "language", "mode", "main", "extensions", "limits", "checker", "compile_options", "files", "test"];
const TEST_FIELDS: [&str; 8] =
    ["name", "input", "input_file", "expected", "expected_file", "points", "hidden", "checker"];
const LIMITS: [&str; 6] = ["cpu_time_ms", "wall_time_ms", "memory_kib", "processes", "output_bytes", "file_bytes"];

/// An exercise.
#[derive(Debug, Clone, PartialEq)]
pub struct Exercise {
    /// What people call it.
    pub title: Option<String>,
    /// The language of every submission, whatever its extension.
    pub language: Option<String>,
    /// What the code is.
    pub mode: Mode,
    /// The name of the main file of a submission that is a folder.
    pub main: Option<String>,
    /// Which language files of an extension are in, where that is not the usual one.
    pub extensions: BTreeMap<String, String>,
    /// `limits` of a request.
    pub limits: Map<String, Value>,
    /// `checker` of a request.
    pub checker: Option<Value>,
    /// `compile_options` of a request.
    pub compile_options: Vec<String>,
    /// Files that stand beside each submission: name and content.
    pub files: Vec<(String, Vec<u8>)>,
    /// In the order of the file; at least one.
    pub tests: Vec<Test>,
    /// Every file that it is made of, itself included.
    pub sources: Vec<PathBuf>,
}

/// One test.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Its name, or `test 1` for the first that has none.
    pub name: String,
    /// It has a name of its own.
    pub is_named: bool,
    /// What the program is given.
    pub input: String,
    /// What must come of it; none where a program decides alone.
    pub expected: Option<String>,
    /// What it is worth.
    pub points: Points,
    /// Students are not shown it.
    pub hidden: bool,
    /// `checker` of a request.
    pub checker: Option<Value>,
}

impl Test {
    /// As a request has it.
    pub fn json(&self) -> Value {
        let Self { name, is_named, input, expected, points, hidden, checker } = self;
        let mut test = json!({"input": input, "points": points::json(*points), "hidden": hidden});
        if *is_named {
            test["name"] = json!(name);
        }
        if let Some(expected) = expected {
            test["expected"] = json!(expected);
        }
        if let Some(checker) = checker {
            test["checker"] = checker.clone();
        }
        test
    }
}

/// Reads the exercise in this file. `language_of` names the language of an extension, for checkers that are programs.
///
/// # Errors
/// [`FileError`], for the first thing that is wrong.
pub fn read(path: &Path, language_of: &dyn Fn(&str) -> Option<String>) -> Result<Exercise, FileError> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| FileError {
        file: name.clone(),
        line: None,
        message: format!("can not be read: {error}"),
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut exercise = parse(Page { file: &name, text: &text }, folder, language_of)?;
    exercise.sources.push(path.to_owned());
    Ok(exercise)
}

fn parse(page: Page<'_>, folder: &Path, language_of: &dyn Fn(&str) -> Option<String>) -> Result<Exercise, FileError> {
    let table = page.table()?;
    let fields = Fields::new(page, &table);
    fields.only(&FIELDS)?;
    let mut reader = Reader { folder, language_of, sources: Vec::new() };
    let checker = fields.get("checker").map(|field| reader.checker(&field)).transpose()?;
    let tests =
        fields.get("test").ok_or_else(|| fields.missing("test", "; an exercise has at least one `[[test]]`"))?;
    let elements = tests.elements()?;
    if elements.is_empty() || elements.len() > MOST_TESTS {
        return Err(tests.wrong(format!("must have 1 to {MOST_TESTS} elements")));
    }
    let is_program = checker.as_ref().is_some_and(is_program);
    let mut read: Vec<Test> = Vec::with_capacity(elements.len());
    for (index, field) in elements.iter().enumerate() {
        let test = reader.test(field, index, is_program)?;
        if read.iter().any(|other| other.name == test.name) {
            return Err(field.wrong(format!("has the name `{}`, which another test has", test.name)));
        }
        read.push(test);
    }
    let text = |name: &str| fields.get(name).map(|field| some_text(&field)).transpose();
    Ok(Exercise {
        title: text("title")?,
        language: text("language")?,
        mode: fields.get("mode").map_or(Ok(Mode::Program), |field| mode(&field))?,
        main: text("main")?,
        extensions: fields.get("extensions").map_or(Ok(BTreeMap::new()), |field| extensions(&field))?,
        limits: fields.get("limits").map_or(Ok(Map::new()), |field| limits(&field))?,
        compile_options: fields.get("compile_options").map_or(Ok(Vec::new()), |field| field.texts())?,
        files: fields.get("files").map_or(Ok(Vec::new()), |field| reader.files(&field))?,
        checker,
        tests: read,
        sources: reader.sources,
    })
}

fn some_text(field: &Field<'_>) -> Result<String, FileError> {
    let text = field.text()?.trim();
    if text.is_empty() { Err(field.wrong("is empty")) } else { Ok(text.to_owned()) }
}

fn mode(field: &Field<'_>) -> Result<Mode, FileError> {
    let name = field.text()?;
    let known = Mode::ALL.into_iter().find(|mode| mode.name() == name);
    known.ok_or_else(|| field.wrong(format!("must be `{}`", Mode::ALL.map(Mode::name).join("` or `"))))
}

fn extensions(field: &Field<'_>) -> Result<BTreeMap<String, String>, FileError> {
    let entry = |(name, field): (String, Field<'_>)| Ok((name.trim_start_matches('.').to_owned(), some_text(&field)?));
    field.fields()?.all().into_iter().map(entry).collect()
}

fn limits(field: &Field<'_>) -> Result<Map<String, Value>, FileError> {
    let fields = field.fields()?;
    fields.only(&LIMITS)?;
    fields.all().into_iter().map(|(name, field)| Ok((name, json!(field.whole_number()?)))).collect()
}

fn is_program(checker: &Value) -> bool {
    checker["type"] == PROGRAM
}

/// Reads fields that may lead to other files.
struct Reader<'a> {
    folder: &'a Path,
    language_of: &'a dyn Fn(&str) -> Option<String>,
    sources: Vec<PathBuf>,
}

impl Reader<'_> {
    fn test(&mut self, field: &Field<'_>, index: usize, default_is_program: bool) -> Result<Test, FileError> {
        let fields = field.fields()?;
        fields.only(&TEST_FIELDS)?;
        let name = fields.get("name").map(|field| name(&field)).transpose()?;
        let checker = fields.get("checker").map(|field| self.checker(&field)).transpose()?;
        let decides_alone = checker.as_ref().map_or(default_is_program, is_program);
        let input = self.text_or_file(&fields, "input")?;
        let expected = self.text_or_file(&fields, "expected")?;
        if expected.is_none() && !decides_alone {
            return Err(fields.missing("expected", "; give `expected` or `expected_file`"));
        }
        Ok(Test {
            is_named: name.is_some(),
            name: name.unwrap_or_else(|| format!("test {}", index + 1)),
            input: input
                .ok_or_else(|| fields.missing("input", "; give `input` or `input_file`, which may be empty"))?,
            expected,
            points: fields.get("points").map_or(Ok(Points::ONE), |field| some_points(&field))?,
            hidden: fields.get("hidden").map_or(Ok(false), |field| field.truth())?,
            checker,
        })
    }

    /// A field that stands here, or in a file that is named.
    fn text_or_file(&mut self, fields: &Fields<'_>, name: &str) -> Result<Option<String>, FileError> {
        let file = format!("{name}_file");
        match (fields.get(name), fields.get(&file)) {
            (None, None) => Ok(None),
            (Some(field), None) => field.text().map(|text| Some(text.to_owned())),
            (None, Some(field)) => self.text_of(&field).map(Some),
            (Some(_), Some(field)) => Err(field.wrong(format!("stands beside `{name}`; give one of them"))),
        }
    }

    fn text_of(&mut self, field: &Field<'_>) -> Result<String, FileError> {
        String::from_utf8(self.bytes_of(field)?).map_err(|_| field.wrong("names a file that is not UTF-8"))
    }

    fn bytes_of(&mut self, field: &Field<'_>) -> Result<Vec<u8>, FileError> {
        let name = some_text(field)?;
        let path = self.folder.join(&name);
        let wrong =
            |error: std::io::Error| field.wrong(format!("names {}, which can not be read: {error}", path.display()));
        let metadata = fs::metadata(&path).map_err(wrong)?;
        if !metadata.is_file() {
            return Err(field.wrong(format!("names {}, which is no file", path.display())));
        }
        if metadata.len() > MOST_FILE_BYTES {
            let most = MOST_FILE_BYTES / (1024 * 1024);
            return Err(field.wrong(format!("names {}, which is larger than {most} MiB", path.display())));
        }
        let bytes = fs::read(&path).map_err(wrong)?;
        self.sources.push(path);
        Ok(bytes)
    }

    fn files(&mut self, field: &Field<'_>) -> Result<Vec<(String, Vec<u8>)>, FileError> {
        let file = |field: &Field<'_>| {
            let bytes = self.bytes_of(field)?;
            let name = Path::new(field.text()?).file_name().unwrap_or_default().to_string_lossy().into_owned();
            if model::language::is_file_name(&name) { Ok((name, bytes)) } else { Err(field.wrong(NOT_A_FILE_NAME)) }
        };
        field.elements()?.iter().map(file).collect()
    }

    fn checker(&mut self, field: &Field<'_>) -> Result<Value, FileError> {
        if field.is_text() {
            return checker_name(field, field.text()?).map(|_| json!(field.text().unwrap_or_default()));
        }
        let fields = field.fields()?;
        let kind = fields.get("type").ok_or_else(|| fields.missing("type", ""))?;
        if kind.text()? == PROGRAM {
            return self.program(&fields);
        }
        let options = checker_name(&kind, kind.text()?)?;
        fields.only(&[&["type"], options].concat())?;
        let mut checker = json!({"type": kind.text()?});
        for option in options {
            if let Some(field) = fields.get(option) {
                checker[*option] =
                    if *option == "ignore_case" { field.truth()?.into() } else { tolerance(&field)?.into() };
            }
        }
        Ok(checker)
    }

    /// A program in a file beside this one, or with its code here.
    fn program(&mut self, fields: &Fields<'_>) -> Result<Value, FileError> {
        fields.only(&["type", "file", "code", "language"])?;
        let code = match (fields.get("file"), fields.get("code")) {
            (Some(file), None) => self.text_of(&file)?,
            (None, Some(code)) => code.text()?.to_owned(),
            (None, None) => return Err(fields.missing("file", "; give `file` or `code`")),
            (Some(_), Some(code)) => return Err(code.wrong("stands beside `file`; give one of them")),
        };
        let named = fields.get("language").map(|field| some_text(&field)).transpose()?;
        let language = match (named, fields.get("file")) {
            (Some(language), _) => language,
            (None, Some(file)) => {
                let extension = Path::new(file.text()?).extension().unwrap_or_default().to_string_lossy().into_owned();
                (self.language_of)(&extension)
                    .ok_or_else(|| file.wrong("has an extension that tells no language; give `language` too"))?
            }
            (None, None) => return Err(fields.missing("language", "; `code` does not say what it is in")),
        };
        Ok(json!({"type": PROGRAM, "language": language, "code": code}))
    }
}

/// Fits after the name of a field or a file.
pub const NOT_A_FILE_NAME: &str =
    "must have a name of 1 to 64 letters, digits, `.`, `_` or `-` of ASCII that begins with a letter or digit";

/// The options of a checker.
fn checker_name(field: &Field<'_>, name: &str) -> Result<&'static [&'static str], FileError> {
    let known = CHECKERS.iter().find(|(known, _)| *known == name).map(|(_, options)| *options);
    known.ok_or_else(|| {
        let names: Vec<&str> = CHECKERS.iter().map(|(name, _)| *name).collect();
        field.wrong(format!(
            "must be one of `{}`, or a table with `type = \"{PROGRAM}\"` and `file`",
            names.join("`, `")
        ))
    })
}

fn name(field: &Field<'_>) -> Result<String, FileError> {
    let name = some_text(field)?;
    if name.chars().count() > MOST_NAME {
        return Err(field.wrong(format!("is longer than {MOST_NAME} characters")));
    }
    if name.chars().any(char::is_control) {
        return Err(field.wrong("has control characters in it"));
    }
    Ok(name)
}

fn some_points(field: &Field<'_>) -> Result<Points, FileError> {
    Points::new(field.number()?).map_err(|error| field.wrong(error))
}

fn tolerance(field: &Field<'_>) -> Result<f64, FileError> {
    let number = field.number()?;
    if number >= 0.0 { Ok(number) } else { Err(field.wrong("must be a number that is not less than 0")) }
}

#[cfg(test)]
mod tests;
