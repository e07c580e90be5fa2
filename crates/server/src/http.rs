//! Serves the application on a listener, with the bounds that a public server needs.
//!
//! A connection is dropped when the head of a request takes too long, be it the first or one that a
//! kept-alive connection never sends; when the client does not take its answer; and when a request could
//! be read in two ways. No more connections than allowed are open; further ones wait in the kernel.
//! Running out of file descriptors pauses accepting and ends nothing. HTTP/1 only.

mod framing;
mod stream;

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use stream::BoundedStream;

/// Bytes of the head of a request that are taken for certain; twice as many never are, because hyper asks for more before it
/// counts.
const MOST_HEAD_BYTES: usize = 32 * 1024;
/// How long to wait before accepting again after that failed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The bounds of the server.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// Connections at the same time.
    pub connections: usize,
    /// For the head of a request, from the end of the one before.
    pub header_timeout: Duration,
    /// How long a client may take nothing of its answer.
    pub stall: Duration,
    /// Bytes a second that it takes at the least, on the whole.
    pub least_rate: u64,
    /// How long requests in flight may take once the server stops.
    pub drain: Duration,
}

/// Serves until `shutdown`, then answers what is in flight and returns.
///
/// # Errors
/// The listener can not be used.
pub async fn serve(
    listener: std::net::TcpListener,
    router: Router,
    bounds: Bounds,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let slots = Arc::new(Semaphore::new(bounds.connections));
    let draining = GracefulShutdown::new();
    // Dropping the set ends the connections that did not drain in time.
    let mut open = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let next = accept(&listener, &slots);
        let (stream, slot) = tokio::select! {
            next = next => next,
            () = &mut shutdown => break,
        };
        while open.try_join_next().is_some() {}
        open.spawn(connection(stream, slot, router.clone(), bounds.clone(), draining.watcher()));
    }
    drop(listener);
    if tokio::time::timeout(bounds.drain, draining.shutdown()).await.is_err() {
        tracing::warn!(connections = open.len(), "connections were cut: their requests took too long");
    }
    Ok(())
}

/// The next connection, and its place among those that may be open.
async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed.
    let slot = slots.clone().acquire_owned().await.ok();
    let mut complain = true;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, slot),
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                if std::mem::take(&mut complain) {
                    tracing::error!(error = %error, "no connection can be accepted for now");
                }
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// The client gave up; the listener is fine.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn connection(
    stream: TcpStream,
    slot: Option<OwnedSemaphorePermit>,
    router: Router,
    bounds: Bounds,
    draining: Watcher,
) {
    // Without it a small answer can wait for the client's acknowledgement of the one before.
    let _ = stream.set_nodelay(true);
    let stream = BoundedStream::new(stream, bounds.stall, bounds.least_rate);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.header_timeout)
        .max_buf_size(MOST_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    if let Err(error) = draining.watch(connection).await {
        tracing::debug!(error = %error, "a connection ended early");
    }
    drop(slot);
}
