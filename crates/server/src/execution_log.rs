//! One JSON line per finished submission, in `logs/YYYY-MM-DD.log` (UTC).
//!
//! The line says what was run and how it ended, and never what: no code, no input, no output, no key.
//! Lines are written by a thread of their own from a bounded buffer; a disk that does not keep up
//! costs lines, not answers.

use std::io::{self, Write};
use std::path::Path;

use model::{ExecId, Report, Submission, Verdict};
use serde::Serialize;
use time::OffsetDateTime;
use tracing_appender::non_blocking::{NonBlocking, WorkerGuard};
use tracing_appender::rolling::{RollingFileAppender, Rotation};

use crate::wire::milliseconds;

/// The log. Clones write to the same file.
#[derive(Clone)]
pub struct ExecutionLog(NonBlocking);

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
    pub fn open(folder: &Path) -> io::Result<(Self, WorkerGuard)> {
        std::fs::create_dir_all(folder)?;
        let files = RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .filename_suffix("log")
            .build(folder)
            .map_err(io::Error::other)?;
        let (writer, guard) = tracing_appender::non_blocking(files);
        Ok((Self(writer), guard))
    }

    /// How many lines a disk that did not keep up has cost since the start.
    pub fn lines_lost(&self) -> u64 {
        self.0.error_counter().dropped_lines() as u64
    }

    /// Adds a line.
    pub fn write(&self, line: &Line<'_>) {
        let written = serde_json::to_vec(line).map_err(io::Error::from).and_then(|mut text| {
            text.push(b'\n');
            self.0.clone().write_all(&text)
        });
        if let Err(error) = written {
            tracing::error!(exec_id = %line.exec_id, error = %error, "an execution could not be logged");
        }
    }
}
