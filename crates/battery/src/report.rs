//! The JSON file that all commands write to: a section for each, the sections of the others stay as they are.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::cases::Case;
use crate::checks::Outcome;
use crate::finding::Finding;

/// One execution of one case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    /// `language/file`.
    pub file: String,
    /// What it does.
    pub what: String,
    /// The language's id.
    pub language: String,
    /// Entries of the catalogue it covers.
    pub ids: Vec<String>,
    /// The holes that make it fail.
    pub control: Vec<String>,
    /// How the server was started.
    pub path: String,
    /// `alone` or `loaded`.
    pub pass: String,
    /// Was all as it should be?
    pub passed: bool,
    /// Of each input of each copy.
    pub verdicts: Vec<String>,
    /// Time on the clock of each, in milliseconds.
    pub wall_ms: Vec<f64>,
    /// From the request to the answer, in milliseconds.
    pub elapsed_ms: f64,
    /// What was not.
    pub findings: Vec<Finding>,
    /// What came through and is documented to do so.
    pub known: Vec<Finding>,
}

impl Entry {
    /// That of an outcome.
    pub fn new(case: &Case, path: &str, pass: &str, outcome: Outcome) -> Self {
        let Outcome { verdicts, wall_ms, elapsed, findings, known } = outcome;
        Self {
            file: case.name.clone(),
            what: case.header.what.clone(),
            language: case.language.clone(),
            ids: case.header.ids.clone(),
            control: case.header.control.clone(),
            path: path.to_owned(),
            pass: pass.to_owned(),
            passed: findings.is_empty(),
            verdicts,
            wall_ms,
            elapsed_ms: elapsed.as_secs_f64() * 1000.0,
            findings,
            known,
        }
    }
}

/// A section of the report, if the file has it.
pub fn section(file: &Path, name: &str) -> Option<Value> {
    let text = fs::read_to_string(file).ok()?;
    let whole: Map<String, Value> = serde_json::from_str(&text).ok()?;
    whole.get(name).cloned()
}

/// Writes a section; the others stay.
pub fn write(file: &Path, name: &str, section: &impl Serialize) -> Result<(), String> {
    let failed = |error: String| format!("{}: {error}", file.display());
    let text = fs::read_to_string(file).unwrap_or_default();
    let mut whole: Map<String, Value> = serde_json::from_str(&text).unwrap_or_default();
    let value = serde_json::to_value(section).map_err(|error| failed(error.to_string()))?;
    whole.insert(name.to_owned(), value);
    let text = serde_json::to_string_pretty(&whole).map_err(|error| failed(error.to_string()))?;
    fs::write(file, text + "\n").map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_the_others_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("report.json");
        write(&file, "run", &1).expect("is written");
        write(&file, "controls", &2).expect("is written");
        write(&file, "run", &3).expect("is written");
        assert_eq!((section(&file, "run"), section(&file, "controls")), (Some(3.into()), Some(2.into())));
        assert_eq!(section(&file, "soak"), None);
    }
}
