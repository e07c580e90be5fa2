//! One JSON line per finished submission, in `logs/YYYY-MM-DD.log` (UTC).
//!
//! The line says what was run and how it ended, and never what: no code, no input, no output, no key.
//! Lines are written by a thread of their own from a bounded buffer; a disk that does not keep up, or is full,
//! costs lines, which are counted, and not answers. [`files`] has the files.

mod files;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use model::{ExecId, Report, Submission, Verdict};
use serde::Serialize;
use time::{Date, OffsetDateTime};

use self::files::DailyFiles;
use crate::wire::milliseconds;

/// Lines that wait for the disk, at the most. At two hundred bytes each that is a few MiB.
const MOST_WAITING: usize = 16_384;

/// How long the end waits for what is on its way to the files.
const END: Duration = Duration::from_secs(5);

/// How often it looks meanwhile.
const LOOK: Duration = Duration::from_millis(5);

/// The log. Clones write to the same files.
#[derive(Clone)]
pub struct ExecutionLog {
    lines: SyncSender<Entry>,
    lost: Arc<AtomicU64>,
}

/// What the thread is given.
enum Entry {
    /// A line and its day.
    Line(Date, Vec<u8>),
    /// Nothing that comes after is written.
    End,
}

/// Keeps the thread that writes. Dropping it waits until what was written is in the files, but not for ever.
pub struct LogGuard {
    lines: SyncSender<Entry>,
    thread: Option<JoinHandle<()>>,
}

/// What is said about one submission; these fields and no others.
#[derive(Debug, Serialize)]
pub struct Line<'a> {
    #[serde(with = "time::serde::rfc3339")]
    timestamp: OffsetDateTime,
    exec_id: ExecId,
    language: &'a str,
    status: &'static str,
    duration_ms: f64,
    verdict: Verdict,
}

impl<'a> Line<'a> {
    /// The line of a submission that has just finished.
    pub fn new(submission: &'a Submission, report: &Report) -> Self {
        Self {
            timestamp: OffsetDateTime::now_utc(),
            exec_id: submission.id,
            language: &submission.language,
            status: if report.verdict == Verdict::Ok { "completed" } else { "failed" },
            duration_ms: milliseconds(report.execution_time()),
            verdict: report.verdict,
        }
    }
}

impl ExecutionLog {
    /// Opens the log in this folder, which is made if it does not exist. What was written is on its way
    /// to the file until the guard is dropped; then it is there.
    ///
    /// # Errors
    /// The folder can not be made or today's file can not be opened.
    pub fn open(folder: &Path) -> io::Result<(Self, LogGuard)> {
        let files = DailyFiles::open(folder, OffsetDateTime::now_utc().date())?;
        let (lines, waiting) = sync_channel(MOST_WAITING);
        let lost = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&lost);
        let thread = std::thread::Builder::new()
            .name("execution-log".to_owned())
            .spawn(move || write_until_the_end(files, &waiting, &counter))?;
        Ok((Self { lines: lines.clone(), lost }, LogGuard { lines, thread: Some(thread) }))
    }

    /// How many lines the disk has cost since the start.
    pub fn lines_lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Adds a line.
    pub fn write(&self, line: &Line<'_>) {
        let entry = serde_json::to_vec(line).map(|mut text| {
            text.push(b'\n');
            Entry::Line(line.timestamp.date(), text)
        });
        let taken = entry.map_err(io::Error::from).and_then(|entry| self.lines.try_send(entry).map_err(not_taken));
        if let Err(error) = taken {
            self.lost.fetch_add(1, Ordering::Relaxed);
            tracing::debug!(exec_id = %line.exec_id, error = %error, "an execution could not be logged");
        }
    }
}

fn not_taken(error: TrySendError<Entry>) -> io::Error {
    io::Error::other(match error {
        TrySendError::Full(_) => "the disk does not keep up",
        TrySendError::Disconnected(_) => "the log has ended",
    })
}

/// The thread. What goes wrong is said once, until it goes well again.
fn write_until_the_end(mut files: DailyFiles, waiting: &Receiver<Entry>, lost: &AtomicU64) {
    let mut works = true;
    while let Ok(Entry::Line(date, line)) = waiting.recv() {
        match files.write(date, &line) {
            Ok(()) if works => {}
            Ok(()) => {
                works = true;
                tracing::info!(lines_lost = lost.load(Ordering::Relaxed), "executions are logged again");
            }
            Err(error) => {
                lost.fetch_add(1, Ordering::Relaxed);
                if std::mem::take(&mut works) {
                    tracing::error!(error = %error, "executions can not be logged");
                }
            }
        }
    }
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        let deadline = Instant::now() + END;
        while let Err(TrySendError::Full(_)) = self.lines.try_send(Entry::End) {
            if Instant::now() >= deadline {
                return;
            }
            std::thread::sleep(LOOK);
        }
        let Some(thread) = self.thread.take() else { return };
        while !thread.is_finished() && Instant::now() < deadline {
            std::thread::sleep(LOOK);
        }
    }
}
