//! The history as columns, in whatever database: which rows are meant, and what they come to.

use std::collections::BTreeMap;
use std::time::Duration;

use model::{ExecId, Mode};
use time::OffsetDateTime;

use super::{Happened, Levels, RecentSubmission, Resolution, Spent, Stretch, seconds};
use crate::columns::{Failure, duration, utc, verdict};

/// Which stretches are meant, all in seconds: since 1970 where it is a moment.
#[derive(Clone, Copy)]
pub(crate) struct Which {
    pub(crate) width: i64,
    pub(crate) from: i64,
    pub(crate) until: i64,
    pub(crate) step: i64,
}

impl Which {
    /// As [`super::HistoryStore::history`] has them.
    pub(crate) fn new(resolution: Resolution, from: OffsetDateTime, until: OffsetDateTime, step: Duration) -> Self {
        Self {
            width: seconds(resolution.width()),
            from: from.unix_timestamp(),
            until: until.unix_timestamp(),
            step: seconds(step),
        }
    }
}

/// What was found, by when it began.
#[derive(Default)]
pub(crate) struct Found(BTreeMap<i64, Happened>);

/// The most that was seen in a stretch.
#[derive(sqlx::FromRow)]
pub(crate) struct LevelsRow {
    at: i64,
    queued: Option<i64>,
    running: Option<i64>,
    server_memory: Option<i64>,
    box_memory: Option<i64>,
}

impl Found {
    /// So many finished like this.
    pub(crate) fn finished(&mut self, at: i64, language: String, name: &str, count: i64) -> Result<(), Failure> {
        self.at(at).finished.insert((language, verdict(name)?), u64::try_from(count)?);
        Ok(())
    }

    /// So many times were in this bucket.
    pub(crate) fn times(&mut self, at: i64, kind: &str, bucket: i32, count: i64) -> Result<(), Failure> {
        self.at(at).times.insert((spent(kind)?, bucket), u64::try_from(count)?);
        Ok(())
    }

    /// So much was seen.
    pub(crate) fn levels(&mut self, row: LevelsRow) -> Result<(), Failure> {
        let level = |value: Option<i64>| value.map(u64::try_from).transpose();
        let LevelsRow { at, queued, running, server_memory, box_memory } = row;
        self.at(at).levels = Levels {
            queued: level(queued)?,
            running: level(running)?,
            server_memory: level(server_memory)?,
            box_memory: level(box_memory)?,
        };
        Ok(())
    }

    /// All of it.
    pub(crate) fn stretches(self) -> Result<Vec<Stretch>, Failure> {
        let stretch = |(start, happened)| Ok(Stretch { start: OffsetDateTime::from_unix_timestamp(start)?, happened });
        self.0.into_iter().map(stretch).collect()
    }

    fn at(&mut self, at: i64) -> &mut Happened {
        self.0.entry(at).or_default()
    }
}

fn spent(name: &str) -> Result<Spent, Failure> {
    let known = Spent::ALL.into_iter().find(|spent| spent.name() == name);
    known.ok_or_else(|| format!("unknown kind of time `{name}` in the history").into())
}

/// What is in the list of the last submissions, beside who and what it was.
#[derive(sqlx::FromRow)]
pub(crate) struct Recent {
    mode: String,
    inputs: i64,
    verdict: String,
    queue_time: i64,
    execution_time: i64,
    finished_at: i64,
}

impl Recent {
    /// The whole.
    pub(crate) fn of(self, id: ExecId, owner: String, language: String) -> Result<RecentSubmission, Failure> {
        let known = Mode::ALL.into_iter().find(|mode| mode.name() == self.mode);
        Ok(RecentSubmission {
            id,
            owner,
            language,
            mode: known.ok_or("unknown mode in the list of the last submissions")?,
            inputs: u32::try_from(self.inputs)?,
            verdict: verdict(&self.verdict)?,
            queue_time: duration(self.queue_time)?,
            execution_time: duration(self.execution_time)?,
            finished_at: utc(self.finished_at)?,
        })
    }
}
