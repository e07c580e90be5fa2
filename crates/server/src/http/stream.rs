//! The bytes of one connection, within bounds that hyper does not have: requests with one end only (see [`Framing`]), and
//! clients that take their answers.
//!
//! Who does not read what was asked for keeps a result in memory for as long as the connection lives. So each client has
//! some patience, which is used up while it takes nothing and comes back with every byte that it takes.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

use super::framing::Framing;

/// A connection within bounds.
pub struct BoundedStream {
    inner: TcpStream,
    framing: Framing,
    patience: Patience,
}

impl BoundedStream {
    /// The connection is ended with an error when the client takes nothing of an answer for `stall`, or less than
    /// `least_rate` bytes a second for long.
    pub fn new(inner: TcpStream, stall: Duration, least_rate: u64) -> Self {
        let patience = Patience { most: stall, least_rate, left: stall, waiting: None };
        Self { inner, framing: Framing::default(), patience }
    }
}

impl AsyncRead for BoundedStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.framing.has_refused() {
            // As if the client had said no more: what was owed to it is answered.
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        if let Some(length) = self.framing.look(&mut buf.filled_mut()[before..]) {
            buf.set_filled(before + length);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for BoundedStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.patience.after(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(cx, slices);
        self.patience.after(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

struct Patience {
    most: Duration,
    /// Bytes a second.
    least_rate: u64,
    left: Duration,
    /// Since when the client has taken nothing, and the end of its patience.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Patience {
    /// What comes of an attempt to write.
    fn after(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let left = self.left;
        match written {
            Poll::Ready(Ok(bytes)) => {
                let waited = self.waiting.take().map_or(Duration::ZERO, |(since, _)| since.elapsed());
                let earned = Duration::from_secs_f64(bytes as f64 / self.least_rate as f64);
                self.left = (left.saturating_sub(waited) + earned).min(self.most);
            }
            Poll::Ready(Err(_)) => {}
            Poll::Pending => {
                let begin = || (Instant::now(), Box::pin(sleep(left)));
                let (_, end) = self.waiting.get_or_insert_with(begin);
                ready!(end.as_mut().poll(cx));
                return Poll::Ready(Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "the client does not take its answer",
                )));
            }
        }
        written
    }
}
