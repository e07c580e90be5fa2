//! What the server has to know of the world outside to send callbacks and to believe a database: who resolves names, and whose
//! certificates are good.
//!
//! Both are in files of the host, which are out of sight once the server has given its privileges up
//! ([`crate::privileges`]). So they are read before, once; what changes in them counts from the next start.
//!
//! Names are resolved here and not by the C library: an address has to be looked at before anybody connects to it. Only where a
//! database is, which the operator says, that library finds out ([`crate::stores`]).

use std::net::IpAddr;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hickory_resolver::config::{ResolverConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::system_conf::read_system_conf;
use hickory_resolver::{Hosts, TokioResolver};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};
use url::Host;

/// What was read of the host.
#[derive(Clone)]
pub struct Outside {
    /// None if nobody resolves names.
    names: Option<(ResolverConfig, ResolverOpts)>,
    /// Names that are known without asking.
    hosts: Arc<Hosts>,
    /// Who signs certificates.
    authorities: Vec<CertificateDer<'static>>,
}

/// Who resolves names and checks certificates.
pub struct Connections {
    resolver: Option<TokioResolver>,
    /// For `https`.
    pub tls: TlsConnector,
}

/// Why there are no [`Connections`].
#[derive(Debug, thiserror::Error)]
pub enum OutsideError {
    /// TLS can not be used.
    #[error("TLS can not be used: {0}")]
    Tls(#[from] rustls::Error),
    /// Nobody can resolve names.
    #[error("names can not be resolved: {0}")]
    Names(#[from] hickory_resolver::net::NetError),
}

impl Outside {
    /// Reads `/etc/resolv.conf`, `/etc/hosts` and the host's certificates, or those that `SSL_CERT_FILE` or `SSL_CERT_DIR`
    /// names. What is missing is logged: the server runs without, and callbacks that need it fail.
    pub fn read() -> Self {
        let names = read_system_conf();
        if let Err(error) = &names {
            tracing::warn!(%error, "names of hosts can not be resolved: /etc/resolv.conf can not be used");
        }
        let found = rustls_native_certs::load_native_certs();
        if found.certs.is_empty() {
            tracing::warn!(errors = ?found.errors, "https can not be used: this host has no certificates of authorities");
        }
        let hosts = Arc::new(Hosts::from_system().unwrap_or_default());
        Self { names: names.ok(), hosts, authorities: found.certs }
    }

    /// With these and nothing of the host: for tests, and where no callback is sent.
    pub fn given(names: Option<(ResolverConfig, ResolverOpts)>, authorities: Vec<CertificateDer<'static>>) -> Self {
        Self { names, hosts: Arc::default(), authorities }
    }

    /// Who signs certificates, as PEM, but for those that nobody can read. None if there are none.
    pub fn authorities_as_pem(&self) -> Option<Vec<u8>> {
        let mut roots = RootCertStore::empty();
        let mut pem = String::new();
        for authority in &self.authorities {
            if roots.add(authority.clone()).is_ok() {
                let text = BASE64_STANDARD.encode(authority);
                pem += &format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n");
            }
        }
        (!pem.is_empty()).then(|| pem.into_bytes())
    }

    /// To be used within a tokio runtime.
    ///
    /// # Errors
    /// [`OutsideError`], if what was read can not be used at all.
    pub fn connections(self) -> Result<Connections, OutsideError> {
        let Self { names, hosts, authorities } = self;
        let resolver = names.map(|(config, options)| {
            let builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
            builder.with_options(options).build().map(|mut resolver| {
                resolver.set_hosts(hosts);
                resolver
            })
        });
        let mut roots = RootCertStore::empty();
        // A host may have some that nobody can read.
        roots.add_parsable_certificates(authorities);
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Connections { resolver: resolver.transpose()?, tls: TlsConnector::from(Arc::new(tls)) })
    }
}

impl Connections {
    /// The addresses of a host; none if it has none, or nobody knows.
    pub async fn addresses(&self, host: &Host<&str>) -> Vec<IpAddr> {
        match host {
            Host::Ipv4(ip) => vec![(*ip).into()],
            Host::Ipv6(ip) => vec![(*ip).into()],
            Host::Domain(name) => {
                let Some(resolver) = &self.resolver else { return Vec::new() };
                // As it stands, without the domains that the host would try for a short name.
                let name = format!("{}.", name.trim_end_matches('.'));
                match resolver.lookup_ip(name).await {
                    Ok(found) => found.iter().collect(),
                    Err(error) => {
                        tracing::debug!(%error, "the host of a callback has no address");
                        Vec::new()
                    }
                }
            }
        }
    }
}
