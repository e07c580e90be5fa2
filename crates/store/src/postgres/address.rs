//! Where a database is, and what TLS to it takes.
//!
//! What is a file elsewhere is its content here: who opens a store may not see the host's files any more, and connections are
//! made for as long as the store is open. Whether what is given fits together, and is good for anything, is said by whoever gives it.

use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

/// The address of a database, with the certificates that its `sslmode` calls for.
///
/// Not shown by `Debug`: it may hold a password and a key.
#[derive(Clone)]
pub struct DatabaseAddress {
    /// `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with parameters as libpq has them; of those that name files, the fields below
    /// stand in their place.
    pub url: String,
    /// Who may have signed the server's certificate, as PEM; without it, whom the host trusts at each moment.
    pub authorities: Option<Vec<u8>>,
    /// What the server may ask for to see who connects.
    pub client: Option<ClientCertificate>,
}

/// A certificate to show, and its key.
#[derive(Clone)]
pub struct ClientCertificate {
    /// The certificate, and those between it and an authority, as PEM.
    pub chain: Vec<u8>,
    /// Its private key, as PEM.
    pub key: Vec<u8>,
}

impl From<&str> for DatabaseAddress {
    fn from(url: &str) -> Self {
        Self { url: url.to_owned(), authorities: None, client: None }
    }
}

impl From<&String> for DatabaseAddress {
    fn from(url: &String) -> Self {
        Self::from(url.as_str())
    }
}

impl DatabaseAddress {
    /// Options under which each connection looks the host up anew.
    pub(super) fn options(self) -> Result<PgConnectOptions, sqlx::Error> {
        let Self { url, authorities, client } = self;
        let mut options = PgConnectOptions::from_str(&url)?;
        // In a URL it has brackets, for whoever connects and for a certificate it has none.
        if let Some(ip) = options.get_host().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let ip = ip.to_owned();
            options = options.host(&ip);
        }
        if let Some(pem) = authorities {
            options = options.ssl_root_cert_from_pem(pem);
        }
        if let Some(ClientCertificate { chain, key }) = client {
            options = options.ssl_client_cert_from_pem(chain).ssl_client_key_from_pem(key);
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_numeric_address_has_no_brackets_for_whoever_connects() {
        for (url, host) in [
            ("postgres://ada@[::1]/runs?password=x", "::1"),
            ("postgres://ada@127.0.0.1/runs?password=x", "127.0.0.1"),
            ("postgres://ada@db.school.example/runs?password=x", "db.school.example"),
        ] {
            assert_eq!(DatabaseAddress::from(url).options().unwrap().get_host(), host);
        }
    }
}
