//! Whoever is told of results: an HTTP server on loopback that keeps what it is sent.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::soon;

/// What it answers.
#[derive(Debug, Clone)]
pub enum Answer {
    /// These bytes, and then the end.
    Bytes(String),
    /// These bytes, and then the same again without an end.
    Endless(String, String),
    /// Nothing, but the connection stays.
    Silence,
}

impl Answer {
    /// This status and no body.
    pub fn status(status: &str) -> Self {
        Self::Bytes(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n"))
    }
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Got {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        let mut all = self.headers.iter().filter(|(other, _)| other == name);
        let (Some((_, value)), None) = (all.next(), all.next()) else { panic!("{name} is not there once: {self:?}") };
        value
    }
}

/// It ends when it is dropped.
pub struct Receiver {
    pub address: SocketAddr,
    got: watch::Receiver<Vec<Got>>,
    /// How many have connected, whatever they sent.
    connected: watch::Receiver<usize>,
    task: JoinHandle<()>,
}

impl Receiver {
    /// At 127.0.0.1 and a port that is free. The first request gets the first of these answers, and so on; the last one is
    /// given to all that follow.
    pub async fn answering(answers: &[Answer]) -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), answers, None).await
    }

    /// At this address, and with TLS if there is somebody who speaks it.
    pub async fn at(address: SocketAddr, answers: &[Answer], tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind(address).await.expect("the address is free");
        let address = listener.local_addr().expect("it has one");
        let (send, got) = watch::channel(Vec::new());
        let (count, connected) = watch::channel(0);
        let answers: Arc<[Answer]> = answers.into();
        let task = tokio::spawn(async move {
            let mut talks = tokio::task::JoinSet::new();
            let send = Arc::new(send);
            while let Ok((stream, _)) = listener.accept().await {
                count.send_modify(|count| *count += 1);
                talks.spawn(accept(stream, tls.clone(), send.clone(), answers.clone()));
            }
        });
        Self { address, got, connected, task }
    }

    pub fn url(&self) -> String {
        format!("http://{}/results?course=7", self.address)
    }

    /// The requests, once there are so many.
    pub async fn got(&self, requests: usize) -> Vec<Got> {
        let mut got = self.got.clone();
        soon(got.wait_for(|all| all.len() >= requests)).await.expect("it is there").clone()
    }

    /// How many have connected.
    pub fn connected(&self) -> usize {
        *self.connected.borrow()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    got: Arc<watch::Sender<Vec<Got>>>,
    answers: Arc<[Answer]>,
) -> Option<()> {
    match tls {
        None => talk(stream, got, answers).await,
        Some(tls) => talk(tls.accept(stream).await.ok()?, got, answers).await,
    }
}

async fn talk(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    got: Arc<watch::Sender<Vec<Got>>>,
    answers: Arc<[Answer]>,
) -> Option<()> {
    let mut bytes = Vec::new();
    let request = loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if let Some(request) = parsed(&bytes) {
            break request;
        }
    };
    let mut number = 0;
    got.send_modify(|all| {
        number = all.len();
        all.push(request);
    });
    match &answers[number.min(answers.len() - 1)] {
        Answer::Bytes(text) => stream.write_all(text.as_bytes()).await.ok()?,
        Answer::Endless(begin, again) => {
            stream.write_all(begin.as_bytes()).await.ok()?;
            while stream.write_all(again.as_bytes()).await.is_ok() {}
        }
        Answer::Silence => drop(stream.read_u8().await),
    }
    stream.shutdown().await.ok()
}

/// The request, if it is whole.
fn parsed(bytes: &[u8]) -> Option<Got> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).expect("a head is text");
    let mut lines = head.split("\r\n");
    let line = lines.next()?.to_owned();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(": ").expect("a header"))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, length)| length.parse().unwrap());
    let body = bytes[end + 4..].to_vec();
    (body.len() >= length).then_some(Got { line, headers, body })
}
