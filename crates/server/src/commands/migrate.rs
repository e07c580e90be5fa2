//! `code-runner migrate`: copies what a server keeps in its file into a database that several nodes can share.
//!
//! The copying is the store's. Here it is only said from where, to where, how far it is and what to do next. The server must not
//! run meanwhile, and no node on the database; the file stays as it is.

use std::process::ExitCode;

use clap::Args;
use store::{Copied, DatabaseAddress};

use super::serve::DATABASE;
use crate::callbacks::outside::Outside;
use crate::config::{Config, Secret, SettingArgs, StoreChoice};
use crate::stores;

/// Where to copy to.
#[derive(Debug, Clone, Args)]
pub struct MigrateArgs {
    /// The address of an empty PostgreSQL database; without it, that of CODE_RUNNER_STORE or CODE_RUNNER_STORE_FILE, where other
    /// users of this host can not read the password.
    #[arg(long, value_name = "postgres://USER:PASSWORD@HOST:PORT/DATABASE")]
    to: Option<String>,
    #[command(flatten)]
    settings: SettingArgs,
}

impl MigrateArgs {
    /// The settings, and the address if it was given.
    pub fn split(self) -> (SettingArgs, Option<Secret>) {
        (self.settings, self.to.map(Secret::new))
    }
}

/// The command.
pub fn run(to: Option<Secret>, mut config: Config) -> ExitCode {
    let copied = || {
        let address = target(to, &mut config)?;
        let address = stores::prepare_address(&address, &Outside::read()).map_err(|error| error.to_string())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(|error| error.to_string())?.block_on(copy(address, &config))
    };
    match copied() {
        Ok(Copied { submissions, waiting, results, keys, .. }) => super::print(&format!(
            "copied {submissions} submissions ({waiting} of them wait), {results} results and {keys} API keys\n\
             Start the nodes with CODE_RUNNER_STORE set to this database. The file stays as it is: remove it when you need it no more.\n"
        )),
        Err(error) => {
            eprintln!("code-runner: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The address that was given here or in the settings.
fn target(to: Option<Secret>, config: &mut Config) -> Result<Secret, String> {
    if let Some(to) = to {
        return match StoreChoice::parse(to.expose()) {
            Some(StoreChoice::Postgres(address)) => Ok(address),
            _ => {
                Err("--to is no address of a database; allowed is postgres://USER:PASSWORD@HOST:PORT/DATABASE"
                    .to_owned())
            }
        };
    }
    stores::take_address_from_file(config).map_err(|error| error.to_string())?;
    match &config.store {
        StoreChoice::Postgres(address) => Ok(address.clone()),
        StoreChoice::Sqlite => Err("say where to copy to: --to, CODE_RUNNER_STORE or CODE_RUNNER_STORE_FILE \
             with postgres://USER:PASSWORD@HOST:PORT/DATABASE"
            .to_owned()),
    }
}

async fn copy(address: DatabaseAddress, config: &Config) -> Result<Copied, String> {
    let from = config.data_dir.join(DATABASE);
    eprintln!("copying {} ...", from.display());
    let mut told = 0;
    let progress = |copied: Copied| {
        let tenths = copied.rows * 10 / copied.of.max(1);
        if tenths > told {
            told = tenths;
            eprintln!("{} % of {} rows", tenths * 10, copied.of);
        }
    };
    store::copy(&from, address, progress).await.map_err(|error| error.to_string())
}
