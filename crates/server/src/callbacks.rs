//! Callbacks: telling a platform of a result, where it gave an address for that.
//!
//! ```text
//!  result written --+                    +--> [targets]: is this an address to which callbacks may go?
//!  (store)          |                    |
//!                   +--> [courier] --> [post] --> [outside]: the addresses of a name, whom to trust
//!                          ^   |         |
//!         again, later ----+   |         +--> [signature]
//!                              v
//!                        delivered, or dead
//! ```
//!
//! What is to be told is a row of the store, written with the result, and so it is told once or more, whatever fails: see
//! [`store::CallbackStore`].
//!
//! **A callback is the one thing for which the server connects to others**, and where to is said by a client. So nobody is
//! connected to but an address that was looked at: a name is resolved here, the addresses are checked, and the connection
//! goes to one of those and is not resolved again. No proxy and no redirect is followed, and of the answer the status counts.
//!
//! Results are read and secrets kept by the store; requests of clients about callbacks are answered by `api::callbacks`.

pub mod courier;
pub mod outside;
pub mod post;
pub mod signature;
pub mod targets;

use std::sync::Arc;
use std::time::Duration;

use store::{CALLBACK_SECRET_BYTES, CallbackSecret, CallbackSecrets, CallbackStore, StoreError};
use tokio::sync::Notify;

/// How long callbacks are signed with the secret before the present one, too.
pub const OVERLAP: Duration = Duration::from_secs(24 * 60 * 60);

/// What requests about callbacks need.
#[derive(Clone)]
pub struct Callbacks {
    /// Where they are kept.
    pub store: Arc<dyn CallbackStore>,
    /// Notified when there may be one to send.
    pub wake: Arc<Notify>,
}

/// Why an owner's secrets are not known.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// There is no randomness to make one of.
    #[error("a secret for callbacks can not be made without random bytes: {0}")]
    Random(#[from] getrandom::Error),
    /// They can not be read or kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The secrets of this owner; the first is made when it is asked for.
///
/// # Errors
/// [`SecretError`].
pub async fn secrets(store: &dyn CallbackStore, owner: &str) -> Result<CallbackSecrets, SecretError> {
    Ok(store.callback_secrets(owner, fresh()?).await?)
}

/// Gives this owner another secret; the present one is used beside it for [`OVERLAP`].
///
/// # Errors
/// [`SecretError`].
pub async fn rotate_secret(store: &dyn CallbackStore, owner: &str) -> Result<CallbackSecrets, SecretError> {
    Ok(store.rotate_callback_secret(owner, fresh()?, OVERLAP).await?)
}

fn fresh() -> Result<CallbackSecret, getrandom::Error> {
    let mut bytes = [0; CALLBACK_SECRET_BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(CallbackSecret(bytes))
}
