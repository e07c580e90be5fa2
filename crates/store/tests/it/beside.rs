//! The keys of an SQLite file, beside the process that owns it.

use std::path::PathBuf;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor};
use store::{Added, KeyStore, LeaseUse, SqliteKeys, SqliteStore, Store};
use tempfile::TempDir;

use crate::keys::key;
use crate::samples::{claimed, ok, submitted};

struct Scratch {
    store: SqliteStore,
    path: PathBuf,
    _folder: TempDir,
}

impl Scratch {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        Self { store: SqliteStore::open(&path).await.unwrap(), path, _folder: folder }
    }
}

#[tokio::test]
async fn beside_the_owner_keys_can_be_changed_and_the_owner_sees_it() {
    let scratch = Scratch::open().await;
    let beside = SqliteKeys::open(&scratch.path).await.expect("the owner does not keep it out");
    let number = scratch.store.key_changes().await.unwrap();
    assert_eq!(beside.keys().add_key(&key("school-a")).await.unwrap(), Added::Done);
    assert_ne!(scratch.store.key_changes().await.unwrap(), number);
    assert_eq!(scratch.store.keys().await.unwrap(), beside.keys().keys().await.unwrap());
    beside.close().await.unwrap();
    // It took nothing with it: the owner goes on.
    submitted(&scratch.store).await;
    assert_eq!(scratch.store.finish(claimed(&scratch.store).await.lease, &ok()).await.unwrap(), LeaseUse::Done);
}

#[tokio::test]
async fn without_an_owner_the_file_is_made_and_an_owner_can_come() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let beside = SqliteKeys::open(&path).await.unwrap();
    beside.keys().add_key(&key("school-a")).await.unwrap();
    let store = SqliteStore::open(&path).await.expect("the command line does not keep a server out");
    assert_eq!(store.keys().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_file_of_another_schema_is_left_to_its_owner() {
    let scratch = Scratch::open().await;
    for (change, said) in [
        ("DELETE FROM _sqlx_migrations WHERE version > 1", "restart that one first"),
        ("UPDATE _sqlx_migrations SET version = 9999", "start the newer Code Runner"),
    ] {
        let mut connection = SqliteConnectOptions::new().filename(&scratch.path).connect().await.unwrap();
        connection.execute(change).await.unwrap();
        connection.close().await.unwrap();
        let Err(error) = SqliteKeys::open(&scratch.path).await else { panic!("it should be refused: {change}") };
        assert!(error.to_string().contains(said), "{error}");
    }
}
