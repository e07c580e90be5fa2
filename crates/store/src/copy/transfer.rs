//! Rows of a table, whatever they are: read one by one, written by the hundred, as an array for each column.

use futures_util::TryStreamExt;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Row, SqliteConnection};

use super::tables::{Column, Kind, Table};
use crate::columns::Failure;

/// Rows that are written together.
const MOST_ROWS: usize = 1000;
/// Bytes after which they are written, however few they are.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Copies the rows of this table, and says each time how many more there are.
pub(super) async fn transfer(
    table: &Table,
    file: &mut SqliteConnection,
    database: &mut PgConnection,
    mut copied: impl FnMut(u64),
) -> Result<(), Failure> {
    let (select, insert) = (select(table), insert(table));
    let mut rows = sqlx::query(AssertSqlSafe(select)).fetch(file);
    let mut batch = Batch::new(table.columns);
    while let Some(row) = rows.try_next().await? {
        batch.push(&row)?;
        if batch.rows >= MOST_ROWS || batch.bytes >= MOST_BYTES {
            copied(batch.write(&insert, database).await?);
            batch = Batch::new(table.columns);
        }
    }
    if batch.rows > 0 {
        copied(batch.write(&insert, database).await?);
    }
    Ok(())
}

fn select(Table { from, columns, .. }: &Table) -> String {
    let values = columns.iter().map(|Column { from, kind, .. }| match kind {
        Kind::Number(_) => (*from).to_owned(),
        Kind::Bytes | Kind::Text | Kind::Uuid => format!("CAST({from} AS BLOB)"),
    });
    format!("SELECT {} FROM {from}", values.collect::<Vec<_>>().join(", "))
}

fn insert(Table { name: table, columns, .. }: &Table) -> String {
    let (mut names, mut values, mut arrays) = (Vec::new(), Vec::new(), Vec::new());
    for (number, Column { name, kind, .. }) in (1..).zip(*columns) {
        names.push(*name);
        arrays.push(match kind {
            Kind::Number(_) => format!("${number}::bigint[]"),
            Kind::Bytes | Kind::Text | Kind::Uuid => format!("${number}::bytea[]"),
        });
        values.push(match kind {
            Kind::Number("boolean") => format!("{name} <> 0"),
            Kind::Number(kind) => format!("{name}::{kind}"),
            Kind::Bytes => (*name).to_owned(),
            Kind::Text => format!("convert_from({name}, 'UTF8')"),
            Kind::Uuid => format!("encode({name}, 'hex')::uuid"),
        });
    }
    let (names, values, arrays) = (names.join(", "), values.join(", "), arrays.join(", "));
    format!("INSERT INTO {table} ({names}) SELECT {values} FROM unnest({arrays}) AS given ({names})")
}

/// Rows, by column.
struct Batch {
    columns: Vec<Values>,
    rows: usize,
    bytes: usize,
}

/// The values of a column.
enum Values {
    Numbers(Vec<Option<i64>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Batch {
    fn new(columns: &[Column]) -> Self {
        let values = columns.iter().map(|column| match column.kind {
            Kind::Number(_) => Values::Numbers(Vec::new()),
            Kind::Bytes | Kind::Text | Kind::Uuid => Values::Bytes(Vec::new()),
        });
        Self { columns: values.collect(), rows: 0, bytes: 0 }
    }

    fn push(&mut self, row: &SqliteRow) -> Result<(), Failure> {
        for (index, column) in self.columns.iter_mut().enumerate() {
            match column {
                Values::Numbers(numbers) => numbers.push(row.try_get(index)?),
                Values::Bytes(all) => {
                    let bytes: Option<Vec<u8>> = row.try_get(index)?;
                    self.bytes += bytes.as_ref().map_or(0, Vec::len);
                    all.push(bytes);
                }
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// Writes them, and says how many there were.
    async fn write(self, insert: &str, database: &mut PgConnection) -> Result<u64, Failure> {
        let mut query: Query<'_, Postgres, PgArguments> = sqlx::query(AssertSqlSafe(insert.to_owned()));
        for column in self.columns {
            query = match column {
                Values::Numbers(numbers) => query.bind(numbers),
                Values::Bytes(all) => query.bind(all),
            };
        }
        Ok(query.execute(database).await?.rows_affected())
    }
}
