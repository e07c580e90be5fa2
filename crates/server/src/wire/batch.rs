//! `POST /run/batch` and `GET /batch/{batch_id}`: several submissions at once.

use model::ExecId;
use serde::Serialize;
use store::{BatchMember, MemberState};
use utoipa::ToSchema;

use super::request::{RunRequest, members, missing, unknown, wrong_type};
use super::response::StartedStatus;
use crate::error::{ApiError, Code};
use crate::json::{self, Shape};

/// Submissions in one batch.
pub const MOST_SUBMISSIONS: usize = 100;

/// Several submissions, accepted all or none.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchRequest {
    /// Each as `POST /run` takes it.
    #[schema(min_items = 1, max_items = 100)]
    pub submissions: Vec<RunRequest>,
}

impl BatchRequest {
    /// Takes a body apart, as [`RunRequest::from_json`] does.
    ///
    /// # Errors
    /// 400 for what is not one JSON object, 422 for fields that are missing, unknown or of another type; what is wrong
    /// with a submission is said of `submissions[index]`.
    pub fn from_json(body: &[u8], most_inputs: usize) -> Result<Self, ApiError> {
        let document = json::check(body).map_err(|malformed| ApiError::malformed(malformed.to_string()))?;
        if document.shape() != Shape::Object {
            return Err(ApiError::malformed(format!("the body must be an object, not {}", document.shape())));
        }
        let mut list = None;
        for (name, value) in members(document)? {
            match &*name {
                "submissions" => list = Some(value),
                _ => return Err(unknown("", &name, "`submissions`")),
            }
        }
        let list = list.ok_or_else(|| missing("submissions"))?;
        if list.shape() != Shape::List {
            return Err(wrong_type("submissions", "a list of objects", list));
        }
        let mut submissions = Vec::new();
        list.each_element(|index, element| {
            if index == MOST_SUBMISSIONS {
                let detail = format!("`submissions` has more than {MOST_SUBMISSIONS} elements");
                return Err(ApiError::invalid(Code::TooLong, "submissions", detail));
            }
            let field = format!("submissions[{index}]");
            if element.shape() != Shape::Object {
                return Err(wrong_type(&field, "an object", element));
            }
            submissions.push(RunRequest::from_object(element, most_inputs).map_err(|error| error.within(&field))?);
            Ok(())
        })?;
        if submissions.is_empty() {
            let detail = "`submissions` must have at least one element";
            return Err(ApiError::invalid(Code::OutOfRange, "submissions", detail));
        }
        Ok(Self { submissions })
    }
}

/// The batch was accepted; all of it is on disk and will be finished.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchStarted {
    /// Names the batch; ask `GET /batch/{batch_id}` how far it is.
    #[schema(value_type = uuid::Uuid)]
    pub batch_id: ExecId,
    /// Names the submissions, in the order sent; each has its own `GET /result/{exec_id}`.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub exec_ids: Vec<ExecId>,
    /// Always `started`.
    pub status: StartedStatus,
}

/// How far a batch is.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchBody {
    /// `done` when every submission is.
    pub status: BatchStatus,
    /// How many are done.
    #[schema(example = 1)]
    pub done: usize,
    /// Those of the batch that were not deleted, in the order sent.
    pub submissions: Vec<BatchMemberBody>,
}

/// The state of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchStatus {
    /// Some submission waits or runs.
    Pending,
    /// Every submission has its result.
    Done,
}

/// A submission of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchMemberBody {
    /// Names it; its result is at `GET /result/{exec_id}`.
    #[schema(value_type = uuid::Uuid)]
    pub exec_id: ExecId,
    /// How far it is.
    pub status: MemberStatus,
}

/// How far a submission of a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemberStatus {
    /// It waits.
    Queued,
    /// It runs.
    Running,
    /// Its result is there.
    Done,
}

impl From<Vec<BatchMember>> for BatchBody {
    fn from(members: Vec<BatchMember>) -> Self {
        let done = members.iter().filter(|member| member.state == MemberState::Done).count();
        let status = if done == members.len() { BatchStatus::Done } else { BatchStatus::Pending };
        let body = |BatchMember { id, state }| {
            let status = match state {
                MemberState::Queued => MemberStatus::Queued,
                MemberState::Running => MemberStatus::Running,
                MemberState::Done => MemberStatus::Done,
            };
            BatchMemberBody { exec_id: id, status }
        };
        Self { status, done, submissions: members.into_iter().map(body).collect() }
    }
}
