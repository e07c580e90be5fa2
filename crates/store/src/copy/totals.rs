//! The totals: the file has them by verdict and by language, the database by both.
//!
//! How many of a language ended with a verdict nobody has counted in the file. Nobody asks for it either: what is read are sums by one
//! or the other. So any numbers will do whose sums are those of the file, and there is a simple way to such.

use sqlx::{PgConnection, SqliteConnection};

use crate::columns::Failure;

/// A count, and what of.
type Count = (String, i64);

/// Copies them.
pub(super) async fn copy(file: &mut SqliteConnection, database: &mut PgConnection) -> Result<(), Failure> {
    let by_verdict: Vec<Count> =
        sqlx::query_as("SELECT verdict, finished FROM verdict_totals WHERE finished > 0 ORDER BY verdict")
            .fetch_all(&mut *file)
            .await?;
    let by_language: Vec<Count> =
        sqlx::query_as("SELECT language, finished FROM language_totals WHERE finished > 0 ORDER BY language")
            .fetch_all(&mut *file)
            .await?;
    let (last, longest, sum): (Option<i64>, i64, i64) =
        sqlx::query_as("SELECT last_execution, max_execution_time, sum_execution_time FROM time_totals")
            .fetch_one(file)
            .await?;
    let total = |counts: &[Count]| counts.iter().map(|(_, count)| count).sum::<i64>();
    if total(&by_verdict) != total(&by_language) {
        return Err("the totals by verdict and those by language do not count the same submissions".into());
    }
    for (number, (language, verdict, finished)) in spread(by_language, by_verdict).into_iter().enumerate() {
        // Once for all.
        let (longest, sum) = if number == 0 { (longest, sum) } else { (0, 0) };
        sqlx::query("INSERT INTO totals VALUES (0, $1, $2, $3, $4, $5, $6)")
            .bind(language.into_bytes())
            .bind(verdict)
            .bind(finished)
            .bind(last.unwrap_or(0))
            .bind(longest)
            .bind(sum)
            .execute(&mut *database)
            .await?;
    }
    Ok(())
}

/// Numbers for pairs, so that the sums are these, which are as much in total.
fn spread(rows: Vec<Count>, columns: Vec<Count>) -> Vec<(String, String, i64)> {
    let (mut rows, mut columns) = (rows.into_iter(), columns.into_iter());
    let (mut row, mut column) = (rows.next(), columns.next());
    let mut pairs = Vec::new();
    while let (Some((row_name, in_row)), Some((column_name, in_column))) = (&mut row, &mut column) {
        let both = (*in_row).min(*in_column);
        pairs.push((row_name.clone(), column_name.clone(), both));
        (*in_row, *in_column) = (*in_row - both, *in_column - both);
        let (row_is_done, column_is_done) = (*in_row == 0, *in_column == 0);
        if row_is_done {
            row = rows.next();
        }
        if column_is_done {
            column = columns.next();
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Count, spread};

    #[test]
    fn numbers_for_pairs_have_the_sums_that_were_asked_for() {
        let counts = |all: &[(&str, i64)]| all.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        let cases: [(Vec<Count>, Vec<Count>); 4] = [
            (counts(&[("c", 3), ("go", 4), ("python", 5)]), counts(&[("ok", 7), ("time_limit", 5)])),
            (counts(&[("python", 12)]), counts(&[("a", 1), ("b", 1), ("c", 10)])),
            (counts(&[("a", 2), ("b", 2)]), counts(&[("c", 2), ("d", 2)])),
            (counts(&[]), counts(&[])),
        ];
        for (rows, columns) in cases {
            let pairs = spread(rows.clone(), columns.clone());
            let (mut by_row, mut by_column) = (BTreeMap::new(), BTreeMap::new());
            for (row, column, count) in pairs {
                assert!(count > 0);
                *by_row.entry(row).or_insert(0) += count;
                *by_column.entry(column).or_insert(0) += count;
            }
            assert_eq!(by_row.into_iter().collect::<Vec<_>>(), rows);
            assert_eq!(by_column.into_iter().collect::<Vec<_>>(), columns);
        }
    }
}
