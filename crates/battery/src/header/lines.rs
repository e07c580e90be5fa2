//! The lines of a header by key, and the closed lists their values come from.

use std::collections::BTreeMap;

use super::Expected;

/// Every key there is.
const KEYS: [&str; 19] = [
    "what",
    "id",
    "control",
    "known",
    "mode",
    "limits",
    "input_bytes",
    "inputs",
    "copies",
    "set",
    "compile_options",
    "compile_cache",
    "expect",
    "error",
    "output",
    "length",
    "peak_kib",
    "wall_ms",
    "tasks",
];

/// What a test-only build of the server can leave out of the wall.
const HOLES: [&str; 30] = [
    "cpu_time",
    "wall_time",
    "memory",
    "processes",
    "output",
    "files",
    "open_files",
    "core",
    "rlimits",
    "seccomp",
    "landlock",
    "readonly",
    "uid",
    "capabilities",
    "no_new_privs",
    "pid_namespace",
    "network",
    "ipc",
    "uts",
    "cgroup_namespace",
    "proc",
    "devices",
    "host_files",
    "symlinks",
    "nosuid",
    "environment",
    "descriptors",
    "shared_scratch",
    "teardown",
    "dumpable",
];

/// The verdicts a submission can deserve; `internal_error` is never right.
const VERDICTS: [&str; 6] = ["ok", "compile_error", "runtime_error", "time_limit", "memory_limit", "output_limit"];

/// Why a header is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Neither we nor the reader would know what it asks for.
    #[error("`{0}` is no key of a header")]
    UnknownKey(String),
    /// Which of the two is meant?
    #[error("`{0}` stands there twice")]
    Twice(String),
    /// A header without it says nothing.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A value outside the closed list of its key.
    #[error("`{key}`: `{value}` is not known")]
    UnknownValue {
        /// The key.
        key: &'static str,
        /// What stands there.
        value: String,
    },
    /// Not a whole number.
    #[error("`{key}`: `{value}` is not a whole number")]
    NotANumber {
        /// The key.
        key: &'static str,
        /// What stands there.
        value: String,
    },
    /// A list that fits neither one input nor all.
    #[error("`{key}` has {elements} elements for {inputs} inputs")]
    WrongCount {
        /// The key.
        key: &'static str,
        /// How many elements it has.
        elements: usize,
        /// How many inputs there are.
        inputs: usize,
    },
}

/// The header by key.
pub struct Lines<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Lines<'a> {
    /// Of a program's text.
    pub fn of(text: &'a str) -> Result<Self, HeaderError> {
        let mut found = BTreeMap::new();
        for line in text.lines() {
            let Some(line) = line.strip_prefix("//: ").or_else(|| line.strip_prefix("#: ")) else { continue };
            let (key, value) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            if !KEYS.contains(&key) {
                return Err(HeaderError::UnknownKey(key.to_owned()));
            }
            if found.insert(key, value.trim()).is_some() {
                return Err(HeaderError::Twice(key.to_owned()));
            }
        }
        Ok(Self(found))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'a str> {
        self.0.get(key).copied()
    }

    /// The same as a number.
    pub fn number(&self, key: &'static str) -> Result<Option<u64>, HeaderError> {
        self.get(key).map(|value| number(key, value)).transpose()
    }

    /// One for each run.
    pub fn inputs(&self) -> Result<Vec<String>, HeaderError> {
        if let Some(inputs) = self.get("inputs") {
            return Ok(inputs.split(';').map(|input| input.trim().to_owned()).collect());
        }
        let bytes = self.number("input_bytes")?;
        Ok(vec![bytes.map_or("4".to_owned(), |bytes| "a".repeat(bytes as usize))])
    }

    /// The holes, sorted.
    pub fn control(&self) -> Result<Vec<String>, HeaderError> {
        let mut holes = words(self.get("control"), |c| c == '+');
        for hole in &holes {
            one_of("control", hole, HOLES)?;
        }
        holes.sort();
        Ok(holes)
    }

    /// What must come of so many inputs.
    pub fn expected(&self, inputs: usize) -> Result<Vec<Expected>, HeaderError> {
        let verdicts = self.each("expect", inputs)?.ok_or(HeaderError::Missing("expect"))?;
        let errors = self.each("error", inputs)?;
        let output = self.each("output", inputs)?;
        let numbers = |key| self.each(key, inputs);
        let (length, peak_kib, wall_ms) = (numbers("length")?, numbers("peak_kib")?, numbers("wall_ms")?);
        let at = |list: &Option<Vec<&str>>, index: usize| list.as_ref().map(|list| list[index].to_owned());
        let number_at = |key, list, index| match at(list, index) {
            Some(text) if !text.is_empty() => number(key, &text).map(Some),
            _ => Ok(None),
        };
        (0..inputs)
            .map(|index| {
                let verdicts = words(Some(verdicts[index]), |c| c == '|');
                for verdict in &verdicts {
                    one_of("expect", verdict, VERDICTS)?;
                }
                Ok(Expected {
                    verdicts,
                    errors: words(at(&errors, index).as_deref(), |c| c == '|'),
                    output: at(&output, index).map(|text| text.replace("\\n", "\n").trim().to_owned()),
                    length: number_at("length", &length, index)?,
                    peak_kib: number_at("peak_kib", &peak_kib, index)?,
                    wall_ms: number_at("wall_ms", &wall_ms, index)?,
                })
            })
            .collect()
    }

    /// The value for each input. With one input a `;` is only a letter.
    fn each(&self, key: &'static str, inputs: usize) -> Result<Option<Vec<&'a str>>, HeaderError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let elements: Vec<&str> = if inputs == 1 { vec![value] } else { value.split(';').map(str::trim).collect() };
        match elements.len() {
            1 => Ok(Some(vec![elements[0]; inputs])),
            count if count == inputs => Ok(Some(elements)),
            elements => Err(HeaderError::WrongCount { key, elements, inputs }),
        }
    }
}

/// The parts of a text, without white space and without empty ones.
pub fn words(text: Option<&str>, separates: impl Fn(char) -> bool) -> Vec<String> {
    let parts = text.unwrap_or_default().split(separates).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// A whole number.
pub fn number(key: &'static str, value: &str) -> Result<u64, HeaderError> {
    value.parse().map_err(|_| HeaderError::NotANumber { key, value: value.to_owned() })
}

/// The value, if it is one of a closed list.
pub fn one_of<const N: usize>(
    key: &'static str,
    value: &str,
    known: [&'static str; N],
) -> Result<&'static str, HeaderError> {
    let found = known.into_iter().find(|known| *known == value);
    found.ok_or_else(|| HeaderError::UnknownValue { key, value: value.to_owned() })
}
