//! The contract for PostgreSQL, and what only a database that others share can get wrong.

use std::ops::Deref;

use store::PostgresStore;

crate::contract::contract!(Scratch::open);

/// A store in a database of its own.
struct Scratch {
    store: PostgresStore,
}

impl Scratch {
    async fn open() -> Self {
        let store = PostgresStore::connect(&testdb::database().await, None).await.unwrap();
        Self { store }
    }
}

impl Deref for Scratch {
    type Target = PostgresStore;

    fn deref(&self) -> &PostgresStore {
        &self.store
    }
}
