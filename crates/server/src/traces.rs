//! Spans of requests and submissions, for an OpenTelemetry collector.
//!
//! ```text
//!  traceparent --> POST /run
//!                    |- queue          from accepted to claimed
//!                    '- submission     one attempt, from claimed to its report
//!                         |- compile
//!                         '- run       one for each input
//! ```
//!
//! **What a span says** is on this page and in `otlp.rs`: the method, the pattern of the address and the status; the id, language
//! and class of a submission; counts, times and verdicts. Never a key, code, an input, output, an error's text or an address as
//! it came. What is logged is no part of it.
//!
//! **A submission belongs to the trace of the request that brought it**, as long as this process remembers: after a restart, or
//! when so many others came that its place was needed, it begins a trace of its own. Its id is in both.
//!
//! **Nothing waits for a collector.** Spans are sent by a thread of their own, from a queue with a bound; what does not fit, or is not
//! taken, is gone.
//!
//! All of that is in a build with the feature `otel`, where the setting `otlp_endpoint` names a collector. In every other build
//! [`Traces`] has no content, and what is done with it is nothing.

#[cfg(not(feature = "otel"))]
#[path = "traces/none.rs"]
mod chosen;
#[cfg(feature = "otel")]
#[path = "traces/otlp.rs"]
mod chosen;
#[cfg(feature = "otel")]
mod post;

pub use chosen::{Attempt, Traces, request};

/// How an attempt with a submission ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptEnd {
    /// With a report, which has this verdict.
    Reported(model::Verdict),
    /// Code Runner failed.
    Failed,
    /// The server stops; it is run again.
    Stopped,
    /// Somebody else has it.
    Superseded,
}

impl AttemptEnd {
    /// As the value of an attribute.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reported(verdict) => verdict.name(),
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Superseded => "superseded",
        }
    }
}
