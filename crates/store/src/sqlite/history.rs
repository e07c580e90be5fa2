//! What happened when: [`crate::HistoryStore`]. Here it is written; [`reads`] reads it.
//!
//! Each table is written with one statement, whatever there is to add: rows come as a JSON array, which SQLite takes apart.
//! So an addition is a dozen statements every few seconds, however many submissions finished meanwhile.

pub(super) mod reads;

use async_trait::async_trait;
use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::rows::{Failure, micros, micros_since_1970, now_utc};
use super::writer::Change;
use crate::StoreError;
use crate::history::{Levels, MOST_RECENT, RecentSubmission, Resolution, Stretch, gathered, seconds};

/// See [`crate::HistoryStore::add_history`].
pub(super) struct AddHistory {
    /// By resolution, each in the form that its statement takes.
    at: [Rows; 2],
    recent: String,
}

/// What is to be added at one resolution.
struct Rows {
    resolution: Resolution,
    finished: String,
    times: String,
    levels: String,
}

impl AddHistory {
    pub(super) fn new(stretches: &[Stretch], finished: &[RecentSubmission]) -> Result<Self, StoreError> {
        let text = |rows: Vec<Value>| {
            serde_json::to_string(&rows).map_err(|error| StoreError::new(<Self as Change>::CONTEXT, error))
        };
        let of = |resolution| {
            let (mut finished, mut times, mut levels) = (Vec::new(), Vec::new(), Vec::new());
            for (start, happened) in gathered(stretches, resolution) {
                let Levels { queued, running, server_memory, box_memory } = happened.levels;
                levels.push(json!([start, queued, running, server_memory, box_memory]));
                let counts = happened.finished.iter();
                finished
                    .extend(counts.map(|((language, verdict), count)| json!([start, language, verdict.name(), count])));
                let counts = happened.times.iter();
                times.extend(counts.map(|((spent, bucket), count)| json!([start, spent.name(), bucket, count])));
            }
            Ok(Rows { resolution, finished: text(finished)?, times: text(times)?, levels: text(levels)? })
        };
        let [fine, coarse] = Resolution::ALL.map(of);
        let recent = finished.iter().map(row_of).collect::<Result<Vec<_>, _>>();
        let recent = recent.map_err(|source| StoreError::new(Self::CONTEXT, source))?;
        Ok(Self { at: [fine?, coarse?], recent: text(recent)? })
    }
}

fn row_of(recent: &RecentSubmission) -> Result<Value, Failure> {
    let RecentSubmission { id, owner, language, mode, inputs, verdict, queue_time, execution_time, finished_at } =
        recent;
    let id: String = id.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let (queue_time, execution_time) = (micros(*queue_time), micros(*execution_time));
    let at = micros_since_1970(*finished_at)?;
    Ok(json!([id, owner, language, mode.name(), inputs, verdict.name(), queue_time, execution_time, at]))
}

/// `max` of two columns, either of which may be null.
macro_rules! most {
    ($column:literal) => {
        concat!(
            $column,
            " = CASE WHEN ",
            $column,
            " IS NULL OR excluded.",
            $column,
            " > ",
            $column,
            " THEN excluded.",
            $column,
            " ELSE ",
            $column,
            " END"
        )
    };
}

#[async_trait]
impl Change for AddHistory {
    type Output = ();
    const CONTEXT: &'static str = "adding to the history";
    // It is no part of what anybody was promised.
    const DURABLE: bool = false;

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        let now = now_utc()?;
        for rows in &self.at {
            rows.add(&mut *connection).await?;
            forget(&mut *connection, rows.resolution, now / 1_000_000).await?;
        }
        add_recent(connection, &self.recent).await
    }
}

impl Rows {
    async fn add(&self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        let width = seconds(self.resolution.width());
        // `WHERE true`, because without it SQLite takes what follows for a part of a join (sqlite.org/lang_upsert.html).
        sqlx::query(concat!(
            "INSERT INTO history_finished
             SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?) WHERE true
             ON CONFLICT DO UPDATE SET submissions = submissions + excluded.submissions;
             INSERT INTO history_times
             SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?) WHERE true
             ON CONFLICT DO UPDATE SET times = times + excluded.times;
             INSERT INTO history_levels
             SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?) WHERE true
             ON CONFLICT DO UPDATE SET ",
            most!("queued"),
            ", ",
            most!("running"),
            ", ",
            most!("server_memory"),
            ", ",
            most!("box_memory"),
        ))
        .bind(width)
        .bind(self.finished.as_str())
        .bind(width)
        .bind(self.times.as_str())
        .bind(width)
        .bind(self.levels.as_str())
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// Deletes what was kept for long enough at `now`, in seconds since 1970, and what a clock that was ahead has left.
async fn forget(connection: &mut SqliteConnection, resolution: Resolution, now: i64) -> Result<(), Failure> {
    let (width, kept) = (seconds(resolution.width()), seconds(resolution.kept()));
    let (oldest, newest) = (now - kept, now + kept);
    let mut all = sqlx::query(
        "DELETE FROM history_finished WHERE width = ? AND (start < ? OR start > ?);
         DELETE FROM history_times WHERE width = ? AND (start < ? OR start > ?);
         DELETE FROM history_levels WHERE width = ? AND (start < ? OR start > ?)",
    );
    for _ in 0..3 {
        all = all.bind(width).bind(oldest).bind(newest);
    }
    all.execute(connection).await?;
    Ok(())
}

/// Of what is there and is to stay: its result may have been deleted since.
async fn add_recent(connection: &mut SqliteConnection, recent: &str) -> Result<(), Failure> {
    sqlx::query(
        "INSERT INTO recent_submissions
         SELECT place, submissions.id, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
             value ->> 8
         FROM json_each(?) JOIN submissions ON submissions.id = unhex(value ->> 0)
         WHERE no_store = 0 AND EXISTS (SELECT 1 FROM reports WHERE reports.place = submissions.place)
         ON CONFLICT DO NOTHING;
         DELETE FROM recent_submissions WHERE place NOT IN (
             SELECT place FROM recent_submissions ORDER BY finished_at DESC, place DESC LIMIT ?)",
    )
    .bind(recent)
    .bind(MOST_RECENT)
    .execute(connection)
    .await?;
    Ok(())
}
