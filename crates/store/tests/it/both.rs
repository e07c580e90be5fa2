//! Both stores, so that one test is for both: what a test finds, and what it can do behind a store's back.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, SqliteConnection};
use store::{CallbackStore, HistoryStore, KeyStore, PostgresStore, SqliteStore, Store};
use tempfile::TempDir;

/// All that a store can be asked on one machine.
pub trait Everything: Store + KeyStore + CallbackStore + HistoryStore {}

impl<T: Store + KeyStore + CallbackStore + HistoryStore> Everything for T {}

/// A store of one kind, empty at first and for one test alone.
pub trait Scratch: Sized {
    /// Has no submission be accepted any more, because there is no room.
    const REFUSES: &'static str;
    /// Takes that back.
    const ACCEPTS: &'static str;

    /// Makes it.
    async fn empty() -> Self;

    /// The store.
    fn store(&self) -> &dyn Everything;

    /// The same store, closed and opened again.
    async fn restarted(self) -> Self;

    /// Has the database do something that the store does not know of.
    async fn tamper(&self, sql: &'static str);

    /// The number that the database answers this with.
    async fn number(&self, sql: &'static str) -> i64;
}

/// [`SqliteStore`] in a folder of its own.
pub struct Sqlite {
    store: SqliteStore,
    folder: TempDir,
}

impl Sqlite {
    async fn in_folder(folder: TempDir) -> Self {
        Self { store: SqliteStore::open(&folder.path().join("store.db")).await.unwrap(), folder }
    }

    /// Where its files are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    async fn connection(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(self.folder.path().join("store.db")).connect().await.unwrap()
    }
}

impl Scratch for Sqlite {
    const REFUSES: &'static str =
        "CREATE TRIGGER no_room BEFORE INSERT ON payloads BEGIN SELECT RAISE(ABORT, 'no room'); END";
    const ACCEPTS: &'static str = "DROP TRIGGER no_room";

    async fn empty() -> Self {
        Self::in_folder(tempfile::tempdir().unwrap()).await
    }

    fn store(&self) -> &dyn Everything {
        &self.store
    }

    async fn restarted(self) -> Self {
        self.store.close().await.unwrap();
        let Self { store, folder } = self;
        drop(store);
        Self::in_folder(folder).await
    }

    async fn tamper(&self, sql: &'static str) {
        let mut connection = self.connection().await;
        connection.execute(sql).await.unwrap();
        connection.close().await.unwrap();
    }

    async fn number(&self, sql: &'static str) -> i64 {
        let mut connection = self.connection().await;
        let (number,) = sqlx::query_as(sql).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        number
    }
}

/// [`PostgresStore`] in a database of its own.
pub struct Postgres {
    store: PostgresStore,
    address: String,
}

impl Postgres {
    async fn at(address: String) -> Self {
        Self { store: PostgresStore::connect(&address, None).await.unwrap(), address }
    }

    /// The store, with what only this kind can be asked.
    pub fn node(&self) -> &PostgresStore {
        &self.store
    }

    /// A way to the database that the store does not know of.
    pub async fn connection(&self) -> PgConnection {
        PgConnection::connect(&self.address).await.unwrap()
    }

    /// The same store, as another node has it.
    pub async fn another(&self) -> PostgresStore {
        PostgresStore::connect(&self.address, None).await.unwrap()
    }
}

impl Scratch for Postgres {
    const REFUSES: &'static str = "
        CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$;
        CREATE TRIGGER no_room BEFORE INSERT ON payloads FOR EACH ROW EXECUTE FUNCTION no_room()";
    const ACCEPTS: &'static str = "DROP FUNCTION no_room CASCADE";

    async fn empty() -> Self {
        Self::at(testdb::database().await).await
    }

    fn store(&self) -> &dyn Everything {
        &self.store
    }

    async fn restarted(self) -> Self {
        self.store.close().await;
        Self::at(self.address).await
    }

    async fn tamper(&self, sql: &'static str) {
        let mut connection = self.connection().await;
        connection.execute(sql).await.unwrap();
        connection.close().await.unwrap();
    }

    async fn number(&self, sql: &'static str) -> i64 {
        let mut connection = self.connection().await;
        let (number,) = sqlx::query_as(sql).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        number
    }
}

/// Makes two tests of each of these functions, which take a [`Scratch`].
macro_rules! on_both_stores {
    ($($name:ident)*) => {
        mod sqlite {
            use $crate::both::{Scratch, Sqlite};

            $(
                #[tokio::test]
                async fn $name() {
                    super::$name(Sqlite::empty().await).await;
                }
            )*
        }

        mod postgres {
            use $crate::both::{Postgres, Scratch};

            $(
                #[tokio::test]
                async fn $name() {
                    super::$name(Postgres::empty().await).await;
                }
            )*
        }
    };
}
pub(crate) use on_both_stores;
