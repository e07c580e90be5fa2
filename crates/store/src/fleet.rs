//! What several nodes tell each other, through the store they share.
//!
//! A node is a process that accepts, runs, or does both. Nothing in its memory is needed by another to answer a request:
//! what another may want to know is here. A [`Notice`] only says that it is worth looking now; whoever misses one finds the
//! same a little later by polling.

use std::time::Duration;

use async_trait::async_trait;
use model::ExecId;
use time::OffsetDateTime;

use crate::{Lease, StoreError};

/// How long [`Fleet::watch`] lasts.
pub const WATCHED: Duration = Duration::from_secs(60);

/// Worth looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Something waits for a worker.
    Queued,
    /// This one is final.
    Finished(ExecId),
    /// The owner of this one, which runs, wants it cancelled.
    CancelAsked(ExecId),
    /// Somebody watches this one: whoever runs it is to [`Fleet::publish`] what happens to it.
    Watched(ExecId),
    /// Something was published of this one.
    Published(ExecId),
    /// The connection was lost for a while: any of the others may have been missed.
    Missed,
}

/// A node, as it tells of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Chosen at its start, and no other's; at most 100 bytes.
    pub name: String,
    /// The version of Code Runner.
    pub version: String,
    /// What it runs; none if it only accepts.
    pub languages: Vec<NodeLanguage>,
    /// How many submissions it runs at the same time; 0 if it only accepts.
    pub workers: u32,
    /// It takes nothing new.
    pub draining: bool,
}

/// A language of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeLanguage {
    /// Its id.
    pub id: String,
    /// The version of its tool chain, as `GET /languages` gives it.
    pub runtime: Option<String>,
}

/// A node that was heard of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownNode {
    /// As it told.
    pub node: Node,
    /// Since when it is there.
    pub started_at: OffsetDateTime,
    /// When it was heard of last.
    pub seen_at: OffsetDateTime,
}

/// Something that happened to a submission that runs, as whoever runs it wrote it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The fencing number of the attempt.
    pub attempt: i64,
    /// Its place among the events of this attempt; the first is 0.
    pub index: u32,
    /// What happened, in the words of whoever published it.
    pub event: Vec<u8>,
}

/// What several nodes share beside the queue.
#[async_trait]
pub trait Fleet: Send + Sync {
    /// Waits for the next notice. For one task at a time: a notice is given out once. The first is [`Notice::Missed`], when
    /// the connection is there; of one that is lost it says that again when it is there again, and until then nothing. So
    /// it does where notices came faster than they were fetched.
    async fn notice(&self) -> Notice;

    /// Says that this node is there, for the next `lease`; the same name replaces what was said before.
    async fn announce(&self, node: &Node, lease: Duration) -> Result<(), StoreError>;

    /// From now on what [`crate::Store::claim`] gives to this node is in one of these languages: those that it can run as things
    /// are. What waits in others is left to others. What it runs already goes on.
    fn claim_only(&self, languages: Vec<String>);

    /// Says that this node is gone.
    async fn leave(&self, name: &str) -> Result<(), StoreError>;

    /// The nodes whose lease lasts, by name. What has ended is deleted some time later.
    async fn nodes(&self) -> Result<Vec<KnownNode>, StoreError>;

    /// Takes a request of this owner, who has so many in a minute, by whatever node they come: all at once or evenly, as with a
    /// bucket that holds a minute's. Gives how many are left, or how long to wait for the next; a refusal costs nothing.
    async fn take_request(&self, owner: &str, per_minute: u32) -> Result<Result<u32, Duration>, StoreError>;

    /// Somebody watches this one from now on for [`WATCHED`], if it is not final. All nodes are told at once
    /// ([`Notice::Watched`]), and whoever claims it meanwhile once more with the claim: it may hear of it a moment before
    /// [`crate::Store::claim`] has answered.
    async fn watch(&self, id: ExecId) -> Result<(), StoreError>;

    /// Adds these events of the attempt that holds this lease, the first of which has this index. Those that are there already
    /// and those of an attempt that is not the last are left out. What is published is deleted when the submission is final
    /// or deleted, and may be gone after a crash of the store.
    async fn publish(&self, lease: Lease, first: u32, events: &[Vec<u8>]) -> Result<(), StoreError>;

    /// What was published of the last attempt of this submission: from `index` on if it is this attempt, and from the start
    /// if it is another one.
    async fn published(&self, id: ExecId, attempt: i64, index: u32) -> Result<Vec<Published>, StoreError>;

    /// The language of a submission of this owner that waits for a worker; `None` if it runs, is final, or there is none.
    async fn waits_in(&self, owner: &str, id: ExecId) -> Result<Option<String>, StoreError>;
}
