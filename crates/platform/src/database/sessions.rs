//! Who is signed in. The browser has a random token; here is its digest alone, so that who reads the file can be nobody.

use super::people::Person;
use super::{Database, now_ms};

/// A session is over so many milliseconds after it began.
const LONGEST: i64 = 16 * 60 * 60 * 1000;
/// And so many after the last request.
const IDLE: i64 = 4 * 60 * 60 * 1000;
/// The last request is written down when the time that is left differs by so much.
const STEP: i64 = 60 * 1000;

impl Database {
    /// Begins a session, and clears away those that are over.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn begin_session(&self, digest: &[u8; 32], person: i64) -> Result<(), sqlx::Error> {
        let now = now_ms();
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let clear = sqlx::query("DELETE FROM sessions WHERE min(ends_at, idle_until) <= ?");
        clear.bind(now).execute(&mut *transaction).await?;
        let insert = sqlx::query("INSERT INTO sessions (digest, person, ends_at, idle_until) VALUES (?, ?, ?, ?)");
        let insert = insert.bind(digest.as_slice()).bind(person).bind(now + LONGEST).bind(now + IDLE);
        insert.execute(&mut *transaction).await?;
        transaction.commit().await
    }

    /// Whose session it is, if it is one and not over.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn session(&self, digest: &[u8; 32]) -> Result<Option<Person>, sqlx::Error> {
        let now = now_ms();
        let statement = "SELECT idle_until FROM sessions WHERE digest = ? AND min(ends_at, idle_until) > ?";
        let find = sqlx::query_as(statement).bind(digest.as_slice()).bind(now);
        let Some((idle_until,)): Option<(i64,)> = find.fetch_optional(&self.readers).await? else { return Ok(None) };
        if now + IDLE - idle_until > STEP {
            let update = sqlx::query("UPDATE sessions SET idle_until = ? WHERE digest = ?");
            update.bind(now + IDLE).bind(digest.as_slice()).execute(&self.writer).await?;
        }
        let statement = "SELECT people.* FROM sessions JOIN people ON people.id = person WHERE digest = ?";
        sqlx::query_as(statement).bind(digest.as_slice()).fetch_optional(&self.readers).await
    }

    /// Ends a session.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn end_session(&self, digest: &[u8; 32]) -> Result<(), sqlx::Error> {
        let delete = sqlx::query("DELETE FROM sessions WHERE digest = ?");
        delete.bind(digest.as_slice()).execute(&self.writer).await.map(drop)
    }
}
