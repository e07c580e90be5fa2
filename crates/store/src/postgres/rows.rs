//! Submissions and reports as columns: what one of them writes, and many of them as arrays, one per column.

use std::time::Duration;

use model::{Report, Submission};
use uuid::Uuid;

use crate::columns::{Failure, cpu_time, micros};
use crate::queue::class;

/// A report, and what is counted of it.
pub(super) struct Final {
    pub(super) body: Vec<u8>,
    pub(super) verdict: &'static str,
    pub(super) execution_time: i64,
    pub(super) runs: i64,
    pub(super) cpu_time: i64,
}

impl Final {
    pub(super) fn new(report: &Report) -> Result<Self, serde_json::Error> {
        Ok(Self {
            body: serde_json::to_vec(report)?,
            verdict: report.verdict.name(),
            execution_time: micros(report.execution_time()),
            runs: i64::try_from(report.inputs.len()).unwrap_or(i64::MAX),
            cpu_time: cpu_time(report),
        })
    }
}

/// What is accepted: a submission, with its report if it is final already.
pub(super) struct Member {
    pub(super) id: Uuid,
    pub(super) owner: Vec<u8>,
    pub(super) language: Vec<u8>,
    pub(super) class: i16,
    pub(super) student: Option<Vec<u8>>,
    pub(super) callback_url: Option<Vec<u8>>,
    pub(super) no_store: bool,
    is: Is,
}

/// What is yet to come of it.
enum Is {
    /// It waits; the submission as JSON.
    Waiting(Vec<u8>),
    Finished(Final),
}

impl Member {
    pub(super) fn new(submission: &Submission, report: Option<&Report>) -> Result<Self, Failure> {
        let bytes = |text: &String| text.as_bytes().to_vec();
        let Submission { id, owner, language, priority, student, callback_url, no_store, .. } = submission;
        Ok(Self {
            id: Uuid::from_bytes(*id.as_bytes()),
            owner: bytes(owner),
            language: bytes(language),
            class: i16::try_from(class(*priority))?,
            student: student.as_ref().map(bytes),
            callback_url: callback_url.as_ref().map(bytes),
            no_store: *no_store,
            is: match report {
                None => Is::Waiting(serde_json::to_vec(submission)?),
                Some(report) => Is::Finished(Final::new(report)?),
            },
        })
    }

    /// The submission as JSON, if it waits.
    pub(super) fn payload(&self) -> Option<&[u8]> {
        match &self.is {
            Is::Waiting(body) => Some(body),
            Is::Finished(_) => None,
        }
    }

    /// Its report, if it has one.
    pub(super) fn report(&self) -> Option<&Final> {
        match &self.is {
            Is::Waiting(_) => None,
            Is::Finished(report) => Some(report),
        }
    }

    /// About how many bytes are written.
    pub(super) fn length(&self) -> usize {
        match &self.is {
            Is::Waiting(body) => body.len(),
            Is::Finished(report) => report.body.len(),
        }
    }
}

/// How long something lasts, as a column: never so long that it could not be added to a time.
pub(super) fn length(duration: Duration) -> i64 {
    micros(duration).min(i64::MAX / 4)
}

/// Text that somebody chose, which is bytes in the database.
pub(super) fn text(bytes: Vec<u8>) -> Result<String, Failure> {
    Ok(String::from_utf8(bytes)?)
}

/// The id of a submission or a batch as a column.
pub(super) fn uuid(id: model::ExecId) -> Uuid {
    Uuid::from_bytes(*id.as_bytes())
}

/// The id in a column.
pub(super) fn exec_id(id: Uuid) -> model::ExecId {
    model::ExecId::from_bytes(id.into_bytes())
}
