//! Connections to the host of Code Runner, plain or with TLS.
//!
//! Names are resolved here and not by the C library, which is linked statically and would want to load the host's. Whose
//! certificates are good says the host, or `SSL_CERT_FILE` and `SSL_CERT_DIR`.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::system_conf::read_system_conf;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

/// Addresses of a name that are tried.
const MOST_ADDRESSES: usize = 4;
/// For a connection to one of them.
const CONNECT: Duration = Duration::from_secs(5);

/// Who resolves names and checks certificates.
pub struct Connections {
    resolver: Option<TokioResolver>,
    tls: TlsConnector,
}

/// A connection.
pub enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// Does what is sent there stay on this host?
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

impl Connections {
    /// As this host resolves names and trusts.
    pub fn of_this_host() -> Result<Self, String> {
        let resolver = match read_system_conf() {
            Ok((config, options)) => {
                let builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
                Some(builder.with_options(options).build().map_err(|error| error.to_string())?)
            }
            Err(error) => {
                tracing::warn!(%error, "names can not be resolved: /etc/resolv.conf can not be used");
                None
            }
        };
        let mut roots = RootCertStore::empty();
        // A host may have some that nobody can read.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { resolver, tls: TlsConnector::from(Arc::new(tls)) })
    }

    /// To the first address of the host that answers.
    pub async fn to(&self, url: &Url) -> Result<Stream, String> {
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err("the address has no host".to_owned());
        };
        let mut failed = "the name of the host could not be resolved".to_owned();
        for ip in self.addresses(&host).await.into_iter().take(MOST_ADDRESSES) {
            let stream = match timeout(CONNECT, TcpStream::connect(SocketAddr::new(ip, port))).await {
                Ok(Ok(stream)) => stream,
                Ok(Err(error)) => {
                    failed = error.to_string();
                    continue;
                }
                Err(_) => {
                    failed = format!("no connection in {} s", CONNECT.as_secs());
                    continue;
                }
            };
            if url.scheme() != "https" {
                return Ok(Stream::Plain(stream));
            }
            let name = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
            let name = ServerName::try_from(name).map_err(|error| error.to_string())?;
            let stream = timeout(CONNECT, self.tls.connect(name, stream)).await;
            let stream = stream.map_err(|_| "TLS took too long".to_owned())?.map_err(|error| error.to_string())?;
            return Ok(Stream::Tls(Box::new(stream)));
        }
        Err(failed)
    }

    async fn addresses(&self, host: &Host<&str>) -> Vec<IpAddr> {
        match host {
            Host::Ipv4(ip) => vec![(*ip).into()],
            Host::Ipv6(ip) => vec![(*ip).into()],
            Host::Domain("localhost") => vec![IpAddr::from([127, 0, 0, 1]), std::net::Ipv6Addr::LOCALHOST.into()],
            Host::Domain(name) => match &self.resolver {
                Some(resolver) => match resolver.lookup_ip(*name).await {
                    Ok(found) => found.iter().collect(),
                    Err(error) => {
                        tracing::debug!(%error, "the host of Code Runner has no address");
                        Vec::new()
                    }
                },
                None => Vec::new(),
            },
        }
    }
}
