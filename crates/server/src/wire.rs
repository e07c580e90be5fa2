//! What crosses the wire, field by field, with the documentation clients read.
//!
//! `request` is what comes in, `response` what goes out, `names` the words both use. These types hold
//! no decisions: [`crate::validate`] makes a submission of a request, and the store's report is
//! translated as it is.

mod names;
mod request;
mod response;

pub use names::{FaultName, ModeName, VerdictName};
pub use request::{LimitsBody, RunRequest};
pub use response::{
    Done, DoneStatus, Entry, Health, HealthStatus, Pending, PendingStatus, PhasesBody, RunResult, Started,
    StartedStatus,
};
pub(crate) use response::{milliseconds, seconds};
