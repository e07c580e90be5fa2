//! The signals that end the server.

use std::future::Future;
use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Listens from now on. The future ends at the first SIGTERM or SIGINT; the second one after that ends
/// the process at once, for whoever does not want to wait for running submissions.
///
/// # Errors
/// The handlers can not be installed.
pub fn shutdown() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        either(&mut terminate, &mut interrupt).await;
        tokio::spawn(async move {
            either(&mut terminate, &mut interrupt).await;
            tracing::warn!("ended at once by a second signal; what ran is run again at the next start");
            std::process::exit(1);
        });
    })
}

async fn either(first: &mut Signal, second: &mut Signal) {
    tokio::select! {
        _ = first.recv() => {}
        _ = second.recv() => {}
    }
}
