//! The keys of a file that another process may own: for the command line beside a running server.
//!
//! The lock file stays with the owner, and nothing is asked of the file but its keys, which need no clock and no
//! leases. SQLite itself lets two processes write one after the other. Where nobody owns the file it is made and
//! brought up to date first, under the lock; an owner has done that.

use std::path::Path;

use super::SqliteStore;
use super::open::{self, OpenError};
use super::writer::Writer;
use crate::{KeyStore, StoreError};

/// The keys in a store's file, whoever has it open.
pub struct SqliteKeys(SqliteStore);

impl SqliteKeys {
    /// Opens the file at `path`, beside its owner if it has one. Its folder must exist. Must be called within a tokio
    /// runtime.
    ///
    /// # Errors
    /// [`StoreError`] if the file can not be created or read, is not a database, or has another schema than this
    /// program.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let (connection, readers) =
            open_keys(path).await.map_err(|source| StoreError::new("opening the store", source))?;
        Ok(Self(SqliteStore::new(Writer::start(connection, None), readers)))
    }

    /// What can be done with them.
    pub fn keys(&self) -> &dyn KeyStore {
        &self.0
    }

    /// Finishes what has been asked for so far, then closes the file.
    ///
    /// # Errors
    /// [`StoreError`] if SQLite could not close the file; everything acknowledged is on disk even so.
    pub async fn close(self) -> Result<(), StoreError> {
        self.0.close().await
    }
}

async fn open_keys(path: &Path) -> Result<(sqlx::SqliteConnection, sqlx::SqlitePool), OpenError> {
    match open::lock(path) {
        // Let go at the end of this arm, so that a server can start while somebody lists keys.
        Ok(_lock) => open::prepared(path).await,
        Err(OpenError::InUse { .. }) => open::as_it_is(path).await,
        Err(other) => Err(other),
    }
}
