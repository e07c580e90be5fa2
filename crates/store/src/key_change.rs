//! What may become different of a key that is there: what it may do, how much, and until when.
//!
//! Its name may not. It is the owner of submissions, which servers, workers and caches know them by, and a request that
//! is on its way under the old one would belong to nobody.

use time::OffsetDateTime;

use crate::keys::Scopes;

/// What is to become of a key; what is none stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeyChange {
    /// What it may do.
    pub scopes: Option<Scopes>,
    /// How much.
    pub limits: LimitsChange,
    /// Until when; the inner none is for ever.
    pub expires_at: Option<Option<OffsetDateTime>>,
}

/// What is to become of [`crate::KeyLimits`]; what is none stays as it is, and the inner none is without a limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LimitsChange {
    /// Requests of any kind in a minute.
    pub requests_per_minute: Option<Option<u32>>,
    /// Seconds of CPU time on one UTC day.
    pub cpu_seconds_per_day: Option<Option<u32>>,
    /// Submissions that run at the same time. If it is raised, what waited for it is next with the next claim; if it is
    /// lowered, what runs goes on.
    pub running: Option<Option<u32>>,
    /// Days for which results are kept; of results that come from now on.
    pub result_days: Option<Option<u32>>,
}
