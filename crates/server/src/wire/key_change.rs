//! What is to become of a key: a merge patch (RFC 7396), where what is left out stays and null takes a limit away.

use serde::Serialize;
use utoipa::ToSchema;

use super::keys::{KNOWN_LIMITS, MOST_SCOPES, key_object};
use super::names::ScopeName;
use super::request::{members, optional, text, texts, unknown, whole_number, wrong_type};
use crate::error::ApiError;
use crate::json::{Json, Shape};

/// What is to become of a key. A field that is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"limits": {"running": 8, "requests_per_minute": null}}))]
pub struct KeyChangeRequest {
    /// What the key may do from now on, and nothing else: `run`, `read`, `admin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<ScopeName>, required = false, min_items = 1, max_items = 16, example = json!(["run", "read"]))]
    pub scopes: Option<Vec<String>>,
    /// How much it may use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = KeyLimitsChange, required = false)]
    pub limits: Option<KeyLimitsChange>,
    /// Until when it is valid (RFC 3339); null if until it is revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, example = "2036-07-31T00:00:00Z")]
    pub expires_at: Option<Option<String>>,
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

impl KeyChangeRequest {
    /// Takes a body apart.
    ///
    /// # Errors
    /// 400 for what is not one JSON object, 422 for fields that are unknown, can not be changed or are of another type.
    pub fn from_json(body: &[u8]) -> Result<Self, ApiError> {
        let mut change = Self::default();
        let Self { scopes, limits, expires_at } = &mut change;
        for (name, value) in members(key_object(body)?)? {
            match &*name {
                "scopes" => *scopes = Some(texts("scopes", value, MOST_SCOPES)?),
                "limits" => *limits = Some(limits_change(value)?),
                "expires_at" => *expires_at = Some(optional(value, |value| text("expires_at", value))?),
                "name" => return Err(ApiError::fixed_name()),
                _ => return Err(unknown("", &name, "`scopes`, `limits` and `expires_at`")),
            }
        }
        Ok(change)
    }
}

fn limits_change(value: Json<'_>) -> Result<KeyLimitsChange, ApiError> {
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
