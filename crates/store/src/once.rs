//! Requests that their senders may repeat: what is accepted under an idempotency key is accepted once.
//!
//! What a repeated request is answered with, and what to say of a key that came with another request, is decided by whoever
//! asks; here is kept what was accepted, and from which request.

use std::time::Duration;

use model::{ExecId, Report, Submission};

/// The name a client gave to a request, for which it is accepted once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Whose name it is; the same one of another owner is another.
    pub owner: String,
    /// The name.
    pub key: String,
    /// SHA-256 of the request, to tell a copy from another request under the same name.
    pub request: [u8; 32],
    /// How long the name is kept from now, by the host's clock.
    pub kept: Duration,
}

/// What a request asks to be accepted: all or nothing.
#[derive(Debug, Clone, Copy)]
pub enum Submissions<'a> {
    /// One, with its report if it is final already.
    Single(&'a Submission, Option<&'a Report>),
    /// Those of a batch of this name, at least one, as [`crate::Store::submit_batch`] takes them.
    Batch(ExecId, &'a [(Submission, Option<Report>)]),
}

/// What became of [`Submissions`] under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accepted {
    /// They are on disk and will be finished.
    Now,
    /// Nothing was changed: the name was used before, for this.
    Before(Earlier),
}

/// What was accepted under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// SHA-256 of the request.
    pub request: [u8; 32],
    /// The batch, if it was one.
    pub batch: Option<ExecId>,
    /// The submissions, in their order; some may have been deleted since.
    pub submissions: Vec<ExecId>,
}
