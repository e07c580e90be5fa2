//! The tables people read. What is counted is an attack of the catalogue in one language on one start path: tried if
//! any program for it ran, contained if all of them, in all passes, ended as they should.

use std::collections::{BTreeMap, BTreeSet};

use comfy_table::Table;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use serde::Serialize;

use crate::catalogue::{BENIGN, Catalogue};
use crate::compare::short;
use crate::report::Entry;
use crate::run::Whole;

/// The row of programs whose id the catalogue does not have.
const NO_GROUP: &str = "without id";

/// What became of one attack in one language on one path.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Tried {
    failed: bool,
    known: bool,
    controlled: bool,
}

/// One line of the table.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Attacks for which a program ran.
    pub tried: usize,
    /// Those where everything held.
    pub contained: usize,
    /// Those where it did not.
    pub failed: usize,
    /// Those where something came through that is documented to do so.
    pub documented: usize,
    /// Those with a program that is known to fail when a hole is opened.
    pub controlled: usize,
}

/// A line of the table, for the report.
#[derive(Debug, Serialize)]
pub struct Row {
    group: String,
    tried: usize,
    contained: usize,
    failed: usize,
    documented: usize,
    with_control: usize,
}

impl From<(String, Counts)> for Row {
    fn from((group, counts): (String, Counts)) -> Self {
        let Counts { tried, contained, failed, documented, controlled } = counts;
        Self { group, tried, contained, failed, documented, with_control: controlled }
    }
}

/// An empty table with these columns.
pub fn table(columns: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_header(columns.iter().copied());
    table
}

/// By group, in the order of the catalogue. A control in `silent` did not fire and so shows nothing.
pub fn by_group(catalogue: &Catalogue, entries: &[Entry], silent: &BTreeSet<String>) -> Vec<(String, Counts)> {
    let mut tried: BTreeMap<(&str, &str, &str, &str), Tried> = BTreeMap::new();
    for entry in entries {
        let ids: Vec<&str> =
            if entry.ids.is_empty() { vec![&entry.file] } else { entry.ids.iter().map(String::as_str).collect() };
        for id in ids {
            let group = catalogue.group_of(id).unwrap_or(NO_GROUP);
            let one = tried.entry((group, id, &entry.language, &entry.path)).or_default();
            one.failed |= !entry.passed;
            one.known |= !entry.known.is_empty();
            one.controlled |= !entry.control.is_empty() && !silent.contains(&entry.file);
        }
    }
    let groups = catalogue.groups.iter().map(|group| group.id.as_str()).chain([NO_GROUP]);
    let counts = groups.map(|group| {
        let mut counts = Counts::default();
        for one in tried.iter().filter(|((of, ..), _)| *of == group).map(|(_, one)| one) {
            counts.add(one);
        }
        (group.to_owned(), counts)
    });
    counts.filter(|(_, counts)| counts.tried > 0).collect()
}

/// The table of a run, and what failed.
pub fn print_run(catalogue: &Catalogue, groups: &[(String, Counts)], entries: &[Entry], whole: &[Whole]) {
    let title =
        |id: &str| catalogue.groups.iter().find(|group| group.id == id).map_or("", |group| group.title.as_str());
    let mut table = table(&["group", "what", "tried", "contained", "failed", "documented leak", "with control"]);
    let mut total = Counts::default();
    for (id, counts) in groups.iter().filter(|(id, _)| id != BENIGN) {
        table.add_row(counts.row(id, title(id)));
        total = total.plus(*counts);
    }
    table.add_row(total.row("all", "attack x language x path"));
    println!("{table}");
    if let Some((_, benign)) = groups.iter().find(|(id, _)| id == BENIGN) {
        println!("benign twins: {} passed, {} failed", benign.contained, benign.failed);
    }
    let files: BTreeSet<&str> = entries.iter().map(|entry| entry.file.as_str()).collect();
    let failed = entries.iter().filter(|entry| !entry.passed).count();
    println!("{} programs, {} executions, {failed} of them failed", files.len(), entries.len());
    whole.iter().for_each(print_whole);
    print_failures(entries);
}

fn print_whole(whole: &Whole) {
    let Whole { path, size: [before, after], tool_files, page_cache_was_dropped, findings, .. } = whole;
    let dropped = if *page_cache_was_dropped { "from the disk" } else { "from the page cache alone" };
    println!(
        "path {path}: server {} -> {} KiB, launcher {} -> {} KiB, data {} -> {} bytes; \
            {tool_files} tool-chain files compared, {dropped}",
        before.server_kib,
        after.server_kib,
        before.launcher_kib,
        after.launcher_kib,
        before.data_bytes,
        after.data_bytes
    );
    for finding in findings {
        println!("    {}: {}", finding.check, short(&finding.detail));
    }
}

fn print_failures(entries: &[Entry]) {
    for entry in entries.iter().filter(|entry| !entry.passed) {
        println!("\n{} [{}, {}] {}", entry.file, entry.path, entry.pass, entry.ids.join(" "));
        for finding in &entry.findings {
            println!("    {}: {}", finding.check, short(&finding.detail));
        }
    }
}

impl Counts {
    fn add(&mut self, one: &Tried) {
        self.tried += 1;
        self.contained += usize::from(!one.failed && !one.known);
        self.documented += usize::from(!one.failed && one.known);
        self.failed += usize::from(one.failed);
        self.controlled += usize::from(one.controlled);
    }

    fn plus(self, other: Self) -> Self {
        Self {
            tried: self.tried + other.tried,
            contained: self.contained + other.contained,
            failed: self.failed + other.failed,
            documented: self.documented + other.documented,
            controlled: self.controlled + other.controlled,
        }
    }

    fn row(&self, id: &str, title: &str) -> [String; 7] {
        let Self { tried, contained, failed, documented, controlled } = self;
        [
            id.to_owned(),
            title.to_owned(),
            tried.to_string(),
            contained.to_string(),
            failed.to_string(),
            documented.to_string(),
            controlled.to_string(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(file: &str, ids: &[&str], pass: &str, passed: bool, control: &[&str]) -> Entry {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        Entry {
            file: file.to_owned(),
            what: String::new(),
            language: file.split('/').next().unwrap_or_default().to_owned(),
            ids: words(ids),
            control: words(control),
            path: "root".to_owned(),
            pass: pass.to_owned(),
            passed,
            verdicts: Vec::new(),
            wall_ms: Vec::new(),
            elapsed_ms: 0.0,
            findings: Vec::new(),
            known: Vec::new(),
        }
    }

    #[test]
    fn an_attack_is_contained_in_a_language_if_all_its_programs_are_in_all_passes() {
        let catalogue: Catalogue = toml::from_str(
            "[[group]]\nid = \"A1\"\ntitle = \"t\"\n\
            [[attack]]\nid = \"A-001\"\ngroup = \"A1\"\nwhat = \"w\"\nlanguages = []\n",
        )
        .expect("is right");
        let entries = [
            entry("c/a", &["A-001"], "alone", true, &["seccomp"]),
            entry("c/a", &["A-001"], "loaded", false, &["seccomp"]),
            entry("python/a", &["A-001"], "alone", true, &["seccomp"]),
            entry("python/b", &[], "alone", true, &[]),
        ];
        let silent = BTreeSet::from(["python/a".to_owned()]);
        let a1 = Counts { tried: 2, contained: 1, failed: 1, documented: 0, controlled: 1 };
        let none = Counts { tried: 1, contained: 1, failed: 0, documented: 0, controlled: 0 };
        assert_eq!(by_group(&catalogue, &entries, &silent), [("A1".to_owned(), a1), (NO_GROUP.to_owned(), none)]);
    }
}
