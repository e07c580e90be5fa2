//! Notices as they come: LISTEN on a connection of their own, and a queue for whoever asks for the next.
//!
//! ```text
//!  NOTIFY on any node  -->  the task that listens  --bounded queue-->  Fleet::notice
//!  a claim on this node, of what somebody watches  ----^
//! ```
//!
//! The task begins with the first call of [`Notices::next`], so that who only changes keys has no such connection. Whatever is
//! lost, a connection or notices that nobody fetched in time, is told as [`Notice::Missed`], and so is the beginning. When
//! the other side is gone without a word a connection is just silent; so the task asks it something after a while.
//!
//! Who watches what comes by notices, too, and is remembered here: a claim looks into this memory and asks nobody.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use model::ExecId;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, timeout};

use super::live;
use crate::fleet::{Notice, WATCHED};

/// The channel of all notices.
const CHANNEL: &str = "code_runner";
/// Notices that wait for whoever fetches them; what comes then is not kept.
const MOST_WAITING: usize = 4096;
/// After so long without a notice the connection is tried.
const SILENCE: Duration = Duration::from_secs(10);
/// So long may connecting and trying take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between a connection that was lost and the next try.
const PAUSE: Duration = Duration::from_millis(500);
/// So many watched submissions are remembered before those are looked for that nobody watches any more.
const LEAST_TO_PRUNE: usize = 1024;

/// The way to the task that listens.
pub(super) struct Notices {
    options: PgConnectOptions,
    board: Arc<Board>,
    waiting: tokio::sync::Mutex<mpsc::Receiver<Notice>>,
    task: OnceLock<AbortHandle>,
}

impl Notices {
    /// Of the database of these options; asks it nothing yet.
    pub(super) fn new(options: PgConnectOptions) -> Self {
        let (queue, waiting) = mpsc::channel(MOST_WAITING);
        let board = Board { queue, lost: AtomicBool::new(false), watched: Mutex::default() };
        let options = options.application_name("code-runner notices");
        Self { options, board: Arc::new(board), waiting: tokio::sync::Mutex::new(waiting), task: OnceLock::new() }
    }

    /// See [`crate::Fleet::notice`].
    pub(super) async fn next(&self) -> Notice {
        self.task.get_or_init(|| tokio::spawn(listen(self.options.clone(), Arc::clone(&self.board))).abort_handle());
        self.fetch().await
    }

    async fn fetch(&self) -> Notice {
        let mut waiting = self.waiting.lock().await;
        if self.board.lost.swap(false, Ordering::Relaxed) {
            return Notice::Missed;
        }
        match waiting.recv().await {
            Some(notice) => notice,
            // The board, which is here, has the other end.
            None => std::future::pending().await,
        }
    }

    /// Ends the task: from now on there are no notices.
    pub(super) fn stop(&self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }

    /// This node has claimed this one: says so if somebody watches it.
    pub(super) fn claimed(&self, id: ExecId) {
        if self.board.is_watched(id) {
            self.board.tell(Notice::Watched(id));
        }
    }
}

impl Drop for Notices {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What the task and the handle share.
struct Board {
    queue: mpsc::Sender<Notice>,
    /// Something did not fit into the queue.
    lost: AtomicBool,
    /// Until when, by the clock of this process.
    watched: Mutex<HashMap<ExecId, Instant>>,
}

impl Board {
    fn tell(&self, notice: Notice) {
        if self.queue.try_send(notice).is_err() {
            self.lost.store(true, Ordering::Relaxed);
        }
    }

    fn heard(&self, payload: &str) {
        match parse(payload) {
            Some(notice) => {
                if let Notice::Watched(id) = notice {
                    self.remember(id, WATCHED);
                }
                self.tell(notice);
            }
            // Of a newer version, maybe, during an upgrade.
            None => tracing::debug!(payload, "a notice of an unknown kind"),
        }
    }

    fn remember(&self, id: ExecId, length: Duration) {
        let now = Instant::now();
        let mut watched = self.watched();
        if watched.len() >= LEAST_TO_PRUNE && watched.len() == watched.capacity() {
            watched.retain(|_, until| *until > now);
        }
        watched.insert(id, now + length);
    }

    fn is_watched(&self, id: ExecId) -> bool {
        self.watched().get(&id).is_some_and(|until| *until > Instant::now())
    }

    fn watched(&self) -> MutexGuard<'_, HashMap<ExecId, Instant>> {
        // Nothing that holds this lock can leave it half changed.
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The task: listens for ever.
async fn listen(options: PgConnectOptions, board: Arc<Board>) {
    let mut said = false;
    loop {
        let Err(error) = listen_until_lost(&options, &board, &mut said).await;
        if !std::mem::replace(&mut said, true) {
            tracing::warn!(%error, "the connection for notices is lost; until it is there again nodes find by polling what is new");
        }
        sleep(PAUSE).await;
    }
}

/// Why it was lost.
type Lost = Box<dyn std::error::Error + Send + Sync>;

async fn listen_until_lost(options: &PgConnectOptions, board: &Board, said: &mut bool) -> Result<Infallible, Lost> {
    // Of one, and not the one that statements share: they could have all connections.
    let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None).acquire_timeout(PATIENCE);
    let pool = pool.connect_with(options.clone()).await?;
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.eager_reconnect(false);
    timeout(PATIENCE, listener.listen(CHANNEL)).await??;
    // Who watches from now on is heard of; who did before is in the table.
    for (id, rest) in timeout(PATIENCE, live::watched(&mut listener)).await?? {
        board.remember(id, rest);
    }
    if std::mem::take(said) {
        tracing::info!("notices come again");
    }
    board.tell(Notice::Missed);
    loop {
        // What is read half when the time is over stays in the listener's buffer.
        match timeout(SILENCE, listener.try_recv()).await {
            Ok(Ok(Some(notification))) => board.heard(notification.payload()),
            Ok(Ok(None)) => return Err("the server has closed it".into()),
            Ok(Err(error)) => return Err(error.into()),
            Err(_silent) => {
                timeout(PATIENCE, sqlx::query("SELECT 1").execute(&mut listener)).await??;
            }
        }
    }
}

/// The notice in a payload; none if it is of no known kind.
fn parse(payload: &str) -> Option<Notice> {
    if payload == "queued" {
        return Some(Notice::Queued);
    }
    let (kind, id) = payload.split_once(' ')?;
    let id = id.parse().ok()?;
    match kind {
        "finished" => Some(Notice::Finished(id)),
        "cancel" => Some(Notice::CancelAsked(id)),
        "watched" => Some(Notice::Watched(id)),
        "published" => Some(Notice::Published(id)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> ExecId {
        ExecId::from_bytes([number; 16])
    }

    #[tokio::test]
    async fn what_nobody_fetched_in_time_is_missed_and_takes_no_room() {
        let notices = Notices::new(PgConnectOptions::new());
        for _ in 0..MOST_WAITING {
            notices.board.heard("queued");
        }
        assert_eq!(notices.fetch().await, Notice::Queued);
        notices.board.heard(&format!("finished {}", id(1)));
        notices.board.heard(&format!("finished {}", id(2)));
        assert_eq!(notices.fetch().await, Notice::Missed, "there was room for one of the two");
        for _ in 1..MOST_WAITING {
            assert_eq!(notices.fetch().await, Notice::Queued);
        }
        assert_eq!(notices.fetch().await, Notice::Finished(id(1)));
        notices.board.heard(&format!("cancel {}", id(3)));
        assert_eq!(notices.fetch().await, Notice::CancelAsked(id(3)), "there is room again");
    }

    #[tokio::test]
    async fn who_is_not_watched_any_more_is_forgotten() {
        let notices = Notices::new(PgConnectOptions::new());
        let board = &notices.board;
        board.remember(id(1), WATCHED);
        for number in 0..100_000_u32 {
            let mut bytes = [0xFF; 16];
            bytes[..4].copy_from_slice(&number.to_be_bytes());
            board.remember(ExecId::from_bytes(bytes), Duration::ZERO);
        }
        assert!(board.is_watched(id(1)) && !board.is_watched(ExecId::from_bytes([0xFF; 16])));
        let kept = board.watched().len();
        assert!(kept <= 4 * LEAST_TO_PRUNE, "{kept}");
    }
}
