//! One request to a Code Runner server, over HTTP or HTTPS.
//!
//! Names are resolved and certificates checked as for callbacks ([`crate::callbacks::outside`]). A request has a connection of its
//! own; its time and the size of its answer are bounded. Nothing is tried again here, and no redirect followed: the key is for
//! one server.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::rustls::pki_types::ServerName;
use url::{Host, Position, Url};

use crate::callbacks::outside::{Connections, Outside};
use crate::config::Secret;

/// Addresses of a name that are tried.
const MOST_ADDRESSES: usize = 4;
/// For a connection to one of them.
const CONNECT: Duration = Duration::from_secs(10);
/// For a whole request, in which the server may wait for a result.
const WHOLE: Duration = Duration::from_secs(120);
/// Bytes of an answer: the results of many tests with long outputs.
const MOST_ANSWER: usize = 256 * 1024 * 1024;

/// A server, and the key to it.
pub struct Client {
    base: Url,
    key: Secret,
    connections: Connections,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The name has no address, or nobody can say.
    #[error("the name of the server could not be resolved")]
    Unresolved,
    /// Nobody answers there.
    #[error("no connection could be made: {0}")]
    Connect(io::Error),
    /// It is not who it should be, or does not speak TLS.
    #[error("no TLS connection could be made: {0}")]
    Tls(io::Error),
    /// What came is no answer.
    #[error("there was no answer in HTTP: {0}")]
    Http(#[from] hyper::Error),
    /// The answer broke off, or is too long.
    #[error("the answer could not be read: {0}")]
    Body(String),
    /// It took too long.
    #[error("there was no answer in {} s", WHOLE.as_secs())]
    Timeout,
    /// The request can not be made.
    #[error("the request can not be made: {0}")]
    Request(#[from] axum::http::Error),
}

impl Client {
    /// For the server at this address. To be used within a tokio runtime.
    ///
    /// # Errors
    /// The address or the key can not be used.
    pub fn new(address: &str, key: Secret) -> Result<Self, String> {
        let wrong = |why: &str| format!("--server is `{address}`; {why}");
        let allowed = "it must be the address of a server, such as https://runner.school.example";
        let base = Url::parse(address).map_err(|error| wrong(&format!("{allowed} ({error})")))?;
        if !matches!(base.scheme(), "http" | "https") || base.host().is_none() {
            return Err(wrong(allowed));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err("--server holds a name or a password; the key comes from API_TOKEN or --key-file".to_owned());
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(wrong(allowed));
        }
        HeaderValue::from_str(key.expose()).map_err(|_| "the key has characters that no header can hold".to_owned())?;
        let is_plain_address = base.scheme() == "http" && !matches!(base.host(), Some(Host::Domain(_)));
        let outside = if is_plain_address { Outside::given(None, Vec::new()) } else { Outside::read() };
        Ok(Self { base, key, connections: outside.connections().map_err(|error| error.to_string())? })
    }

    /// Where the server is, as it is shown.
    pub fn address(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// Can others on the way read the key?
    pub fn is_open(&self) -> bool {
        let is_here = match self.base.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        };
        self.base.scheme() == "http" && !is_here
    }

    /// Sends a request to this path below the server's address.
    ///
    /// # Errors
    /// [`ClientError`]: whether the server has seen it is not known.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(header::HeaderName, String)],
        body: &[u8],
    ) -> Result<Answer, ClientError> {
        let asked = timeout(WHOLE, self.exchange(self.request(method, path, headers, body)?)).await;
        asked.unwrap_or(Err(ClientError::Timeout))
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(header::HeaderName, String)],
        body: &[u8],
    ) -> Result<Request<Body>, ClientError> {
        let host = &self.base[Position::BeforeHost..Position::AfterPort];
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base.path().trim_end_matches('/')))
            .header(header::HOST, host)
            .header(header::USER_AGENT, concat!("code-runner/", env!("CARGO_PKG_VERSION")))
            .header(header::CONNECTION, "close")
            .header(header::CONTENT_LENGTH, body.len())
            .header("x-api-key", self.key.expose());
        for (name, value) in headers {
            request = request.header(name, value);
        }
        Ok(request.body(Body::from(body.to_vec()))?)
    }

    async fn exchange(&self, request: Request<Body>) -> Result<Answer, ClientError> {
        let stream = self.connect().await?;
        if self.base.scheme() == "http" {
            return talk(stream, request).await;
        }
        let name = self.base.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(name).map_err(|error| ClientError::Tls(io::Error::other(error)))?;
        let stream = self.connections.tls.connect(name, stream).await.map_err(ClientError::Tls)?;
        talk(stream, request).await
    }

    /// To the first address that lets us.
    async fn connect(&self) -> Result<TcpStream, ClientError> {
        let (Some(host), Some(port)) = (self.base.host(), self.base.port_or_known_default()) else {
            return Err(ClientError::Unresolved);
        };
        let mut failed = ClientError::Unresolved;
        for ip in self.connections.addresses(&host).await.into_iter().take(MOST_ADDRESSES) {
            let connecting = timeout(CONNECT, TcpStream::connect(SocketAddr::new(ip, port))).await;
            match connecting.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
                Ok(stream) => return Ok(stream),
                Err(error) => failed = ClientError::Connect(error),
            }
        }
        Err(failed)
    }
}

/// Sends the request and reads the whole answer.
async fn talk(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Body>,
) -> Result<Answer, ClientError> {
    let (mut sender, connection) = http1::Builder::new().handshake(TokioIo::new(stream)).await?;
    let talk = async {
        let (head, body) = sender.send_request(request).await?.into_parts();
        let body =
            to_bytes(Body::new(body), MOST_ANSWER).await.map_err(|error| ClientError::Body(error.to_string()))?;
        Ok(Answer { status: head.status, headers: head.headers, body: body.to_vec() })
    };
    // The connection is worked on here, and ends with this.
    let mut talk = std::pin::pin!(talk);
    tokio::select! {
        answer = &mut talk => answer,
        _ = connection => talk.await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_that_can_not_be_used_is_refused_and_an_open_one_known() {
        let client = |address: &str| Client::new(address, Secret::new("k7Qz-first-school-9c41"));
        for wrong in ["", "runner", "ftp://127.0.0.1", "http://", "http://127.0.0.1/?x=1", "http://127.0.0.1/#x"] {
            assert!(client(wrong).is_err_and(|error| error.contains("--server is")), "{wrong}");
        }
        let error = client("http://u:secret@127.0.0.1").err().unwrap();
        assert!(error.contains("API_TOKEN") && !error.contains("secret"), "{error}");
        for (address, is_open) in
            [("http://127.0.0.1:5000", false), ("http://[::1]/", false), ("http://10.0.0.1", true)]
        {
            assert_eq!(client(address).unwrap().is_open(), is_open, "{address}");
        }
        assert_eq!(client("http://127.0.0.1:5000/").unwrap().address(), "http://127.0.0.1:5000");
        assert!(Client::new("http://127.0.0.1", Secret::new("a\nb")).is_err());
    }
}
