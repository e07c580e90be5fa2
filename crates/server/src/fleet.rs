//! This node among others that share a store: what it tells them, and what it makes of what they tell.
//!
//! ```text
//!  store's notices --[bridge]--> workers (wake), long polls and callbacks (waiters), events, cancels, publisher
//!  [announcer] ----> store's list of nodes ----> [members] ----> languages, number of workers, GET /health
//!  a run here --[publisher]--> store <--[elsewhere]-- who watches it here, while it runs on another node
//! ```
//!
//! Nothing here decides anything about a submission. A notice only brings forward what a look would find; whoever waits
//! looks by himself now and then. Where there is no fleet (SQLite), nothing here is used.

mod abroad;
mod announcer;
mod bridge;
mod elsewhere;
mod members;
mod publisher;

use std::sync::Arc;

use store::Fleet;

pub use abroad::Abroad;
pub use announcer::{Announcer, Runs};
pub use bridge::Bridge;
pub use elsewhere::Elsewhere;
pub use members::{Available, Members};
pub use publisher::{Published, Publisher};

/// What the API of a node has of its fleet.
#[derive(Clone)]
pub struct Together {
    /// What all share.
    pub store: Arc<dyn Fleet>,
    /// Who is there.
    pub members: Arc<Members>,
}
