//! Opens the store that the settings name, and gives it to the server as the several things it is.
//!
//! The address of a database may hold a password: no message here shows it, or more of it than the host.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use store::{PostgresStore, SqliteStore, StoreError};
use url::Url;

use crate::callbacks::outside::Outside;
use crate::commands::serve::DATABASE;
use crate::config::{Config, Secret, StoreChoice};
use crate::node::{ServeError, Stores};

const MOST_FILE_BYTES: u64 = 4096;

/// A store that is open.
pub enum Opened {
    /// A file that is this server's alone.
    Sqlite(Arc<SqliteStore>),
    /// A database that several nodes share.
    Postgres(Arc<PostgresStore>),
}

impl Opened {
    /// Opens it for a node that runs these languages, where others may run others.
    ///
    /// # Errors
    /// [`ServeError`]: it can not be opened, or its host is not known.
    pub async fn open(config: &Config, languages: Vec<String>, outside: &Outside) -> Result<Self, ServeError> {
        match &config.store {
            StoreChoice::Sqlite => {
                let store = SqliteStore::open(&config.data_dir.join(DATABASE)).await?;
                Ok(Self::Sqlite(Arc::new(store)))
            }
            StoreChoice::Postgres(address) => {
                let address = located(address, outside).await?;
                let patience = config.store_timeout();
                let store = PostgresStore::connect_with(address.expose(), Some(languages), patience).await?;
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

/// The address with the host's number for its name, because the C library, which is linked statically, can not look names up.
/// The password is in it, or in `PGPASSWORD`, and is not looked for in files.
///
/// # Errors
/// The host has no address.
pub async fn located(address: &Secret, outside: &Outside) -> Result<Secret, ServeError> {
    let refused = |what: String| ServeError::StoreAddress(format!("CODE_RUNNER_STORE {what}"));
    let mut url = Url::parse(address.expose()).map_err(|_| refused(format!("is none of {}", StoreChoice::ALLOWED)))?;
    let host = url.host_str().filter(|host| !host.is_empty() && !host.starts_with('%')).map(str::to_owned);
    let Some(host) = host else {
        return Err(refused("names no host; a database is reached over the network, not by a file".to_owned()));
    };
    let found = outside.clone().connections()?.address_of_ours(&host).await;
    let Some(ip) = found else {
        return Err(refused(format!("names the host {host}, which has no address that this host knows")));
    };
    let ip = if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() };
    url.set_host(Some(&ip)).map_err(|_| refused(format!("names the host {host}, which is no host")))?;
    let has_password = url.password().is_some() || url.query_pairs().any(|(name, _)| name == "password");
    if !has_password && std::env::var_os("PGPASSWORD").is_none() {
        // An empty one is one. For none, sqlx would look for a file in the home of this user, whom the C library can not look up
        // either: without HOME it loads a library of the host's for that and crashes.
        url.query_pairs_mut().append_pair("password", "");
    }
    Ok(Secret::new(url.as_str()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_host_is_looked_up_and_the_rest_of_the_address_stays() {
        let outside = Outside::given(None, Vec::new());
        let located = async |text: &str| located(&Secret::new(text), &outside).await;
        for address in [
            "postgres://ada:p%40ss@127.0.0.1:5433/runs?sslmode=require",
            "postgres://ada@[::1]/runs?password=x&sslmode=disable",
        ] {
            assert_eq!(located(address).await.unwrap().expose(), address);
        }
        let without = located("postgres://ada@127.0.0.1/runs").await.unwrap();
        assert_eq!(without.expose(), "postgres://ada@127.0.0.1/runs?password=", "nobody looks for one");
        let error = located("postgres://ada:hush@db.school.example/runs").await.unwrap_err().to_string();
        assert!(error.contains("db.school.example") && !error.contains("hush"), "{error}");
        let error = located("postgres://%2Frun%2Fpostgresql/runs").await.unwrap_err().to_string();
        assert!(error.contains("names no host"), "{error}");
    }
}
