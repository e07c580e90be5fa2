//! Callbacks: whom to tell of a result, kept with the result until it was told.
//!
//! ```text
//!  report written  ->  waiting  --claim-->  being tried  -->  delivered
//!                         ^                     |    |
//!                         +--- failed, again ---+    +-->  dead: tried often enough
//!                         +--- asked for again: from any of them
//! ```
//!
//! A row is there as soon as the report is, or neither is. Whoever claims one has to say what came of it within the time of
//! the claim; else it is tried again, so that it is told once or more. How it is told, how often and when is for whoever
//! claims; here is kept what came of it.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use model::{ExecId, Report};
use time::OffsetDateTime;

use crate::StoreError;

/// Bytes of a secret with which callbacks are signed.
pub const CALLBACK_SECRET_BYTES: usize = 32;

/// A callback that is to be tried now.
#[derive(Debug, Clone, PartialEq)]
pub struct DueCallback {
    /// The try, to say what came of it.
    pub attempt: Attempt,
    /// Whose submission it is.
    pub owner: String,
    /// Where it goes.
    pub url: String,
    /// How often it was tried, this time included; 1 is the first.
    pub tries: u32,
    /// What is told.
    pub report: Report,
}

/// One try of one callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// Of which submission.
    pub id: ExecId,
    /// The fencing number; grows with every try.
    pub fence: i64,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// It was taken.
    Delivered,
    /// It was not.
    Failed {
        /// Why, for the owner.
        reason: String,
        /// After what time to try again; none if it was tried often enough.
        again: Option<Duration>,
    },
}

/// How far a callback is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackState {
    /// It is tried now or will be.
    Waiting,
    /// It was taken.
    Delivered,
    /// It was tried as often as it is.
    Dead,
}

/// What is known of a callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackStatus {
    /// How far it is.
    pub state: CallbackState,
    /// How often it was tried since the result came, or since it was asked for again.
    pub tries: u32,
    /// The next try is then at the earliest, if it waits.
    pub next_try_at: Option<OffsetDateTime>,
    /// Why the last try failed, if one has.
    pub last_error: Option<String>,
}

/// A secret with which callbacks are signed. Its bytes are in no message.
#[derive(Clone, PartialEq, Eq)]
pub struct CallbackSecret(pub [u8; CALLBACK_SECRET_BYTES]);

impl fmt::Debug for CallbackSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallbackSecret(hidden)")
    }
}

/// The secrets of an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackSecrets {
    /// The one that stays.
    pub current: CallbackSecret,
    /// The one before it, and until when callbacks are signed with it, too.
    pub previous: Option<(CallbackSecret, OffsetDateTime)>,
}

/// The callbacks, kept beside the results they tell of.
#[async_trait]
pub trait CallbackStore: Send + Sync {
    /// Hands out the callback that is due for the longest time, of an owner that is not `busy`, if one is due. It is handed
    /// out again unless it is said within `lease`, by the host's clock, what came of it.
    async fn claim_callback(&self, busy: &[String], lease: Duration) -> Result<Option<DueCallback>, StoreError>;

    /// Says what came of a try. `false` if another try has begun since, or the result was deleted; nothing was changed then.
    async fn callback_tried(&self, attempt: Attempt, tried: Tried) -> Result<bool, StoreError>;

    /// How far the callback of a submission of this owner is; none if there is no such id, it is another's, has no
    /// callback, or is not final.
    async fn callback(&self, owner: &str, id: ExecId) -> Result<Option<CallbackStatus>, StoreError>;

    /// Has it tried again from the start, whatever became of it. `false` where [`CallbackStore::callback`] has none.
    async fn redeliver(&self, owner: &str, id: ExecId) -> Result<bool, StoreError>;

    /// The secrets of this owner; `fresh` becomes the current one if there is none yet.
    async fn callback_secrets(&self, owner: &str, fresh: CallbackSecret) -> Result<CallbackSecrets, StoreError>;

    /// Makes `fresh` the current secret of this owner. The one it had is used for `overlap` more, one before that no longer.
    async fn rotate_callback_secret(
        &self,
        owner: &str,
        fresh: CallbackSecret,
        overlap: Duration,
    ) -> Result<CallbackSecrets, StoreError>;
}
