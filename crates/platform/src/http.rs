//! Serves pages on a listener, with bounds: connections at the same time, and the time of a request's head. HTTP/1 alone; a
//! proxy in front speaks whatever else browsers speak.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::extract::connect_info::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tower_service::Service;

/// Connections at the same time; further ones wait in the kernel.
const CONNECTIONS: usize = 1024;
/// For the head of a request, from the end of the one before.
const HEAD: Duration = Duration::from_secs(15);
/// Bytes of the head of a request.
const MOST_HEAD: usize = 32 * 1024;
/// How long a connection lasts at the longest, so that none is held for ever by whoever reads slowly.
const LONGEST: Duration = Duration::from_secs(600);
/// How long requests in flight may take when the platform stops.
const DRAIN: Duration = Duration::from_secs(10);
/// Before accepting again after that failed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `shutdown`, then answers what is in flight and returns.
///
/// # Errors
/// The listener can not be used.
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    let draining = GracefulShutdown::new();
    // Dropping the set ends the connections that did not drain in time.
    let mut open = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let next = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (listener.accept().await, slot)
        };
        let (accepted, slot) = tokio::select! {
            next = next => next,
            () = &mut shutdown => break,
        };
        while open.try_join_next().is_some() {}
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request: Request = request.map(axum::body::Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().call(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .max_buf_size(MOST_HEAD)
            .serve_connection(TokioIo::new(stream), service);
        let connection = draining.watch(connection);
        open.spawn(async move {
            if let Ok(Err(error)) = tokio::time::timeout(LONGEST, connection).await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(slot);
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, draining.shutdown()).await.is_err() {
        tracing::warn!(connections = open.len(), "connections were cut: their requests took too long");
    }
    Ok(())
}
