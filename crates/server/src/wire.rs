//! What crosses the wire, field by field, with the documentation clients read.
//!
//! `request` is what comes in, `response` what goes out, `names` the words both use. These types hold
//! no decisions: [`crate::validate`] makes a submission of a request, and the store's report is
//! translated as it is.

mod batch;
mod callbacks;
mod engines;
mod grading;
mod key_change;
mod key_limits;
mod keys;
mod languages;
mod names;
mod nodes;
mod request;
mod response;
mod stats;
mod students;
mod usage;

pub use batch::{BatchBody, BatchMemberBody, BatchRequest, BatchStarted, BatchStatus, MemberStatus};
pub use callbacks::{CallbackBody, CallbackSecretBody, CallbackStateName, CallbackStatusBody};
pub use grading::{CheckerBody, CheckerForm, CheckerName, SummaryBody, TestBody, TestResultBody};
pub use key_change::KeyChangeRequest;
pub use key_limits::{KeyLimitsBody, KeyLimitsChange};
pub(crate) use keys::rfc3339;
pub use keys::{KeyBody, KeyList, KeyRequest, KeyState, KeyWithSecret, RotateRequest, SecretBody};
pub(crate) use languages::package_names;
pub use languages::{DefaultAndMaximum, LanguageBody, Languages, SelfTest};
pub use names::{FaultName, ModeName, PriorityName, SeverityName, VerdictName};
pub use nodes::NodeHealth;
pub use request::{Encoding, FileBody, LimitsBody, RunRequest};
pub use response::{
    Alive, BoxesAhead, Cancelling, CancellingStatus, CompileBody, DiagnosticBody, Done, DoneStatus, Entry, Health,
    HealthStatus, InputEvent, Pending, PendingStatus, PhasesBody, QueuedEvent, RunResult, Started, StartedStatus,
    WallTest,
};
pub(crate) use response::{milliseconds, seconds};
pub use stats::{
    BoxesBody, HappenedBody, HistoryBody, KeyInUse, KeysInUse, LanguageState, Overview, PercentilesBody, RecentBody,
    RecentSubmissionBody, ServerStatus, StretchBody, TotalBody,
};
pub use students::{ErasedBody, ErasedStatus};
pub use usage::{LeftBody, UsageBody, UsedBody};
