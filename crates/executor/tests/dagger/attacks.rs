//! Programs of `attacks/`, in containers with the runner alone: each with the verdict that its own header demands.
//!
//! `attacks.txt` lists them. What needs a box to hold, or a server to be seen, is not among them; `docs/dagger.md` says what that
//! is. The header's own language is `crates/battery`'s; here is as much of it as the listed files use, and a file that says more
//! is an error.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::time::Duration;

use executor::Cancel;
use libtest_mimic::Trial;
use model::{Limits, LimitsRequest, Mode, Submission};
use tokio::runtime::Runtime;

use crate::bench::{repository, submission};
use crate::contract::Subject;
use crate::trial;

const LIST: &str = include_str!("attacks.txt");

/// One trial for each file and subject.
pub fn trials(runtime: &Arc<Runtime>, subjects: &[Subject]) -> Vec<Trial> {
    let files = LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let of_file = |file: &'static str| {
        subjects.iter().map(move |subject| {
            let (runtime, subject) = (Arc::clone(runtime), subject.clone());
            trial(format!("attack::{}::{file}", subject.name), move || check(&runtime, &subject, file))
        })
    };
    files.flat_map(of_file).collect()
}

fn check(runtime: &Runtime, subject: &Subject, file: &str) {
    let code = fs::read_to_string(repository().join("attacks").join(file)).expect("is there");
    let header = header(&code);
    let get = |key: &str| header.get(key).map(String::as_str);
    let inputs: Vec<String> = match (get("inputs"), get("input_bytes")) {
        (Some(inputs), _) => inputs.split(';').map(|input| input.trim().to_owned()).collect(),
        (None, Some(bytes)) => vec!["x".repeat(bytes.parse().expect("a number"))],
        (None, None) => vec!["4".to_owned()],
    };
    let mode = if get("mode") == Some("function") { Mode::Function } else { Mode::Program };
    let language = file.split('/').next().expect("is in a folder");
    let submission = Submission {
        inputs: inputs.clone(),
        limits: limits(get("limits").unwrap_or_default()),
        compile_options: get("compile_options").unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        ..submission(language, mode, &code, &[])
    };
    let report =
        runtime.block_on(subject.executor.execute(&submission, &Cancel::default())).expect("is no failure of ours");
    let each = |key: &str| per_input(get(key), inputs.len());
    let (verdicts, errors, outputs) = (each("expect"), each("error"), each("output"));
    for (index, input) in report.inputs.iter().enumerate() {
        let shown = || format!("{file}: {input:#?}\n{:?}", report.compile);
        let verdict = input.verdict.name();
        let expected = verdicts[index].as_deref().expect("every file says what is to come of it");
        assert!(expected.split('|').any(|word| word.trim() == verdict), "expected is {expected}\n{}", shown());
        if let Some(parts) = &errors[index] {
            let error = input.error.as_deref().unwrap_or_default();
            assert!(parts.split('|').any(|part| error.contains(part.trim())), "expected is {parts}\n{}", shown());
        }
        if let Some(output) = &outputs[index] {
            assert_eq!(input.output.trim(), output.replace("\\n", "\n"), "{}", shown());
        }
    }
}

/// A list by `;`, or one value for all.
fn per_input(value: Option<&str>, inputs: usize) -> Vec<Option<String>> {
    let Some(value) = value else { return vec![None; inputs] };
    if inputs == 1 {
        return vec![Some(value.to_owned())];
    }
    let parts: Vec<_> = value.split(';').map(|part| Some(part.trim().to_owned())).collect();
    if parts.len() == 1 { vec![parts[0].clone(); inputs] } else { parts }
}

fn header(code: &str) -> BTreeMap<String, String> {
    /// Those that say what is expected of a box, or how the battery posts.
    const LEFT_OUT: [&str; 9] =
        ["what", "id", "control", "copies", "set", "known", "compile_cache", "tasks", "peak_kib"];
    const USED: [&str; 8] = ["mode", "limits", "inputs", "input_bytes", "expect", "error", "output", "compile_options"];
    /// The time of a run is not only its own here.
    const MEASURED: [&str; 2] = ["wall_ms", "length"];
    let lines = code.lines().filter_map(|line| line.strip_prefix("//: ").or_else(|| line.strip_prefix("#: ")));
    let pairs = lines.map(|line| line.split_once(char::is_whitespace).unwrap_or((line, "")));
    let pairs: BTreeMap<_, _> = pairs.map(|(key, value)| (key.to_owned(), value.trim().to_owned())).collect();
    for key in pairs.keys() {
        assert!(
            USED.contains(&&**key) || LEFT_OUT.contains(&&**key) || MEASURED.contains(&&**key),
            "`{key}` is not known"
        );
    }
    pairs
}

fn limits(text: &str) -> Limits {
    let mut asked = LimitsRequest::default();
    for (name, value) in text.split_whitespace().filter_map(|word| word.split_once('=')) {
        let value = Some(value.parse().expect("a number"));
        match name {
            "cpu_time_ms" => asked.cpu_time_ms = value,
            "wall_time_ms" => asked.wall_time_ms = value,
            "memory_kib" => asked.memory_kib = value,
            "processes" => asked.processes = value,
            "output_bytes" => asked.output_bytes = value,
            "file_bytes" => asked.file_bytes = value,
            other => panic!("there is no limit `{other}`"),
        }
    }
    // On a host that is busy with other tests a program waits for its turn.
    let ceiling = Limits { wall_time: Duration::from_secs(40), ..Limits::default() };
    ceiling.lowered(&asked).expect("is within the maximum")
}
