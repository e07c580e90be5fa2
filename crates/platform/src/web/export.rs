//! `GET /classes/{class}/points.csv`: the overview for a spreadsheet, as RFC 4180 has it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::App;
use super::error::PageError;
use super::teacher::Overview;

/// The best points of each student at each exercise; empty where nothing is graded.
pub async fn points(State(app): State<Arc<App>>, Path(id): Path<i64>) -> Result<Response, PageError> {
    if !app.database.classes().await?.iter().any(|class| class.id == id) {
        return Err(PageError::NotFound);
    }
    let overview = Overview::of(&app, id).await?;
    let mut rows = vec![vec!["account".to_owned(), "name".to_owned()]];
    rows[0].extend(overview.exercises.iter().map(|(id, _)| harmless(id)));
    for student in &overview.students {
        let mut row = vec![harmless(&student.account), harmless(&student.name)];
        for (exercise, _) in &overview.exercises {
            let best = overview.cell(student.id, exercise).and_then(|cell| cell.best());
            row.push(best.map_or_else(String::new, |(points, _)| points.to_string()));
        }
        rows.push(row);
    }
    let table = table(&rows).map_err(|error| {
        tracing::error!(%error, "points could not be written as CSV");
        PageError::Internal
    })?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"points.csv\"")),
    ];
    Ok((headers, table).into_response())
}

fn table(rows: &[Vec<String>]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// A spreadsheet takes a text that begins like a formula for one.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_a_formula_and_quotes_commas_and_line_ends_stay_in_their_cell() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(bad), format!("'{bad}"));
        }
        let rows = vec![vec!["a".to_owned(), "Ada \"A\", the\nfirst".to_owned()]];
        assert_eq!(table(&rows).unwrap(), b"a,\"Ada \"\"A\"\", the\nfirst\"\r\n");
    }
}
