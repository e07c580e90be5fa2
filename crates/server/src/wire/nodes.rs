//! The nodes that share a store, as `GET /health` tells of them.

use serde::Serialize;
use store::{KnownNode, Node};
use time::OffsetDateTime;
use utoipa::ToSchema;

/// A node that is there.
#[derive(Debug, Serialize, ToSchema)]
pub struct NodeHealth {
    /// What it is called.
    #[schema(example = "worker-1")]
    pub name: String,
    /// Its version of Code Runner.
    #[schema(example = "0.1.0")]
    pub version: String,
    /// How many submissions it runs at the same time; 0 if it only accepts.
    #[schema(example = 4)]
    pub workers: u32,
    /// The languages it runs, by their ids.
    #[schema(example = json!(["python"]))]
    pub languages: Vec<String>,
    /// It was told to stop and takes nothing new.
    pub draining: bool,
    /// How many seconds ago it was heard of.
    #[schema(example = 2)]
    pub seen_seconds_ago: u64,
}

impl NodeHealth {
    /// What is told of a node at this time.
    pub fn new(known: &KnownNode, now: OffsetDateTime) -> Self {
        let KnownNode { node, started_at: _, seen_at } = known;
        let Node { name, version, languages, workers, draining } = node;
        Self {
            name: name.clone(),
            version: version.clone(),
            workers: *workers,
            languages: languages.iter().map(|language| language.id.clone()).collect(),
            draining: *draining,
            // The clocks of this host and of the database may differ a little.
            seen_seconds_ago: u64::try_from((now - *seen_at).whole_seconds()).unwrap_or_default(),
        }
    }
}
