//! Why a node does not run.

use std::io;
use std::net::SocketAddr;

use store::StoreError;

use crate::callbacks::outside::OutsideError;
use crate::config::StoreChoice;
use crate::keys::KeyError;
use crate::privileges::PrivilegeError;

/// Why the server does not run. Fits after "code-runner: ".
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// There is no key to start with.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Nothing can be run on this host.
    #[error("{0}")]
    Backend(String),
    /// The address is taken or not ours.
    #[error("CODE_RUNNER_LISTEN is {address}, where nothing can listen: {source}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The server could not be made harmless.
    #[error(transparent)]
    Privileges(#[from] PrivilegeError),
    /// The launcher died under the server.
    #[error("the launcher ended before the server did")]
    LauncherLost,
    /// The settings and the languages do not fit.
    #[error("{0}")]
    Rules(String),
    /// The execution log can not be opened.
    #[error("the log directory {folder} can not be used: {source}")]
    Log {
        /// The folder.
        folder: String,
        /// Why.
        source: io::Error,
    },
    /// Callbacks can not be sent.
    #[error("callbacks can not be sent: {0}")]
    Callbacks(#[from] OutsideError),
    /// Spans can not be sent.
    #[error("{0}")]
    Traces(String),
    /// The store does not work.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store is one server's alone, and is to be shared.
    #[error(
        "{0} is for several nodes that share a database: set CODE_RUNNER_STORE to {allowed}",
        allowed = StoreChoice::ALLOWED
    )]
    NotShared(&'static str),
    /// The address of the database can not be used. What it says of it names no password.
    #[error("{0}")]
    StoreAddress(String),
    /// There is nothing to do.
    #[error("a node has to accept submissions or to run them")]
    Idle,
    /// The operating system refused something the server needs.
    #[error("the server can not run: {0}")]
    System(#[from] io::Error),
}
