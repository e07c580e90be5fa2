//! One try: a `POST` to an address that was checked, and the status of the answer.
//!
//! Everything is bounded: the time of the whole and of a connection, the addresses that are tried, the head of the answer,
//! and its body, of which nothing is used.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Request, StatusCode, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::rustls::pki_types::ServerName;
use url::{Position, Url};

use super::outside::Connections;
use super::targets::Targets;

/// Addresses of a name that are tried.
const MOST_ADDRESSES: usize = 4;
/// For a connection to one of them.
const CONNECT: Duration = Duration::from_secs(5);
/// The longest head of an answer, in bytes.
const MOST_HEAD: usize = 64 * 1024;
/// What is taken of the body of an answer, in bytes and in time, so that who sends it need not see a broken connection.
const MOST_BODY: usize = 64 * 1024;
const BODY: Duration = Duration::from_secs(1);

/// What is told.
#[derive(Debug, Clone)]
pub struct Message {
    /// The value of `webhook-id`: the same each time it is sent.
    pub id: String,
    /// The value of `webhook-timestamp`: seconds since 1970-01-01T00:00:00Z.
    pub timestamp: i64,
    /// The value of `webhook-signature`.
    pub signature: String,
    /// JSON.
    pub body: Vec<u8>,
}

/// Why a try has failed. For the owner of the submission, and so without what only the operator may know.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// It is no address, or none of a kind that is used.
    #[error("the address can not be used")]
    Url,
    /// It has no address, or nobody can say.
    #[error("the name of the host could not be resolved")]
    Unresolved,
    /// All addresses are refused.
    #[error("the host has no address to which callbacks may go on this server")]
    Refused,
    /// Nobody answers there.
    #[error("no connection could be made: {0}")]
    Connect(io::Error),
    /// It is not who it should be, or does not speak TLS.
    #[error("no TLS connection could be made: {0}")]
    Tls(io::Error),
    /// What came is no answer.
    #[error("there was no answer in HTTP: {0}")]
    Http(#[from] hyper::Error),
    /// It took too long.
    #[error("there was no answer in {} ms", .0.as_millis())]
    Timeout(Duration),
    /// It leads elsewhere.
    #[error("it answered {0}, and redirects are not followed")]
    Redirect(StatusCode),
    /// Anything but success.
    #[error("it answered {0}")]
    Status(StatusCode),
}

/// Sends callbacks.
pub struct Post {
    /// Where they may go.
    pub targets: Targets,
    /// How they get there.
    pub connections: Connections,
    /// How long a try may take.
    pub patience: Duration,
}

impl Post {
    /// Tries once; `Ok` if it was taken, which a status 2xx says.
    ///
    /// # Errors
    /// [`PostError`].
    pub async fn send(&self, url: &str, message: Message) -> Result<(), PostError> {
        let tried = timeout(self.patience, self.send_to(url, message)).await;
        tried.unwrap_or(Err(PostError::Timeout(self.patience)))
    }

    async fn send_to(&self, url: &str, message: Message) -> Result<(), PostError> {
        // What was allowed when it was accepted may not be any more.
        let url = self.targets.checked(url).map_err(|_| PostError::Refused)?;
        let request = request(&url, message)?;
        let (host, port) = (url.host().ok_or(PostError::Url)?, url.port_or_known_default().ok_or(PostError::Url)?);
        let found = self.connections.addresses(&host).await;
        if found.is_empty() {
            return Err(PostError::Unresolved);
        }
        let name = url.host_str().unwrap_or_default();
        let allowed: Vec<IpAddr> = found.into_iter().filter(|ip| self.targets.allows(name, *ip)).collect();
        let stream = connect(&allowed, port).await?;
        let status = if url.scheme() == "https" {
            let name = ServerName::try_from(name.trim_matches(['[', ']']).to_owned()).map_err(|_| PostError::Url)?;
            let stream = self.connections.tls.connect(name, stream).await.map_err(PostError::Tls)?;
            exchange(stream, request).await?
        } else {
            exchange(stream, request).await?
        };
        match status {
            status if status.is_success() => Ok(()),
            status if status.is_redirection() => Err(PostError::Redirect(status)),
            status => Err(PostError::Status(status)),
        }
    }
}

fn request(url: &Url, message: Message) -> Result<Request<Body>, PostError> {
    let Message { id, timestamp, signature, body } = message;
    // The host and the port, unless that is the usual one of the scheme.
    let host = &url[Position::BeforeHost..Position::AfterPort];
    Request::post(&url[Position::BeforePath..Position::AfterQuery])
        .header(header::HOST, host)
        .header(header::USER_AGENT, HeaderValue::from_static(concat!("code-runner/", env!("CARGO_PKG_VERSION"))))
        .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
        .header(header::CONTENT_LENGTH, body.len())
        .header(header::CONNECTION, HeaderValue::from_static("close"))
        .header("webhook-id", id)
        .header("webhook-timestamp", timestamp)
        .header("webhook-signature", signature)
        .body(Body::from(body))
        .map_err(|_| PostError::Url)
}

/// To the first that lets us.
async fn connect(allowed: &[IpAddr], port: u16) -> Result<TcpStream, PostError> {
    let mut failed = PostError::Refused;
    for ip in allowed.iter().take(MOST_ADDRESSES) {
        let connecting = timeout(CONNECT, TcpStream::connect(SocketAddr::new(*ip, port))).await;
        match connecting.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
            Ok(stream) => return Ok(stream),
            Err(error) => failed = PostError::Connect(error),
        }
    }
    Err(failed)
}

/// The status of the answer.
async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Body>,
) -> Result<StatusCode, PostError> {
    let mut http = http1::Builder::new();
    http.max_buf_size(MOST_HEAD);
    let (mut sender, connection) = http.handshake(TokioIo::new(stream)).await?;
    let talk = async {
        let answer = sender.send_request(request).await?;
        let (head, body) = answer.into_parts();
        // Too long or too slow: that is all we want of it.
        let _ = timeout(BODY, to_bytes(Body::new(body), MOST_BODY)).await;
        Ok(head.status)
    };
    // The connection is worked on here and ends with this, and so with the time there is.
    let mut talk = std::pin::pin!(talk);
    tokio::select! {
        status = &mut talk => status,
        _ = connection => talk.await,
    }
}
