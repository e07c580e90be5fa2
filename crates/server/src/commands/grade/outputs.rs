//! The sheet for its readers: a table for people, CSV for spreadsheets, JSON for programs and JUnit XML for continuous
//! integration. Each is a text made of the same rows; where it goes is for [`super`] to say.

use std::path::Path;

use super::sheet::Sheet;
use crate::commands;

mod csv;
mod json;
mod junit;
mod table;

pub use csv::csv;
pub use json::json;
pub use junit::junit;
pub use table::{passed_over, table};

/// The name of standard output where a file can be named.
pub const STANDARD_OUTPUT: &str = "-";
/// Characters of a line of the table where there is no terminal.
const WIDTH: u16 = 120;

/// Writes the sheet in the forms that have a place, and the table.
///
/// # Errors
/// A file can not be written. The table, and what comes before the file, are.
pub fn write(sheet: &Sheet<'_>, csv: Option<&Path>, json: Option<&Path>, junit: Option<&Path>) -> Result<(), String> {
    type Form = fn(&Sheet<'_>) -> String;
    let forms: [(Option<&Path>, Form); 3] = [(csv, self::csv), (json, self::json), (junit, self::junit)];
    let forms = forms.into_iter().filter_map(|(path, form)| path.map(|path| (path, form)));
    let (to_output, to_files): (Vec<_>, Vec<_>) = forms.partition(|(path, _)| path.as_os_str() == STANDARD_OUTPUT);
    let table = table(sheet, WIDTH);
    match to_output.first() {
        None => drop(commands::print(&table)),
        Some((_, form)) => {
            eprint!("{table}");
            commands::print(&form(sheet));
        }
    }
    for (path, form) in to_files {
        std::fs::write(path, form(sheet)).map_err(|error| format!("{} can not be written: {error}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::graded::tests::exercise;
    use super::super::sheet::Sheet;
    use super::super::sheet::tests::rows;

    /// All kinds of rows, in each form, as they are kept in `snapshots`.
    #[test]
    fn every_form_shows_every_kind_of_row() {
        let (exercise, rows) = (exercise(), rows());
        let sheet = Sheet { exercise: &exercise, rows: &rows };
        insta::assert_snapshot!("table", super::table(&sheet, 120));
        insta::assert_snapshot!("csv", super::csv(&sheet));
        insta::assert_snapshot!("json", super::json(&sheet));
        insta::assert_snapshot!("junit", super::junit(&sheet));
    }
}
