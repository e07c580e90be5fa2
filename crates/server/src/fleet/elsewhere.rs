//! Watching a submission that runs on another node.

use std::sync::Arc;
use std::time::Duration;

use model::ExecId;
use store::{Fleet, StoreError, WATCHED};
use tokio::time::Instant;

use crate::events::{Event, Position};

/// How long before its end a watch is renewed at the latest.
const MARGIN: Duration = Duration::from_secs(30);

/// One who watches.
pub struct Elsewhere {
    fleet: Arc<dyn Fleet>,
    id: ExecId,
    /// When whoever runs it was last told that somebody watches.
    told_at: Option<Instant>,
}

impl Elsewhere {
    /// Nobody is told before the first look.
    pub fn new(fleet: Arc<dyn Fleet>, id: ExecId) -> Self {
        Self { fleet, id, told_at: None }
    }

    /// What was published since, each with the position behind it. An attempt other than that of the position is told from
    /// its beginning.
    ///
    /// # Errors
    /// The store's.
    pub async fn since(&mut self, position: Position) -> Result<Vec<(Position, Event)>, StoreError> {
        if self.told_at.is_none_or(|told_at| told_at.elapsed() > WATCHED.saturating_sub(MARGIN)) {
            self.fleet.watch(self.id).await?;
            self.told_at = Some(Instant::now());
        }
        let read = u32::try_from(position.read).unwrap_or(u32::MAX);
        let published = self.fleet.published(self.id, position.attempt, read).await?;
        let events = published.into_iter().filter_map(|published| {
            let behind = Position { attempt: published.attempt, read: published.index as usize + 1 };
            // What a later version has to tell is left to the result.
            serde_json::from_slice(&published.event).ok().map(|event| (behind, event))
        });
        Ok(events.collect())
    }
}
