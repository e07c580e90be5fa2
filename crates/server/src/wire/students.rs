//! `DELETE /students/{tag}`: what was erased.

use serde::Serialize;
use utoipa::ToSchema;

/// What became of the submissions of a student.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasedBody {
    /// Whether all are gone.
    pub status: ErasedStatus,
    /// How many were deleted by this request.
    #[schema(example = 12)]
    pub deleted: u64,
    /// How many run still, and are being stopped.
    #[schema(example = 0)]
    pub running: u64,
}

/// Whether all submissions of a student are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErasedStatus {
    /// There is none any more.
    Erased,
    /// Some run; to be asked again.
    Erasing,
}
