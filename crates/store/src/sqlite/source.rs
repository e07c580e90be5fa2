//! The file as somebody reads it who copies it elsewhere: nobody else has it open, and it is not made if it is not there.

use std::fs::File;
use std::path::Path;

use sqlx::{Connection, SqliteConnection};

use super::open;
use crate::columns::Failure;

/// A file that is there, under its lock.
pub(crate) struct Source {
    connection: SqliteConnection,
    /// Held for as long as `connection` is open.
    _lock: File,
}

impl Source {
    /// Opens the file at `path`, and brings it up to date.
    pub(crate) async fn open(path: &Path) -> Result<Self, Failure> {
        if !std::fs::metadata(path).is_ok_and(|data| data.len() > 0) {
            return Err(format!("there is no store in {}", path.display()).into());
        }
        let lock = open::lock(path)?;
        let (connection, _) = open::prepared(path).await?;
        Ok(Self { connection, _lock: lock })
    }

    /// The way to it.
    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Closes the file.
    pub(crate) async fn close(self) {
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "the file that was copied could not be closed; nothing is lost");
        }
    }
}
