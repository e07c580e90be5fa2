//! Attempts: accepted, on their way, graded.

use sqlx::FromRow;

use super::{Database, now_ms};
use crate::points::Points;

/// Attempts that may wait for Code Runner, of all people together.
const MOST_WAITING: i64 = 10_000;
/// Attempts of one person at one exercise.
const MOST_OF_ONE: i64 = 1000;

/// Where an attempt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum State {
    /// To be sent.
    Waiting,
    /// Code Runner has it.
    Sent,
    /// Done.
    Graded,
    /// Somebody has to do something: never the student.
    Stuck,
}

/// An attempt, as it is shown.
#[derive(Debug, Clone, FromRow)]
pub struct Attempt {
    /// In addresses.
    pub key: String,
    /// Whose.
    pub person: i64,
    /// The exercise's id; there may be no such exercise any more.
    pub exercise: String,
    /// The language's id.
    pub language: String,
    /// The code.
    pub code: String,
    /// When it was accepted, in milliseconds since 1970.
    pub made_at: i64,
    /// Where it is.
    pub state: State,
    /// Why it is not further, for the teacher.
    pub trouble: Option<String>,
    /// JSON of a [`crate::feedback::Feedback`].
    pub feedback: Option<String>,
    /// Thousandths.
    points: Option<i64>,
    of: Option<i64>,
    /// What attempts that fail the same way have in common.
    pub failing: Option<String>,
}

/// An attempt, as it is sent.
#[derive(Debug, Clone, FromRow)]
pub struct Task {
    /// In the database.
    pub id: i64,
    /// What the Idempotency-Key is made of, with `round`.
    pub key: String,
    /// How often it was sent as something new.
    pub round: i64,
    /// What to send.
    pub request: String,
    /// Under what Code Runner knows it.
    pub exec_id: Option<String>,
    /// In a row.
    pub failures: i64,
    /// Results that were spoilt, in a row.
    pub spoilt: i64,
}

/// An attempt to accept.
#[derive(Debug)]
pub struct NewAttempt<'a> {
    /// A random UUID.
    pub key: &'a str,
    /// Whose.
    pub person: i64,
    /// Of which exercise.
    pub exercise: &'a str,
    /// In which language.
    pub language: &'a str,
    /// The code.
    pub code: &'a str,
    /// What to send to Code Runner.
    pub request: &'a str,
}

/// What became of a [`NewAttempt`].
#[derive(Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It is on the disk.
    Yes,
    /// Another of the same person and exercise is under way.
    OneIsUnderWay,
    /// Too many wait.
    Full,
    /// This person has made too many.
    TooMany,
}

/// A graded attempt.
#[derive(Debug)]
pub struct Grade<'a> {
    /// JSON.
    pub feedback: &'a str,
    /// On the whole.
    pub verdict: &'a str,
    /// What it gets.
    pub points: Points,
    /// What there was to get.
    pub of: Points,
    /// What attempts that fail the same way have in common; none if everything is right.
    pub failing: Option<&'a str>,
}

/// One cell of the overview of a class.
#[derive(Debug, Clone, FromRow)]
pub struct Cell {
    /// Whose.
    pub person: i64,
    /// Which exercise.
    pub exercise: String,
    /// How many.
    pub attempts: i64,
    best: Option<i64>,
    of: Option<i64>,
    /// How many wait or run.
    pub under_way: i64,
    /// How many somebody has to look at.
    pub stuck: i64,
}

impl Attempt {
    /// What it gets and what there was to get, once it is graded.
    pub fn points(&self) -> Option<(Points, Points)> {
        Some((Points::from_thousandths(self.points?), Points::from_thousandths(self.of?)))
    }
}

impl Cell {
    /// The most points of any attempt, and what there was to get with it.
    pub fn best(&self) -> Option<(Points, Points)> {
        Some((Points::from_thousandths(self.best?), Points::from_thousandths(self.of?)))
    }
}

impl Database {
    /// Accepts an attempt: when this returns, it is on the disk.
    ///
    /// # Errors
    /// SQLite's; then it is not.
    pub async fn accept(&self, attempt: &NewAttempt<'_>) -> Result<Accepted, sqlx::Error> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let statement = "SELECT (SELECT count(*) FROM attempts WHERE state IN ('waiting', 'sent')), \
             (SELECT count(*) FROM attempts WHERE person = ?1 AND exercise = ?2), \
             (SELECT count(*) FROM attempts WHERE person = ?1 AND exercise = ?2 AND state IN ('waiting', 'sent'))";
        let counts = sqlx::query_as(statement).bind(attempt.person).bind(attempt.exercise);
        let (waiting, own, under_way): (i64, i64, i64) = counts.fetch_one(&mut *transaction).await?;
        if under_way > 0 {
            return Ok(Accepted::OneIsUnderWay);
        }
        if waiting >= MOST_WAITING {
            return Ok(Accepted::Full);
        }
        if own >= MOST_OF_ONE {
            return Ok(Accepted::TooMany);
        }
        let NewAttempt { key, person, exercise, language, code, request } = attempt;
        let statement = "INSERT INTO attempts (key, person, exercise, language, code, request, made_at, next_at, state) \
             VALUES (?, ?, ?, ?, ?, ?, ?7, ?7, 'waiting')";
        let insert =
            sqlx::query(statement).bind(key).bind(person).bind(exercise).bind(language).bind(code).bind(request);
        insert.bind(now_ms()).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(Accepted::Yes)
    }

    /// One attempt.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn attempt(&self, key: &str) -> Result<Option<Attempt>, sqlx::Error> {
        sqlx::query_as("SELECT * FROM attempts WHERE key = ?").bind(key).fetch_optional(&self.readers).await
    }

    /// The attempts of a person, the latest first; those at one exercise, if one is given. At most `most`.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn attempts(&self, person: i64, exercise: Option<&str>, most: u32) -> Result<Vec<Attempt>, sqlx::Error> {
        let statement =
            "SELECT * FROM attempts WHERE person = ?1 AND (?2 IS NULL OR exercise = ?2) ORDER BY id DESC LIMIT ?3";
        sqlx::query_as(statement).bind(person).bind(exercise).bind(most).fetch_all(&self.readers).await
    }

    /// Of each person of a class and each exercise: how many, and the best.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn cells(&self, class: i64) -> Result<Vec<Cell>, sqlx::Error> {
        let statement = "SELECT person, exercise, count(*) AS attempts, max(points) AS best, \
             (SELECT of FROM attempts AS best WHERE best.person = attempts.person AND best.exercise = attempts.exercise \
              AND points IS NOT NULL ORDER BY points DESC, id DESC LIMIT 1) AS of, \
             sum(state IN ('waiting', 'sent')) AS under_way, sum(state = 'stuck') AS stuck \
             FROM attempts WHERE person IN (SELECT id FROM people WHERE class = ?) GROUP BY person, exercise";
        sqlx::query_as(statement).bind(class).fetch_all(&self.readers).await
    }

    /// The same of one person.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn cells_of(&self, person: i64) -> Result<Vec<Cell>, sqlx::Error> {
        let statement = "SELECT person, exercise, count(*) AS attempts, max(points) AS best, \
             (SELECT of FROM attempts AS best WHERE best.person = attempts.person AND best.exercise = attempts.exercise \
              AND points IS NOT NULL ORDER BY points DESC, id DESC LIMIT 1) AS of, \
             sum(state IN ('waiting', 'sent')) AS under_way, sum(state = 'stuck') AS stuck \
             FROM attempts WHERE person = ? GROUP BY exercise";
        sqlx::query_as(statement).bind(person).fetch_all(&self.readers).await
    }

    /// The latest graded attempt of each student of a class at an exercise.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn latest(&self, class: i64, exercise: &str) -> Result<Vec<Attempt>, sqlx::Error> {
        let statement = "SELECT * FROM attempts WHERE id IN (SELECT max(id) FROM attempts WHERE exercise = ? \
             AND state = 'graded' AND person IN (SELECT id FROM people WHERE class = ?) GROUP BY person)";
        sqlx::query_as(statement).bind(exercise).bind(class).fetch_all(&self.readers).await
    }

    /// How many wait or run, and how many are stuck.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn counts(&self) -> Result<(i64, i64), sqlx::Error> {
        let statement = "SELECT (SELECT count(*) FROM attempts WHERE state IN ('waiting', 'sent')), \
             (SELECT count(*) FROM attempts WHERE state = 'stuck')";
        sqlx::query_as(statement).fetch_one(&self.readers).await
    }

    /// What there is to do now, the longest due first, at most `most`; and when there is something next, if not.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn due(&self, most: u32) -> Result<(Vec<Task>, Option<i64>), sqlx::Error> {
        let now = now_ms();
        let statement = "SELECT id, key, round, request, exec_id, failures, spoilt FROM attempts \
             WHERE state IN ('waiting', 'sent') AND next_at <= ? AND request IS NOT NULL ORDER BY next_at, id LIMIT ?";
        let tasks = sqlx::query_as(statement).bind(now).bind(most).fetch_all(&self.readers).await?;
        let statement = "SELECT min(next_at) FROM attempts WHERE state IN ('waiting', 'sent') AND next_at > ?";
        let (next,): (Option<i64>,) = sqlx::query_as(statement).bind(now).fetch_one(&self.readers).await?;
        Ok((tasks, next))
    }

    /// Code Runner has it. False if the attempt is gone, with its person.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn sent(&self, task: i64, exec_id: &str) -> Result<bool, sqlx::Error> {
        let statement = "UPDATE attempts SET state = 'sent', exec_id = ?, failures = 0, trouble = NULL WHERE id = ?";
        let done = sqlx::query(statement).bind(exec_id).bind(task).execute(&self.writer).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Something was in the way; to be tried again at `next_at`.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn failed(&self, task: i64, trouble: &str, next_at: i64) -> Result<(), sqlx::Error> {
        let statement = "UPDATE attempts SET failures = failures + 1, trouble = ?, next_at = ? WHERE id = ?";
        sqlx::query(statement).bind(trouble).bind(next_at).bind(task).execute(&self.writer).await.map(drop)
    }

    /// To be sent as something new at `next_at`; `spoilt` says how many results were no good, this one included.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn send_anew(&self, task: i64, trouble: &str, spoilt: i64, next_at: i64) -> Result<(), sqlx::Error> {
        let statement = "UPDATE attempts SET state = 'waiting', exec_id = NULL, round = round + 1, failures = 0, \
             trouble = ?, spoilt = ?, next_at = ? WHERE id = ?";
        sqlx::query(statement).bind(trouble).bind(spoilt).bind(next_at).bind(task).execute(&self.writer).await.map(drop)
    }

    /// Nothing more is tried until somebody has it graded again.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn stuck(&self, task: i64, trouble: &str) -> Result<(), sqlx::Error> {
        let statement = "UPDATE attempts SET state = 'stuck', trouble = ? WHERE id = ?";
        sqlx::query(statement).bind(trouble).bind(task).execute(&self.writer).await.map(drop)
    }

    /// It is graded.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn grade(&self, task: i64, grade: &Grade<'_>) -> Result<(), sqlx::Error> {
        let Grade { feedback, verdict, points, of, failing } = grade;
        let statement = "UPDATE attempts SET state = 'graded', request = NULL, trouble = NULL, feedback = ?, verdict = ?, \
             points = ?, of = ?, failing = ? WHERE id = ?";
        let update =
            sqlx::query(statement).bind(feedback).bind(verdict).bind(points.thousandths()).bind(of.thousandths());
        update.bind(failing).bind(task).execute(&self.writer).await.map(drop)
    }

    /// Has an attempt graded again, with this request. False if it, or another of the same person and exercise, is under way.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn grade_again(&self, key: &str, request: &str) -> Result<bool, sqlx::Error> {
        let statement = "UPDATE OR IGNORE attempts SET state = 'waiting', exec_id = NULL, round = round + 1, failures = 0, \
             spoilt = 0, trouble = NULL, request = ?, next_at = ? WHERE key = ? AND state IN ('graded', 'stuck')";
        let done = sqlx::query(statement).bind(request).bind(now_ms()).bind(key).execute(&self.writer).await?;
        Ok(done.rows_affected() == 1)
    }
}
