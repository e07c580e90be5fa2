//! What several nodes share beside the queue: [`Fleet`]. Each part is in a file of its own.

use std::time::Duration;

use async_trait::async_trait;
use model::ExecId;

use super::attempt::attempt;
use super::{PostgresStore, live, nodes, requests, waits};
use crate::fleet::{Fleet, KnownNode, Node, Notice, Published};
use crate::{Lease, StoreError};

#[async_trait]
impl Fleet for PostgresStore {
    async fn notice(&self) -> Notice {
        self.notices.next().await
    }

    async fn announce(&self, node: &Node, lease: Duration) -> Result<(), StoreError> {
        attempt("announcing a node", || nodes::announce(self.database.pool(), node, lease)).await
    }

    fn claim_only(&self, languages: Vec<String>) {
        self.set_languages(languages);
    }

    async fn leave(&self, name: &str) -> Result<(), StoreError> {
        attempt("taking leave of a node", || nodes::leave(self.database.pool(), name)).await
    }

    async fn nodes(&self) -> Result<Vec<KnownNode>, StoreError> {
        attempt("reading the nodes", || nodes::all(self.database.pool())).await
    }

    async fn take_request(&self, owner: &str, per_minute: u32) -> Result<Result<u32, Duration>, StoreError> {
        attempt("counting a request", || requests::take(self.database.pool(), owner, per_minute)).await
    }

    async fn watch(&self, id: ExecId) -> Result<(), StoreError> {
        attempt("watching a submission", || live::watch(self.database.pool(), id)).await
    }

    async fn publish(&self, lease: Lease, first: u32, events: &[Vec<u8>]) -> Result<(), StoreError> {
        attempt("publishing what happens to a submission", || live::publish(self.database.pool(), lease, first, events))
            .await
    }

    async fn published(&self, id: ExecId, attempt_seen: i64, index: u32) -> Result<Vec<Published>, StoreError> {
        let read = || live::published(self.database.pool(), id, attempt_seen, index);
        attempt("reading what happens to a submission", read).await
    }

    async fn waits_in(&self, owner: &str, id: ExecId) -> Result<Option<String>, StoreError> {
        let read = || waits::language(self.database.pool(), owner, id);
        attempt("reading what a submission waits for", read).await
    }
}
