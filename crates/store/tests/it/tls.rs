//! A database that has to prove who it is, and one that asks that of its clients. Names are tried with a whole server
//! (`crates/server/tests/e2e/database.rs`); here the database is known by its number.

use sqlx::{Connection, Executor, PgConnection};
use store::{ClientCertificate, DatabaseAddress, PostgresStore, Store};
use testdb::{Authority, Identity, Server};

/// A database of this server, with an authority that may have signed its certificate.
async fn address(server: &Server, mode: &str, authority: &Authority) -> DatabaseAddress {
    DatabaseAddress {
        url: format!("{}?sslmode={mode}", server.database().await),
        authorities: Some(authority.certificate.clone().into_bytes()),
        client: None,
    }
}

/// Why no store is opened there.
async fn refusal(address: DatabaseAddress) -> String {
    PostgresStore::connect(address, None).await.err().expect("it is refused").to_string()
}

fn refuses(said: &str, reason: &str) {
    assert!(said.contains("does not prove to be it") && said.contains(reason), "{said}");
}

#[tokio::test]
async fn a_database_is_believed_that_has_a_certificate_of_the_authority_for_its_address() {
    let authority = Authority::new("ours");
    let server = Server::start_with_tls(&authority.sign(&["127.0.0.1"]), &[]);
    for mode in ["verify-full", "verify-ca"] {
        let store = PostgresStore::connect(address(&server, mode, &authority).await, None).await.unwrap();
        assert_eq!(store.totals().await.unwrap().in_progress, 0);
        store.close().await;
    }
    for mode in ["verify-full", "verify-ca"] {
        for (name, reason) in [("another", "UnknownIssuer"), ("ours", "BadSignature")] {
            refuses(&refusal(address(&server, mode, &Authority::new(name)).await).await, reason);
        }
    }
}

#[tokio::test]
async fn a_certificate_for_another_address_proves_the_authority_alone() {
    let authority = Authority::new("ours");
    let server = Server::start_with_tls(&authority.sign(&["127.0.0.9", "db.school.example"]), &[]);
    PostgresStore::connect(address(&server, "verify-ca", &authority).await, None).await.unwrap();
    refuses(&refusal(address(&server, "verify-full", &authority).await).await, "not valid for name \"127.0.0.1\"");
}

#[tokio::test]
async fn a_certificate_that_has_expired_proves_nothing() {
    let authority = Authority::new("ours");
    let server = Server::start_with_tls(&authority.sign_expired(&["127.0.0.1"]), &[]);
    for mode in ["verify-full", "verify-ca"] {
        refuses(&refusal(address(&server, mode, &authority).await).await, "certificate expired");
    }
}

#[tokio::test]
async fn a_database_without_tls_is_not_talked_to_where_tls_is_asked_for() {
    for mode in ["verify-full", "verify-ca", "require"] {
        let said = refusal(address(Server::shared(), mode, &Authority::new("ours")).await).await;
        assert!(said.contains("server does not support TLS"), "{said}");
    }
}

#[tokio::test]
async fn a_certificate_is_shown_to_a_database_that_asks_for_one() {
    let authority = Authority::new("ours");
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let (roots, rules) = (folder.path().join("root.crt"), folder.path().join("pg_hba.conf"));
    std::fs::write(&roots, &authority.certificate).unwrap();
    std::fs::write(&rules, "hostssl all guest all trust clientcert=verify-ca\nhost all postgres all trust\n").unwrap();
    let server = Server::start_with_tls(
        &authority.sign(&["127.0.0.1"]),
        &[&format!("ssl_ca_file={}", roots.display()), &format!("hba_file={}", rules.display())],
    );
    let mut connection = PgConnection::connect(server.address()).await.unwrap();
    connection.execute("CREATE ROLE guest LOGIN SUPERUSER").await.unwrap();
    connection.close().await.unwrap();

    let mut address = address(&server, "verify-full", &authority).await;
    address.url = address.url.replace("postgres@", "guest@");
    let said = refusal(address.clone()).await;
    assert!(said.contains("client certificate"), "{said}");
    let with = |Identity { certificate, key }: Identity| DatabaseAddress {
        client: Some(ClientCertificate { chain: certificate.into_bytes(), key: key.into_bytes() }),
        ..address.clone()
    };
    PostgresStore::connect(with(authority.sign(&["guest"])), None).await.unwrap();
    refusal(with(Authority::new("ours").sign(&["guest"]))).await;
}
