//! A standby that takes over from the primary while that is used.

use std::net::SocketAddr;

use sqlx::{Connection, Executor, PgConnection};
use testdb::{Server, Way};

use crate::outages::{signal, works_through};

/// The primary waits for its standby before it acknowledges anything (`synchronous_standby_names`), as an operator has to have it for
/// whom nothing may be lost with a machine.
#[tokio::test]
async fn a_standby_that_takes_over_under_load_has_what_was_acknowledged() {
    let primary = Server::start(&["--fsync"]);
    let (way, address) = Way::to_database(&primary.database().await);
    let standby = Server::start(&["--fsync", &format!("--standby-of={}", primary.address())]);
    let mut there = PgConnection::connect(primary.address()).await.unwrap();
    there.execute("ALTER SYSTEM SET synchronous_standby_names = '*'").await.unwrap();
    there.execute("SELECT pg_reload_conf()").await.unwrap();
    while row::<bool>(&mut there, "SELECT count(*) = 0 FROM pg_stat_replication WHERE sync_state = 'sync'").await {}
    let pid = primary.pid().await;
    works_through(&address, async || {
        signal("KILL", pid);
        let mut new = PgConnection::connect(standby.address()).await.unwrap();
        assert!(row::<bool>(&mut new, "SELECT pg_promote()").await, "it takes over");
        way.lead_to(host(standby.address()));
    })
    .await;
}

/// The one column of the one row that the database answers.
async fn row<T>(connection: &mut PgConnection, question: &'static str) -> T
where
    T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    let (column,) = sqlx::query_as(question).fetch_one(connection).await.unwrap();
    column
}

/// Where the server of this address of a database is.
fn host(address: &str) -> SocketAddr {
    let (host, _) = address.split_once('@').unwrap().1.split_once('/').unwrap();
    host.parse().unwrap()
}
