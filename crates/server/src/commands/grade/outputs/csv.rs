//! CSV (RFC 4180), for spreadsheets: a line for each submission, and a column for each test.

use super::super::graded::Graded;
use super::super::points::shown;
use super::super::sheet::{Row, Sheet};

const HEADER: [&str; 13] = [
    "student",
    "file",
    "language",
    "status",
    "verdict",
    "points",
    "of",
    "percent",
    "tests_passed",
    "tests",
    "first_failure",
    "reason",
    "time_ms",
];

/// The sheet. Each test has a column with its points, which is empty where there is no grade.
pub fn csv(sheet: &Sheet<'_>) -> String {
    let tests = sheet.exercise.tests.iter().map(|test| text(&format!("points: {}", test.name)));
    let mut csv = line(HEADER.iter().map(|name| (*name).to_owned()).chain(tests));
    for row in sheet.rows {
        csv.push_str(&line(cells(row, sheet.exercise.tests.len()).into_iter()));
    }
    csv
}

fn cells(row: &Row, tests: usize) -> Vec<String> {
    let Row { student, path, language, state, is_from_cache: _ } = row;
    let mut cells =
        vec![text(student), text(path), text(language.as_deref().unwrap_or_default()), state.name().to_owned()];
    let Some(graded) = state.graded() else {
        cells.extend(std::iter::repeat_n(String::new(), 7));
        cells.push(text(state.reason().unwrap_or_default()));
        cells.extend(std::iter::repeat_n(String::new(), 1 + tests));
        return cells;
    };
    let Graded { verdict, points, of, tests, time_ms, compile_output: _ } = graded;
    let failure = graded.first_failure();
    cells.extend([
        text(verdict),
        shown(*points),
        shown(*of),
        format!("{:.2}", graded.percent()),
        graded.passed_tests().to_string(),
        tests.len().to_string(),
        text(&failure.map(|test| test.name.clone()).unwrap_or_default()),
        text(&failure.map(|test| test.reason()).unwrap_or_default()),
        format!("{time_ms:.1}"),
    ]);
    cells.extend(tests.iter().map(|test| shown(test.points)));
    cells
}

/// A text of somebody else's. What a spreadsheet would take for a formula has an apostrophe in front.
fn text(text: &str) -> String {
    let is_formula =
        text.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let guarded = if is_formula { format!("'{text}") } else { text.to_owned() };
    guarded.replace('\0', "\u{fffd}")
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let quoted = |cell: String| {
        if cell.contains(['"', ',', '\r', '\n', ';', '\t']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell
        }
    };
    let mut line = cells.map(quoted).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_texts_and_texts_stay_cells() {
        for (given, cell) in [
            ("Ada", "Ada"),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            (" =1", "' =1"),
            ("a=1", "a=1"),
            ("a\0", "a\u{fffd}"),
        ] {
            assert_eq!(text(given), cell);
        }
        let cells = ["a", "b,c", "say \"x\"", "two\nlines", ""].map(str::to_owned);
        assert_eq!(line(cells.into_iter()), "a,\"b,c\",\"say \"\"x\"\"\",\"two\nlines\",\r\n");
    }
}
