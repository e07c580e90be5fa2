//! Opens the store that the settings name, and gives it to the server as the several things it is.
//!
//! ```text
//!  settings --[address]--> DatabaseAddress --privileges are given up--> a store that is open --> its sides
//!               [certificates]: the files it names
//! ```
//!
//! The address of a database may hold a password: no message here shows it, or more of it than the host and the parameters of TLS.
//!
//! The host's name is looked up by the C library for each connection: sqlx connects to the name that a certificate has to be for,
//! and knows no other way. So a database that has moved is found again.

mod address;
mod certificates;

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use store::{DatabaseAddress, PostgresStore, SqliteStore, StoreError};

use crate::callbacks::outside::Outside;
use crate::commands::serve::DATABASE;
use crate::config::{Config, Secret, StoreChoice};
use crate::node::{ServeError, Stores};
use crate::sys;

const MOST_FILE_BYTES: u64 = 4096;

/// A store that is open.
pub enum Opened {
    /// A file that is this server's alone.
    Sqlite(Arc<SqliteStore>),
    /// A database that several nodes share.
    Postgres(Arc<PostgresStore>),
}

impl Opened {
    /// Opens it for a node that runs these languages, where others may run others: what was [prepared](prepare).
    ///
    /// # Errors
    /// [`StoreError`]: it can not be opened.
    pub async fn open(
        config: &Config,
        database: Option<DatabaseAddress>,
        languages: Vec<String>,
    ) -> Result<Self, StoreError> {
        match database {
            None => Ok(Self::Sqlite(Arc::new(SqliteStore::open(&config.data_dir.join(DATABASE)).await?))),
            Some(address) => {
                let store = PostgresStore::connect_with(address, Some(languages), config.store_timeout()).await?;
                Ok(Self::Postgres(Arc::new(store)))
            }
        }
    }

    /// The same store from each of its sides.
    pub fn stores(&self) -> Stores {
        match self {
            Self::Sqlite(store) => Stores {
                submissions: store.clone(),
                keys: store.clone(),
                callbacks: store.clone(),
                history: store.clone(),
                fleet: None,
            },
            Self::Postgres(store) => Stores {
                submissions: store.clone(),
                keys: store.clone(),
                callbacks: store.clone(),
                history: store.clone(),
                fleet: Some(store.clone()),
            },
        }
    }

    /// Closes it, when nobody uses it any more.
    ///
    /// # Errors
    /// What was accepted last may not be on disk.
    pub async fn close(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.close().await,
            Self::Postgres(store) => {
                store.close().await;
                Ok(())
            }
        }
    }
}

/// What it takes to reach the database of the settings, if they name one. Has to be called while the process has one thread and
/// sees the host: afterwards it does not need to, but for what says who knows names ([`crate::privileges`]).
///
/// # Errors
/// [`ServeError`]: the address can not be used, or a file that it names.
pub fn prepare(config: &Config, outside: &Outside) -> Result<Option<DatabaseAddress>, ServeError> {
    match &config.store {
        StoreChoice::Sqlite => Ok(None),
        StoreChoice::Postgres(address) => Ok(Some(prepare_address(address, outside)?)),
    }
}

/// The same for this address.
///
/// # Errors
/// As [`prepare`].
pub fn prepare_address(address: &Secret, outside: &Outside) -> Result<DatabaseAddress, ServeError> {
    let address = address::complete(address, outside, |name| std::env::var(name).ok())?;
    sys::look_up_without_libraries()?;
    sys::hide_authorities();
    Ok(address)
}

/// Reads the file with the address, if it was set so: it may lie where the server sees nothing later.
///
/// # Errors
/// It can not be read, or holds no address of a database. Its content is not shown.
pub fn take_address_from_file(config: &mut Config) -> Result<(), ServeError> {
    let Some(path) = config.store_file.take() else { return Ok(()) };
    let refused =
        |what: String| ServeError::StoreAddress(format!("CODE_RUNNER_STORE_FILE is {}, {what}", path.display()));
    if config.store != StoreChoice::Sqlite {
        return Err(refused("and CODE_RUNNER_STORE is set, too; set one of them".to_owned()));
    }
    let read = || -> io::Result<String> {
        let mut text = String::new();
        File::open(&path)?.take(MOST_FILE_BYTES).read_to_string(&mut text)?;
        Ok(text)
    };
    let text = read().map_err(|error| refused(format!("which can not be read: {error}")))?;
    config.store = StoreChoice::parse(text.trim_end())
        .ok_or_else(|| refused(format!("which holds something else than {}", StoreChoice::ALLOWED)))?;
    Ok(())
}
