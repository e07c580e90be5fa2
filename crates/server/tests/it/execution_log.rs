//! The execution log under the hands of an operator: files that are renamed while lines come (C-20).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use model::{Phases, Report};
use serde_json::Value;
use server::execution_log::{ExecutionLog, Line};

use crate::support::submission;

/// More than a second's worth of a busy server.
const LINES: usize = 2000;

/// How often the file is renamed meanwhile.
const RENAMED_EVERY: usize = 100;

/// The one file that has a day for its name; the others were renamed.
fn todays(folder: &Path) -> Option<std::path::PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "log"))
}

/// The ids in all files; every line must be a whole one.
fn ids(folder: &Path) -> Vec<String> {
    let texts = fs::read_dir(folder).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let lines = texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>());
    let whole = |line: String| serde_json::from_str::<Value>(&line).unwrap_or_else(|_| panic!("is cut: {line}"));
    lines.map(|line| whole(line)["exec_id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn no_line_is_lost_or_cut_while_files_are_renamed() {
    let folder = tempfile::tempdir().unwrap();
    let (log, guard) = ExecutionLog::open(folder.path()).unwrap();
    let report = Report::new(Vec::new(), Phases::default());
    let mut expected = BTreeSet::new();
    for number in 0..LINES {
        let submission = submission(&["4"]);
        log.write(&Line::new(&submission, &report));
        expected.insert(submission.id.to_string());
        if number % RENAMED_EVERY == 0
            && let Some(path) = todays(folder.path())
        {
            fs::rename(path, folder.path().join(format!("{number}.old"))).unwrap();
        }
    }
    drop(guard);
    assert_eq!(log.lines_lost(), 0);
    let found = ids(folder.path());
    assert_eq!(found.len(), LINES);
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
    assert!(fs::read_dir(folder.path()).unwrap().count() > 2, "nothing was renamed");

    // What comes after the end is lost, and counted.
    log.write(&Line::new(&submission(&["4"]), &report));
    assert_eq!(log.lines_lost(), 1);
}
