//! The catalogue of faults: `docs/faults.md` has each of its numbers, and every test, file and part of the chaos that it names is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The numbers there are. C-42 and C-43 are about the Dagger Engine, as `docs/dagger.md` is.
const NUMBERS: std::ops::RangeInclusive<u32> = 1..=49;
const ELSEWHERE: std::ops::RangeInclusive<u32> = 42..=43;
/// From here on a row names functions, and not only files.
const NAMED: u32 = 30;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The numbers in the first cell of a row.
fn numbers(row: &str) -> Vec<u32> {
    let cell = row.trim_start_matches("| ").split(" |").next().unwrap_or_default();
    cell.split("C-").skip(1).map(|rest| rest[..2].parse().unwrap_or_else(|_| panic!("{row}"))).collect()
}

/// What stands between backticks.
fn quoted(row: &str) -> impl Iterator<Item = &str> {
    row.split('`').skip(1).step_by(2)
}

#[test]
fn the_page_has_every_number_and_what_it_names_exists() {
    let page = fs::read_to_string(repository().join("docs/faults.md")).expect("the page is there");
    let parts = fs::read_to_string(repository().join("tests/chaos/check")).expect("the chaos is there");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| ")).collect();
    let found: BTreeSet<u32> = rows.iter().flat_map(|row| numbers(row)).collect();
    let expected: BTreeSet<u32> = NUMBERS.filter(|number| !ELSEWHERE.contains(number)).collect();
    assert_eq!(found, expected);
    for row in rows {
        let mut functions = 0;
        for named in quoted(row) {
            // A file of tests or of the program, and maybe a function in it.
            let (file, function) = named.split_once("::").unwrap_or((named, ""));
            if !file.ends_with(".rs") || !file.contains('/') {
                continue;
            }
            let path = repository().join("crates").join(file);
            let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}, which {row} names: {error}"));
            assert!(function.is_empty() || source.contains(&format!("fn {function}(")), "{file} has no {function}");
            functions += usize::from(!function.is_empty());
        }
        let mut has_chaos = false;
        for rest in row.split("chaos `").skip(1) {
            let part = rest.split('`').next().unwrap_or_default();
            assert!(parts.contains(&format!("\"{part}\": lambda")), "there is no chaos `{part}`, which {row} names");
            has_chaos = true;
        }
        let is_new = numbers(row).iter().any(|number| (NAMED..49).contains(number));
        assert!(!is_new || functions > 0 || has_chaos, "nothing shows it: {row}");
    }
}
