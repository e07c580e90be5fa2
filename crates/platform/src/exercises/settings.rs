//! `exercise.toml`: from text to settings that make sense, with the line of what does not.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use toml::Spanned;

use super::Mode;
use crate::points::{MOST, Points};

/// The longest title, in characters.
const MOST_TITLE: usize = 200;
/// Languages of one exercise.
const MOST_LANGUAGES: usize = 40;
/// The checkers that need no more than their name.
const NAMES: [&str; 5] = ["exact", "lines", "tokens", "float", "regex"];

/// What the file says.
#[derive(Debug)]
pub struct Settings {
    pub title: String,
    pub order: i64,
    pub mode: Mode,
    pub languages: Vec<String>,
    pub checker: Checker,
    pub limits: Map<String, Value>,
    /// By the name of the test's files, with the line.
    pub points: BTreeMap<String, (Points, usize)>,
    pub due: Option<OffsetDateTime>,
}

/// How outputs are judged.
#[derive(Debug)]
pub enum Checker {
    /// As Code Runner takes it.
    Ready(Value),
    /// A program, whose code is in a file beside; with the line.
    Program { language: String, file: String, line: usize },
}

/// A line and what is wrong there.
pub type Wrong = (Option<usize>, String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: Spanned<String>,
    #[serde(default)]
    order: i64,
    #[serde(default)]
    mode: Mode,
    languages: Spanned<Vec<Spanned<String>>>,
    checker: Option<Spanned<toml::Value>>,
    #[serde(default)]
    limits: BTreeMap<String, Spanned<u64>>,
    #[serde(default)]
    points: BTreeMap<String, Spanned<f64>>,
    due: Option<Spanned<toml::value::Datetime>>,
}

/// The limits that Code Runner knows, each with the least it takes.
const LIMITS: [(&str, u64); 6] = [
    ("cpu_time_ms", 1),
    ("wall_time_ms", 1),
    ("memory_kib", 4096),
    ("processes", 1),
    ("output_bytes", 1),
    ("file_bytes", 4096),
];

/// Reads the file.
pub fn read(text: &str) -> Result<Settings, Wrong> {
    let line = |span: Range<usize>| 1 + text[..span.start.min(text.len())].matches('\n').count();
    let file: File = toml::from_str(text).map_err(|error| {
        let message = error.message().lines().collect::<Vec<_>>().join(" ");
        (error.span().map(&line), message)
    })?;
    let wrong = |span: Range<usize>, what: String| (Some(line(span)), what);

    let title = file.title.get_ref().trim().to_owned();
    if title.is_empty() || title.chars().count() > MOST_TITLE {
        return Err(wrong(file.title.span(), format!("`title` must have 1 to {MOST_TITLE} characters")));
    }
    let listed = file.languages.get_ref();
    if listed.is_empty() || listed.len() > MOST_LANGUAGES {
        return Err(wrong(file.languages.span(), format!("`languages` must have 1 to {MOST_LANGUAGES} languages")));
    }
    let mut languages = Vec::new();
    for language in listed {
        let id = language.get_ref();
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
            let what = format!("`languages` has `{id}`; a language is a-z, 0-9 and _, such as `python`");
            return Err(wrong(language.span(), what));
        }
        if languages.contains(id) {
            return Err(wrong(language.span(), format!("`languages` has `{id}` twice")));
        }
        languages.push(id.clone());
    }
    let checker = match &file.checker {
        None => Checker::Ready(json!("lines")),
        Some(value) => checker(value.get_ref(), line(value.span())).map_err(|what| wrong(value.span(), what))?,
    };
    let mut limits = Map::new();
    for (name, value) in &file.limits {
        let Some((_, least)) = LIMITS.iter().find(|(known, _)| known == name) else {
            let known: Vec<&str> = LIMITS.iter().map(|(name, _)| *name).collect();
            return Err(wrong(value.span(), format!("`limits.{name}` is no limit; there are {}", known.join(", "))));
        };
        if value.get_ref() < least {
            return Err(wrong(value.span(), format!("`limits.{name}` must be {least} or more")));
        }
        limits.insert(name.clone(), json!(value.get_ref()));
    }
    let mut points = BTreeMap::new();
    for (name, value) in &file.points {
        let number = *value.get_ref();
        let exact = Points::from_number(number).filter(|points| (points.number() - number).abs() < 1e-9);
        let Some(number) = exact else {
            let what = format!("`points.{name}` must be 0 to {MOST} with at most three decimals");
            return Err(wrong(value.span(), what));
        };
        points.insert(name.clone(), (number, line(value.span())));
    }
    let due = match &file.due {
        None => None,
        Some(value) => Some(OffsetDateTime::parse(&value.get_ref().to_string(), &Rfc3339).map_err(|_| {
            let what = "`due` must be a date and time with its offset, such as 2036-07-31T18:00:00+02:00";
            wrong(value.span(), what.to_owned())
        })?),
    };
    Ok(Settings { title, order: file.order, mode: file.mode, languages, checker, limits, points, due })
}

fn checker(value: &toml::Value, line: usize) -> Result<Checker, String> {
    let one_of = format!("one of {}, or a table with `type`", NAMES.join(", "));
    let table = match value {
        toml::Value::String(name) if NAMES.contains(&name.as_str()) => return Ok(Checker::Ready(json!(name))),
        toml::Value::String(name) => return Err(format!("`checker` is `{name}`; it must be {one_of}")),
        toml::Value::Table(table) => table,
        other => return Err(format!("`checker` must be {one_of}, not {}", other.type_str())),
    };
    let Some(toml::Value::String(kind)) = table.get("type") else {
        return Err("`checker.type` must say what kind of checker it is".to_owned());
    };
    let options: &[&str] = match kind.as_str() {
        "exact" | "lines" => &[],
        "tokens" | "regex" => &["ignore_case"],
        "float" => &["absolute", "relative"],
        "program" => &["language", "file"],
        other => return Err(format!("`checker.type` is `{other}`; it must be program or one of {}", NAMES.join(", "))),
    };
    if let Some(unknown) = table.keys().find(|key| *key != "type" && !options.contains(&key.as_str())) {
        let known = if options.is_empty() { "none".to_owned() } else { options.join(", ") };
        return Err(format!("`checker.{unknown}` is no option of `{kind}`; there are: {known}"));
    }
    if kind == "program" {
        let text = |key: &str| match table.get(key) {
            Some(toml::Value::String(text)) if !text.is_empty() => Ok(text.clone()),
            _ => Err(format!("`checker.{key}` is missing: a program has `language` and `file`")),
        };
        let file = text("file")?;
        if file.contains(['/', '\\']) || file.starts_with('.') {
            return Err(format!("`checker.file` is `{file}`; it must be a file in the exercise's folder"));
        }
        return Ok(Checker::Program { language: text("language")?, file, line });
    }
    let mut ready = Map::new();
    ready.insert("type".to_owned(), json!(kind));
    for (key, value) in table.iter().filter(|(key, _)| *key != "type") {
        let value = match (key.as_str(), value) {
            ("ignore_case", toml::Value::Boolean(value)) => json!(value),
            ("ignore_case", _) => return Err("`checker.ignore_case` must be true or false".to_owned()),
            (_, toml::Value::Float(value)) if value.is_finite() && *value >= 0.0 => json!(value),
            (_, toml::Value::Integer(value)) if *value >= 0 => json!(value),
            _ => return Err(format!("`checker.{key}` must be a number, 0 or more")),
        };
        ready.insert(key.clone(), value);
    }
    Ok(Checker::Ready(Value::Object(ready)))
}
