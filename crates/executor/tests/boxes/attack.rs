//! One program under `attacks/` and what must come of it, as its own header says.
//!
//! The folder is the language's id. A header line is `#: key value`, or `//: key value` where `#` is no comment:
//!
//! | key | meaning |
//! |---|---|
//! | `what` | what the program does, for people |
//! | `mode` | `program` (default) or `function` |
//! | `limits` | `name=value` of the API's limits |
//! | `input_bytes` | size of the input; else it is `4` |
//! | `expect` | the verdicts that are right, separated by `\|` |
//! | `error` | parts of the error line, any of them, separated by `\|` |
//! | `output` | the whole output without white space around it; `\n` is a line end |
//! | `length` | bytes of the output |
//! | `peak_kib` | memory may not have been more |
//! | `wall_ms` | time on the clock may not have been more |

use std::fs;
use std::path::Path;

use model::{InputReport, Limits, LimitsRequest, Mode, Report, Submission};

use crate::bench::Bench;
use crate::submission;

/// A program and its expectations.
pub struct Attack {
    /// The folder's and file's name.
    pub name: String,
    /// The id of its language.
    pub language: String,
    code: String,
    header: Vec<(String, String)>,
}

/// Every program of every language's folder.
pub fn load(folder: &Path) -> Vec<Attack> {
    let mut attacks = Vec::new();
    for language in folders(folder) {
        for file in folders(&language) {
            let code = fs::read_to_string(&file).expect("is text");
            let lines = code.lines().filter_map(|line| line.strip_prefix("#: ").or_else(|| line.strip_prefix("//: ")));
            let header = lines.filter_map(|line| line.split_once(char::is_whitespace));
            let header: Vec<_> = header.map(|(key, value)| (key.to_owned(), value.trim().to_owned())).collect();
            let name = file.strip_prefix(folder).unwrap_or(&file).display().to_string();
            let language = language.file_name().unwrap_or_default().to_string_lossy().into_owned();
            attacks.push(Attack { name, language, code, header });
        }
    }
    assert!(!attacks.is_empty(), "{} holds no attacks", folder.display());
    attacks
}

fn folders(folder: &Path) -> Vec<std::path::PathBuf> {
    let read = fs::read_dir(folder).expect("can be read").filter_map(Result::ok);
    let mut paths: Vec<_> = read.map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_none_or(|extension| extension != "json" && extension != "md"));
    paths.sort();
    paths
}

impl Attack {
    /// Runs it and compares.
    pub fn check(&self, bench: &Bench) -> Result<(), String> {
        let mode = if self.value("mode") == Some("function") { Mode::Function } else { Mode::Program };
        let bytes = self.value("input_bytes").map(|value| value.parse::<usize>().expect("is a number"));
        let input = bytes.map_or("4".to_owned(), |bytes| "a".repeat(bytes));
        let submission = submission(mode, &self.code, &[&input]);
        let submission = Submission { language: self.language.clone(), limits: self.limits(), ..submission };
        let report = bench.run_and_look_around(&submission)?;
        self.compare(&report)
    }

    fn value(&self, key: &str) -> Option<&str> {
        self.header.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    fn limits(&self) -> Limits {
        let mut request = LimitsRequest::default();
        for part in self.value("limits").unwrap_or_default().split_whitespace() {
            let (name, value) = part.split_once('=').expect("is name=value");
            let value = Some(value.parse().expect("is a number"));
            match name {
                "cpu_time_ms" => request.cpu_time_ms = value,
                "wall_time_ms" => request.wall_time_ms = value,
                "memory_kib" => request.memory_kib = value,
                "processes" => request.processes = value,
                "output_bytes" => request.output_bytes = value,
                "file_bytes" => request.file_bytes = value,
                other => panic!("{}: there is no limit {other}", self.name),
            }
        }
        Limits::default().lowered(&request).expect("is within the maximum")
    }

    fn compare(&self, report: &Report) -> Result<(), String> {
        let [run] = report.inputs.as_slice() else { return Err(format!("not one entry: {report:?}")) };
        let InputReport { output, error, verdict, memory_kib, wall_time, .. } = run;
        let shown: String = format!("{run:?}").chars().take(2000).collect();
        let check = |key: &str, holds: &dyn Fn(&str) -> bool| match self.value(key) {
            Some(value) if !holds(value) => Err(format!("{key} {value}: but {shown}")),
            _ => Ok(()),
        };
        let number = |value: &str| value.parse::<u64>().expect("is a number");
        if self.value("expect").is_none() {
            return Err("the header has no `expect`".to_owned());
        }
        check("expect", &|value| value.split('|').any(|name| name == verdict.name()))?;
        check("error", &|value| value.split('|').any(|part| error.as_deref().unwrap_or_default().contains(part)))?;
        check("output", &|value| output.trim() == value.replace("\\n", "\n"))?;
        check("length", &|value| output.len() as u64 == number(value))?;
        check("peak_kib", &|value| *memory_kib <= number(value))?;
        check("wall_ms", &|value| wall_time.as_millis() <= number(value).into())
    }
}
