//! The limits of a key, as they are asked for, changed and told.

use serde::Serialize;
use store::KeyLimits;
use utoipa::ToSchema;

use super::request::{members, optional, unknown, whole_number, wrong_type};
use crate::error::ApiError;
use crate::json::{Json, Shape};

/// The fields of `limits`, for messages.
const KNOWN_LIMITS: &str = "`requests_per_minute`, `cpu_seconds_per_day`, `running` and `result_days`";

/// How much a key may use. A field that is left out, or null, means that there is no limit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyLimitsBody {
    /// Requests of any kind in a minute. That many may come at once, and then one each time as much of a minute has
    /// passed as one of them is of all.
    #[schema(minimum = 1, maximum = 1_000_000, example = 600)]
    pub requests_per_minute: Option<u64>,
    /// Seconds of CPU time on a UTC day, of runs and compilers. When finished submissions have used them, no more are
    /// accepted until the next day; what was accepted before is run.
    #[schema(minimum = 1, maximum = 86_400_000, example = 3600)]
    pub cpu_seconds_per_day: Option<u64>,
    /// Submissions that run at the same time. Further ones are accepted and wait, while those of other keys are run.
    #[schema(minimum = 1, maximum = 1_000_000, example = 4)]
    pub running: Option<u64>,
    /// Days for which results are kept, where that is less than the server keeps any; then they are deleted.
    #[schema(minimum = 1, maximum = 36_500, example = 7)]
    pub result_days: Option<u64>,
}

/// What is to become of a key's limits. A field that is left out stays as it is; null takes the limit away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyLimitsChange {
    /// Requests of any kind in a minute. What the key has left of a minute is left to it, and comes back at the new pace.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>, minimum = 1, maximum = 1_000_000, example = 600)]
    pub requests_per_minute: Option<Option<u64>>,
    /// Seconds of CPU time on a UTC day. What was used today counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>, minimum = 1, maximum = 86_400_000, example = 3600)]
    pub cpu_seconds_per_day: Option<Option<u64>>,
    /// Submissions that run at the same time. What runs already goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>, minimum = 1, maximum = 1_000_000, example = 4)]
    pub running: Option<Option<u64>>,
    /// Days for which results are kept. What there is already goes when it would have gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>, minimum = 1, maximum = 36_500, example = 7)]
    pub result_days: Option<Option<u64>>,
}

/// The limits of a key that is asked for.
pub(super) fn limits_body(value: Json<'_>) -> Result<KeyLimitsBody, ApiError> {
    // Of a new key there is nothing that could stay, so that left out and null are the same.
    let KeyLimitsChange { requests_per_minute, cpu_seconds_per_day, running, result_days } = limits_change(value)?;
    let [requests_per_minute, cpu_seconds_per_day, running, result_days] =
        [requests_per_minute, cpu_seconds_per_day, running, result_days].map(Option::flatten);
    Ok(KeyLimitsBody { requests_per_minute, cpu_seconds_per_day, running, result_days })
}

/// What is to become of those of a key that is there.
pub(super) fn limits_change(value: Json<'_>) -> Result<KeyLimitsChange, ApiError> {
    if value.shape() != Shape::Object {
        return Err(wrong_type("limits", "an object", value));
    }
    let mut limits = KeyLimitsChange::default();
    let KeyLimitsChange { requests_per_minute, cpu_seconds_per_day, running, result_days } = &mut limits;
    for (name, value) in members(value)? {
        let field = match &*name {
            "requests_per_minute" => &mut *requests_per_minute,
            "cpu_seconds_per_day" => cpu_seconds_per_day,
            "running" => running,
            "result_days" => result_days,
            _ => return Err(unknown("limits.", &name, KNOWN_LIMITS)),
        };
        *field = Some(optional(value, |value| whole_number(&format!("limits.{name}"), value))?);
    }
    Ok(limits)
}

impl From<KeyLimits> for KeyLimitsBody {
    fn from(limits: KeyLimits) -> Self {
        let KeyLimits { requests_per_minute, cpu_seconds_per_day, running, result_days } = limits;
        let [requests_per_minute, cpu_seconds_per_day, running, result_days] =
            [requests_per_minute, cpu_seconds_per_day, running, result_days].map(|limit| limit.map(u64::from));
        Self { requests_per_minute, cpu_seconds_per_day, running, result_days }
    }
}
