//! What keys used, as it goes out.

use std::collections::BTreeMap;

use model::Verdict;
use serde::Serialize;
use store::Used;
use utoipa::ToSchema;

use super::{KeyLimitsBody, seconds};

/// What a key used.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageBody {
    /// Its name.
    #[schema(example = "school-a")]
    pub name: String,
    /// On the current UTC day.
    pub today: UsedBody,
    /// Since the store counts by key.
    pub total: UsedBody,
    /// How much it may use.
    pub limits: KeyLimitsBody,
    /// What is left of that.
    pub left: LeftBody,
}

/// What finished submissions used.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsedBody {
    /// How many there were.
    #[schema(example = 12)]
    pub submissions: u64,
    /// Their inputs.
    #[schema(example = 120)]
    pub runs: u64,
    /// CPU time of runs and compilers, in seconds.
    #[schema(example = 3.25)]
    pub cpu_seconds: f64,
    /// The submissions by verdict; verdicts that never occurred are absent.
    pub verdicts: BTreeMap<&'static str, u64>,
}

/// What is left of the limits; null where there is none.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeftBody {
    /// Requests that may come now.
    #[schema(required, example = 599)]
    pub requests: Option<u32>,
    /// Seconds of CPU time until the UTC day ends.
    #[schema(required, example = 3596.75)]
    pub cpu_seconds: Option<f64>,
}

impl From<Used> for UsedBody {
    fn from(used: Used) -> Self {
        let Used { submissions, runs, cpu_time, by_verdict } = used;
        let verdicts = by_verdict.into_iter().map(|(verdict, count): (Verdict, u64)| (verdict.name(), count));
        Self { submissions, runs, cpu_seconds: seconds(cpu_time), verdicts: verdicts.collect() }
    }
}
