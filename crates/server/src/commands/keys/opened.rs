//! Where the keys are that `code-runner keys` works on: in the data directory, or in the database of the settings.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::process::ExitCode;

use store::{DatabaseAddress, KeyStore, PostgresStore, SqliteKeys};

use crate::callbacks::outside::Outside;
use crate::commands;
use crate::commands::serve::DATABASE;
use crate::config::{Config, StoreChoice};
use crate::node::ServeError;
use crate::stores;

/// Opens the keys of the data directory, or of the database, for `action`, and prints what it gives.
pub fn with_keys(config: &Config, action: impl AsyncFnOnce(&dyn KeyStore) -> Result<String, String>) -> ExitCode {
    let acted = || {
        let database = database(config).map_err(|error| error.to_string())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(|error| error.to_string())?.block_on(act(config, database, action))
    };
    match acted() {
        Ok(text) => commands::print(&text),
        Err(error) => {
            eprintln!("code-runner: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The database of the settings, if they name one.
fn database(config: &Config) -> Result<Option<DatabaseAddress>, ServeError> {
    let mut config = config.clone();
    stores::take_address_from_file(&mut config)?;
    match &config.store {
        StoreChoice::Sqlite => Ok(None),
        StoreChoice::Postgres(address) => stores::prepare_address(address, &Outside::read()).map(Some),
    }
}

async fn act(
    config: &Config,
    database: Option<DatabaseAddress>,
    action: impl AsyncFnOnce(&dyn KeyStore) -> Result<String, String>,
) -> Result<String, String> {
    if let Some(address) = database {
        let connected = PostgresStore::connect(address, Some(Vec::new())).await;
        let keys = connected.map_err(|error| error.to_string())?;
        let outcome = action(&keys).await;
        keys.close().await;
        return outcome;
    }
    let folder = &config.data_dir;
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| format!("the data directory {} can not be used: {error}", folder.display()))?;
    let keys = SqliteKeys::open(&folder.join(DATABASE)).await.map_err(|error| error.to_string())?;
    let outcome = action(keys.keys()).await;
    keys.close().await.map_err(|error| error.to_string())?;
    outcome
}
