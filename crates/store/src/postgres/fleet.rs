//! What several nodes share beside the queue: [`Fleet`]. Each part is in a file of its own.

use std::time::Duration;

use async_trait::async_trait;
use model::ExecId;

use super::attempt::ask;
use super::{PostgresStore, live, nodes, requests, waits};
use crate::fleet::{Fleet, KnownNode, Node, Notice, Published};
use crate::{Lease, StoreError};

#[async_trait]
impl Fleet for PostgresStore {
    async fn notice(&self) -> Notice {
        self.notices.next().await
    }

    async fn announce(&self, node: &Node, lease: Duration) -> Result<(), StoreError> {
        ask!(&self.database, "announcing a node", connection => nodes::announce(connection, node, lease))
    }

    fn claim_only(&self, languages: Vec<String>) {
        self.set_languages(languages);
    }

    async fn leave(&self, name: &str) -> Result<(), StoreError> {
        ask!(&self.database, "taking leave of a node", connection => nodes::leave(connection, name))
    }

    async fn nodes(&self) -> Result<Vec<KnownNode>, StoreError> {
        ask!(&self.database, "reading the nodes", connection => nodes::all(connection))
    }

    async fn take_request(&self, owner: &str, per_minute: u32) -> Result<Result<u32, Duration>, StoreError> {
        ask!(self.database.for_request(), "counting a request", connection => requests::take(connection, owner, per_minute))
    }

    async fn watch(&self, id: ExecId) -> Result<(), StoreError> {
        ask!(self.database.for_request(), "watching a submission", connection => live::watch(connection, id))
    }

    async fn publish(&self, lease: Lease, first: u32, events: &[Vec<u8>]) -> Result<(), StoreError> {
        let context = "publishing what happens to a submission";
        ask!(&self.database, context, connection => live::publish(connection, lease, first, events))
    }

    async fn published(&self, id: ExecId, attempt_seen: i64, index: u32) -> Result<Vec<Published>, StoreError> {
        let (database, context) = (self.database.for_request(), "reading what happens to a submission");
        ask!(database, context, connection => live::published(connection, id, attempt_seen, index))
    }

    async fn waits_in(&self, owner: &str, id: ExecId) -> Result<Option<String>, StoreError> {
        let (database, context) = (self.database.for_request(), "reading what a submission waits for");
        ask!(database, context, connection => waits::language(connection, owner, id))
    }
}
