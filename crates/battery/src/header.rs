//! The header of an attack program: what it does, how it is posted, and what must come of it.
//!
//! A header line is `//: key value`, or `#: key value` where `//` is no comment. Reading is strict: an unknown key,
//! hole, limit or verdict is an error, because a mistyped expectation would be one that always holds. Which file it
//! was is added by `cases`; whether the ids exist is for `catalogue` to say.
//!
//! | key | meaning |
//! |---|---|
//! | `what` | what the program does, for people |
//! | `id` | entries of the catalogue, separated by blanks |
//! | `control` | the holes that, opened together, make this case fail; separated by `+` |
//! | `mode` | `program` (default) or `function` |
//! | `limits` | `name=value` of the API's limits |
//! | `input_bytes` | size of the one input; else it is `4` |
//! | `inputs` | several inputs, separated by `;` |
//! | `copies` | this many submissions at the same time |
//! | `set` | `full` for what takes long |
//! | `compile_options` | words for the compiler's command line |
//! | `expect` | the verdicts that are right, separated by `\|` |
//! | `error` | parts of the error line, any of them, separated by `\|` |
//! | `output` | the whole output without white space around it; `\n` is a line end |
//! | `length` | bytes of the output |
//! | `peak_kib` | memory may not have been more |
//! | `wall_ms` | time on the clock may not have been more |
//! | `tasks` | at no time more tasks in the box |
//!
//! With several inputs the expectations are lists by `;`, one element for each input, or one for all of them.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;

use serde::Serialize;

/// Every key there is.
const KEYS: [&str; 17] = [
    "what",
    "id",
    "control",
    "mode",
    "limits",
    "input_bytes",
    "inputs",
    "copies",
    "set",
    "compile_options",
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

/// A header whose values all make sense.
#[derive(Debug, Clone)]
pub struct Header {
    /// One sentence for people.
    pub what: String,
    /// Entries of the catalogue that this program covers.
    pub ids: Vec<String>,
    /// The holes that make it fail together, sorted; none if no hole can.
    pub control: Vec<String>,
    /// `program` or `function`.
    pub mode: &'static str,
    /// What is asked for less than the maximum.
    pub limits: Limits,
    /// One run each.
    pub inputs: Vec<String>,
    /// Submissions of it at the same time.
    pub copies: usize,
    /// Takes long, and is left out unless asked for.
    pub full: bool,
    /// Words for the compiler.
    pub compile_options: Vec<String>,
    /// What must come of each input.
    pub expected: Vec<Expected>,
    /// The most tasks that may ever be in the box.
    pub tasks: Option<u64>,
}

/// The limits of the API, each lowered or left alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Limits {
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu_time_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wall_time_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory_kib: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    processes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_bytes: Option<u64>,
}

/// What must come of one input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// Any of these verdicts.
    pub verdicts: Vec<String>,
    /// The error line has any of these parts; no condition if there are none.
    pub errors: Vec<String>,
    /// The whole output, without white space around it.
    pub output: Option<String>,
    /// Bytes of the output.
    pub length: Option<u64>,
    /// The most memory, in KiB.
    pub peak_kib: Option<u64>,
    /// The most time on the clock, in milliseconds.
    pub wall_ms: Option<u64>,
}

impl Limits {
    /// Time on the clock that one run may take.
    pub fn wall_time(&self) -> Duration {
        Duration::from_millis(self.wall_time_ms.unwrap_or(20_000))
    }

    /// CPU time that one run may take.
    pub fn cpu_time(&self) -> Duration {
        Duration::from_millis(self.cpu_time_ms.unwrap_or(10_000))
    }

    fn parse(text: &str) -> Result<Self, HeaderError> {
        let mut limits = Self::default();
        for part in text.split_whitespace() {
            let unknown = || HeaderError::UnknownValue { key: "limits", value: part.to_owned() };
            let (name, value) = part.split_once('=').ok_or_else(unknown)?;
            let field = match name {
                "cpu_time_ms" => &mut limits.cpu_time_ms,
                "wall_time_ms" => &mut limits.wall_time_ms,
                "memory_kib" => &mut limits.memory_kib,
                "processes" => &mut limits.processes,
                "output_bytes" => &mut limits.output_bytes,
                "file_bytes" => &mut limits.file_bytes,
                _ => return Err(unknown()),
            };
            *field = Some(number("limits", value)?);
        }
        Ok(limits)
    }
}

impl FromStr for Header {
    type Err = HeaderError;

    /// Reads the header lines of a program's text.
    fn from_str(text: &str) -> Result<Self, HeaderError> {
        let lines = Lines::of(text)?;
        let inputs = lines.inputs()?;
        Ok(Self {
            what: lines.get("what").ok_or(HeaderError::Missing("what"))?.to_owned(),
            ids: words(lines.get("id"), char::is_whitespace),
            control: lines.control()?,
            mode: one_of("mode", lines.get("mode").unwrap_or("program"), ["program", "function"])?,
            limits: Limits::parse(lines.get("limits").unwrap_or_default())?,
            copies: lines.number("copies")?.map_or(1, |copies| copies.max(1) as usize),
            full: lines.get("set").map(|set| one_of("set", set, ["full"])).transpose()?.is_some(),
            compile_options: words(lines.get("compile_options"), char::is_whitespace),
            expected: lines.expected(inputs.len())?,
            tasks: lines.number("tasks")?,
            inputs,
        })
    }
}

/// The header by key.
struct Lines<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Result<Self, HeaderError> {
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

    fn get(&self, key: &str) -> Option<&'a str> {
        self.0.get(key).copied()
    }

    fn number(&self, key: &'static str) -> Result<Option<u64>, HeaderError> {
        self.get(key).map(|value| number(key, value)).transpose()
    }

    fn inputs(&self) -> Result<Vec<String>, HeaderError> {
        if let Some(inputs) = self.get("inputs") {
            return Ok(inputs.split(';').map(|input| input.trim().to_owned()).collect());
        }
        let bytes = self.number("input_bytes")?;
        Ok(vec![bytes.map_or("4".to_owned(), |bytes| "a".repeat(bytes as usize))])
    }

    fn control(&self) -> Result<Vec<String>, HeaderError> {
        let mut holes = words(self.get("control"), |c| c == '+');
        for hole in &holes {
            one_of("control", hole, HOLES)?;
        }
        holes.sort();
        Ok(holes)
    }

    fn expected(&self, inputs: usize) -> Result<Vec<Expected>, HeaderError> {
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

fn words(text: Option<&str>, separates: impl Fn(char) -> bool) -> Vec<String> {
    let parts = text.unwrap_or_default().split(separates).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn number(key: &'static str, value: &str) -> Result<u64, HeaderError> {
    value.parse().map_err(|_| HeaderError::NotANumber { key, value: value.to_owned() })
}

fn one_of<const N: usize>(
    key: &'static str,
    value: &str,
    known: [&'static str; N],
) -> Result<&'static str, HeaderError> {
    let found = known.into_iter().find(|known| *known == value);
    found.ok_or_else(|| HeaderError::UnknownValue { key, value: value.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Header, HeaderError> {
        text.parse()
    }

    #[test]
    fn a_header_in_either_kind_of_comment_is_read() {
        let text = "#: what     spins\n#: id A-001 A-002\n#: control seccomp+landlock\n#: limits cpu_time_ms=300\n\
            #: expect time_limit|runtime_error\nprint(1)\n";
        for text in [text.to_owned(), text.replace("#: ", "//: ")] {
            let header = parse(&text).expect("is right");
            assert_eq!(header.ids, ["A-001", "A-002"]);
            assert_eq!(header.control, ["landlock", "seccomp"]);
            assert_eq!(header.limits.cpu_time(), Duration::from_millis(300));
            assert_eq!(header.inputs, ["4"]);
            assert_eq!(header.expected[0].verdicts, ["time_limit", "runtime_error"]);
        }
    }

    #[test]
    fn expectations_are_per_input_or_for_all() {
        let header =
            parse("#: what w\n#: inputs 1;2; 3\n#: expect ok; runtime_error;ok\n#: output a;;a\\nb\n#: wall_ms 9")
                .expect("is right");
        assert_eq!(header.inputs, ["1", "2", "3"]);
        assert_eq!(header.expected[1].verdicts, ["runtime_error"]);
        assert_eq!(header.expected[1].output.as_deref(), Some(""));
        assert_eq!(header.expected[2].output.as_deref(), Some("a\nb"));
        assert_eq!(header.expected[2].wall_ms, Some(9));
        let single = parse("#: what w\n#: expect ok\n#: output a;b").expect("is right");
        assert_eq!(single.expected[0].output.as_deref(), Some("a;b"));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        let base = "#: what w\n#: expect ok\n";
        let refused = |line: &str| parse(&format!("{base}{line}")).expect_err("is refused").to_string();
        assert_eq!(refused("#: expects ok"), "`expects` is no key of a header");
        assert_eq!(refused("#: what again"), "`what` stands there twice");
        assert_eq!(refused("#: control secomp"), "`control`: `secomp` is not known");
        assert_eq!(refused("#: limits cpu=3"), "`limits`: `cpu=3` is not known");
        assert_eq!(refused("#: copies many"), "`copies`: `many` is not a whole number");
        assert_eq!(refused("#: inputs a;b\n#: output a;b;c"), "`output` has 3 elements for 2 inputs");
        assert_eq!(parse("#: what w").expect_err("is refused"), HeaderError::Missing("expect"));
        assert!(parse("#: what w\n#: expect internal_error").is_err());
    }
}
