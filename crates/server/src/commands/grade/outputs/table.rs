//! The table for people.

use comfy_table::{ContentArrangement, Table, presets};
use model::text::one_line;

use super::super::found::Inside;
use super::super::graded::Graded;
use super::super::points;
use super::super::sheet::{Row, Sheet, State, Totals};
use crate::commands::run::printable;

/// Characters of the reason in a row.
const MOST_REASON: usize = 160;
/// Names that are listed of what was passed over.
const MOST_NAMES: usize = 5;

/// The table, with the totals below it. It is as wide as the terminal, or `width` characters where there is none.
pub fn table(sheet: &Sheet<'_>, width: u16) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    if !table.is_tty() {
        table.set_width(width);
    }
    table.set_header(["student", "language", "verdict", "points", "tests", "first failure", "time ms"]);
    for row in sheet.rows {
        table.add_row(cells(row));
    }
    format!("{table}\n{}\n", totals(&sheet.totals()))
}

fn cells(row: &Row) -> [String; 7] {
    let Row { student, path: _, language, state, is_from_cache } = row;
    let (verdict, points, tests, failure, time) = match state {
        State::Refused(reason) => ("refused".to_owned(), String::new(), String::new(), shown(reason), String::new()),
        State::NotGraded(reason) => {
            ("not graded".to_owned(), String::new(), String::new(), shown(reason), String::new())
        }
        State::Graded(graded) => {
            let Graded { verdict, points, of, tests, time_ms, .. } = graded;
            let failure = graded.first_failure().map(|test| {
                let name = if test.hidden { format!("{} (hidden)", test.name) } else { test.name.clone() };
                shown(&format!("{name}: {}", test.reason()))
            });
            let time = if *is_from_cache { "known".to_owned() } else { format!("{time_ms:.0}") };
            (
                verdict.clone(),
                format!("{}/{}", points::shown(*points), points::shown(*of)),
                format!("{}/{}", graded.passed_tests(), tests.len()),
                failure.unwrap_or_default(),
                time,
            )
        }
    };
    [shown(student), language.clone().unwrap_or_default(), verdict, points, tests, failure, time]
}

fn shown(text: &str) -> String {
    let line = one_line(text);
    match line.char_indices().nth(MOST_REASON) {
        Some((end, _)) => printable(&line[..end]) + "…",
        None => printable(&line),
    }
}

fn totals(totals: &Totals) -> String {
    let Totals { submissions, graded, passed, from_cache, refused, not_graded, average_percent, verdicts: _ } = totals;
    let mut parts = vec![format!("{submissions} submissions: {graded} graded, {passed} of them passed everything")];
    if *from_cache > 0 {
        parts.push(format!("{from_cache} known from before"));
    }
    for (count, what) in [(refused, "refused"), (not_graded, "not graded")] {
        if *count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if let Some(percent) = average_percent {
        parts.push(format!("{percent:.1} % of the points on average"));
    }
    parts.join(", ")
}

/// One line about what is nobody's submission; none if there is nothing.
pub fn passed_over(files: &[(Inside, &'static str)]) -> Option<String> {
    let names: Vec<String> =
        files.iter().take(MOST_NAMES).map(|(path, why)| format!("{} ({why})", printable(&path.to_string()))).collect();
    let more = files.len().saturating_sub(MOST_NAMES);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!names.is_empty()).then(|| format!("passed over: {}{rest}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_passed_over_is_said_in_one_line() {
        let file = |name: &str| (Inside(vec![name.to_owned()]), "hidden");
        assert_eq!(passed_over(&[]), None);
        assert_eq!(
            passed_over(&[file(".a"), file(".b\u{1b}")]).unwrap(),
            "passed over: .a (hidden), .b\\u{1b} (hidden)"
        );
        let many: Vec<_> = (0..7).map(|_| file(".x")).collect();
        assert!(passed_over(&many).unwrap().ends_with(" and 2 more"));
    }
}
