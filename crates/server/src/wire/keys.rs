//! API keys: what comes in, field by field, and what goes out.

use serde::Serialize;
use store::{KeptSecret, KeyRecord, Scope};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::ToSchema;

use super::key_limits::{KeyLimitsBody, limits_body};
use super::names::ScopeName;
use super::request::{members, missing, optional, text, texts, unknown, whole_number};
use crate::error::ApiError;
use crate::json::{self, Json, Shape};

/// More than there are.
pub(super) const MOST_SCOPES: usize = 16;

/// A key that is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "school-a", "limits": {"requests_per_minute": 600}}))]
pub struct KeyRequest {
    /// 1 to 64 of a-z, 0-9, `.`, `_` and `-`, the first of them a letter or a digit. It is the owner of what is
    /// submitted with the key, and is given once: not again after the key was revoked.
    #[schema(example = "school-a", pattern = "^[a-z0-9][a-z0-9._-]{0,63}$")]
    pub name: String,
    /// What the key may do: `run` submits, `read` reads results, languages and counters, `admin` manages keys and sees
    /// how the server is, the submissions of all keys included, without what was sent or answered.
    /// Without it, `run` and `read`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<ScopeName>>, min_items = 1, max_items = 16, example = json!(["run", "read"]))]
    pub scopes: Option<Vec<String>>,
    /// How much it may use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<KeyLimitsBody>,
    /// Until when it is valid (RFC 3339). Without it, until it is revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, example = "2036-07-31T00:00:00Z")]
    pub expires_at: Option<String>,
}

/// How a key gets another secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateRequest {
    /// How long the present secret stays valid beside the new one, in seconds. Without it, 0: it ends at once.
    #[schema(minimum = 0, maximum = 2_592_000, default = 0, example = 3600)]
    pub overlap_seconds: Option<u64>,
}

impl KeyRequest {
    /// Takes a body apart.
    ///
    /// # Errors
    /// 400 for what is not one JSON object, 422 for fields that are missing, unknown or of another type.
    pub fn from_json(body: &[u8]) -> Result<Self, ApiError> {
        let (mut key_name, mut scopes, mut limits, mut expires_at) = (None, None, None, None);
        for (name, value) in members(key_object(body)?)? {
            match &*name {
                "name" => key_name = Some(text("name", value)?),
                "scopes" => scopes = optional(value, |value| texts("scopes", value, MOST_SCOPES))?,
                "limits" => limits = optional(value, limits_body)?,
                "expires_at" => expires_at = optional(value, |value| text("expires_at", value))?,
                _ => return Err(unknown("", &name, "`name`, `scopes`, `limits` and `expires_at`")),
            }
        }
        Ok(Self { name: key_name.ok_or_else(|| missing("name"))?, scopes, limits, expires_at })
    }
}

impl RotateRequest {
    /// Takes a body apart.
    ///
    /// # Errors
    /// 400 for what is not one JSON object, 422 for fields that are unknown or of another type.
    pub fn from_json(body: &[u8]) -> Result<Self, ApiError> {
        let mut overlap_seconds = None;
        for (name, value) in members(key_object(body)?)? {
            match &*name {
                "overlap_seconds" => overlap_seconds = optional(value, |value| whole_number("overlap_seconds", value))?,
                _ => return Err(unknown("", &name, "`overlap_seconds`")),
            }
        }
        Ok(Self { overlap_seconds })
    }
}

/// The object that a body about a key is.
pub(super) fn key_object(body: &[u8]) -> Result<Json<'_>, ApiError> {
    let document = json::check(body).map_err(|malformed| ApiError::malformed(malformed.to_string()))?;
    if document.shape() == Shape::Object {
        Ok(document)
    } else {
        Err(ApiError::malformed(format!("the body must be an object, not {}", document.shape())))
    }
}

/// Whether a key opens anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// It does.
    Active,
    /// Its time is over.
    Expired,
    /// It was ended.
    Revoked,
}

/// A key, without anything secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyBody {
    /// Its name.
    #[schema(example = "school-a")]
    pub name: String,
    /// Whether it opens anything.
    pub state: KeyState,
    /// What it may do.
    #[schema(example = json!(["run", "read"]))]
    pub scopes: Vec<&'static str>,
    /// How much it may use.
    pub limits: KeyLimitsBody,
    /// Since when it is there (RFC 3339, UTC); null for `default`.
    #[schema(required, format = DateTime)]
    pub made_at: Option<String>,
    /// Until when it is valid (RFC 3339, UTC); null if until it is revoked.
    #[schema(required, format = DateTime)]
    pub expires_at: Option<String>,
    /// Since when it is revoked (RFC 3339, UTC); null if it is not.
    #[schema(required, format = DateTime)]
    pub revoked_at: Option<String>,
    /// The secrets that open it, the current one first. Without any if it was revoked, and for `default`.
    pub secrets: Vec<SecretBody>,
}

/// A secret, but for what is secret of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecretBody {
    /// What it begins with.
    #[schema(example = "cr_1f0c9a3b")]
    pub public_part: String,
    /// Since when it is there (RFC 3339, UTC).
    #[schema(format = DateTime)]
    pub made_at: String,
    /// Until when it is valid (RFC 3339, UTC); null for the current one.
    #[schema(required, format = DateTime)]
    pub valid_until: Option<String>,
}

/// All keys.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyList {
    /// First `default`, the key of the settings, then the others by name, revoked ones included.
    pub keys: Vec<KeyBody>,
}

/// A key and its new secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyWithSecret {
    /// What to send in `x-api-key`. It is shown only here.
    #[schema(example = "cr_1f0c9a3b_…")]
    pub secret: String,
    /// The key.
    pub key: KeyBody,
}

impl KeyBody {
    /// The key as it is at this moment.
    pub fn new(key: KeyRecord, now: OffsetDateTime) -> Self {
        let KeyRecord { name, scopes, limits, made_at, expires_at, revoked_at, secrets } = key;
        let state = match (revoked_at, expires_at) {
            (Some(_), _) => KeyState::Revoked,
            (None, Some(until)) if until <= now => KeyState::Expired,
            (None, _) => KeyState::Active,
        };
        Self {
            name,
            state,
            scopes: scopes.list().into_iter().map(Scope::name).collect(),
            limits: limits.into(),
            made_at: Some(rfc3339(made_at)),
            expires_at: expires_at.map(rfc3339),
            revoked_at: revoked_at.map(rfc3339),
            secrets: secrets
                .into_iter()
                .filter(|kept| kept.valid_until.is_none_or(|until| now < until))
                .map(secret)
                .collect(),
        }
    }

    /// The key of the settings.
    pub fn first() -> Self {
        Self {
            name: crate::keys::FIRST_OWNER.to_owned(),
            state: KeyState::Active,
            scopes: Scope::ALL.map(Scope::name).into(),
            limits: KeyLimitsBody::default(),
            made_at: None,
            expires_at: None,
            revoked_at: None,
            secrets: Vec::new(),
        }
    }
}

impl KeyList {
    /// These keys, and before them the one of the settings.
    pub fn new(keys: Vec<KeyRecord>, now: OffsetDateTime) -> Self {
        let stored = keys.into_iter().map(|key| KeyBody::new(key, now));
        Self { keys: std::iter::once(KeyBody::first()).chain(stored).collect() }
    }
}

fn secret(kept: KeptSecret) -> SecretBody {
    let KeptSecret { secret, made_at, valid_until } = kept;
    SecretBody { public_part: secret.public_part, made_at: rfc3339(made_at), valid_until: valid_until.map(rfc3339) }
}

/// Of a time that was written in this way, or that a clock showed.
pub(crate) fn rfc3339(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_else(|_| "a time that can not be written".to_owned())
}
