//! What is to become of a key: a merge patch (RFC 7396), where what is left out stays and null takes a limit away.

use serde::Serialize;
use utoipa::ToSchema;

use super::key_limits::{KeyLimitsChange, limits_change};
use super::keys::{MOST_SCOPES, key_object};
use super::names::ScopeName;
use super::request::{members, optional, text, texts, unknown};
use crate::error::ApiError;

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
