//! The side of a node that accepts submissions and tells of them.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use executor::Executor;
use store::KeyStore;

use super::common::Common;
use crate::app::{self, AppState};
use crate::backlog::Backlog;
use crate::config::Config;
use crate::fleet::Together;
use crate::hosts::Hosts;
use crate::keyring::Keyring;
use crate::keys::{self, FirstKey};
use crate::validate::Rules;

/// What only this side has.
pub(super) struct ApiSide {
    pub key: FirstKey,
    pub keys: Arc<dyn KeyStore>,
    pub rules: Rules,
    pub executor: Arc<dyn Executor>,
}

impl ApiSide {
    /// All that can be asked for at this address.
    pub fn router(self, config: &Config, common: &Common, fleet: Option<Together>, address: SocketAddr) -> Router {
        let Self { key, keys, rules, executor } = self;
        let common = common.clone();
        app::router(Arc::new(AppState {
            callbacks: common.callbacks,
            store: common.store,
            executor,
            rules,
            keys: Keyring::new(key.secret(), keys),
            backlog: Backlog::new(config.max_queued),
            throughput: common.throughput,
            wake: common.wake,
            waiters: common.waiters,
            events: common.events,
            cancels: common.cancels,
            log: common.log,
            pace: config.pace(),
            hosts: Hosts::new(config.hosts.as_deref(), address.ip()),
            cors_origins: config.cors_origins.clone().unwrap_or_default(),
            pages: config.pages,
            traces: common.traces,
            fleet,
            draining: common.draining,
            observed: common.observed,
            history: common.history,
        }))
    }

    /// The one time a key is shown: when it was made, to whoever started the server.
    pub fn show_new_key(&self, config: &Config, address: SocketAddr) {
        let FirstKey::Made(key) = &self.key else { return };
        let (key, file) = (key.expose(), config.data_dir.join(keys::FILE));
        println!("An API key was made and is kept in {}. It is shown only now:", file.display());
        println!("\n  {key}\n\nTry it:\n");
        println!("  curl -i http://{address}/run -H 'x-api-key: {key}' -H 'content-type: application/json' \\");
        println!(r#"    -d '{{"code":"return str(int(input_str) * int(input_str))","inputs":["4","x"]}}'"#);
        println!();
    }
}
