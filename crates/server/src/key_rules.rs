//! From a request for a key to one that can only be valid. The API and `code-runner keys` both come through here.

use std::time::Duration;

use store::{Added, KeyChange, KeyLimits, KeyName, LimitsChange, NewKey, Scope, Scopes, SecretDigest};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::error::{ApiError, Code};
use crate::keys::FIRST_OWNER;
use crate::wire::{KeyChangeRequest, KeyLimitsBody, KeyLimitsChange, KeyRequest, RotateRequest};

/// Requests a minute, and submissions.
const MOST: u32 = 1_000_000;
/// As many as the setting of this name may have.
const MOST_DAYS: u32 = 36_500;
/// A thousand processors, all day.
const MOST_CPU_SECONDS: u32 = 86_400_000;
/// How long an old secret may stay valid, in seconds: thirty days.
const MOST_OVERLAP: u64 = 2_592_000;

/// The key that is asked for, with this secret.
///
/// # Errors
/// 422 with the field and what is allowed, 409 for the name of the first key.
pub fn new_key(request: KeyRequest, secret: SecretDigest, now: OffsetDateTime) -> Result<NewKey, ApiError> {
    let KeyRequest { name, scopes, limits, expires_at } = request;
    Ok(NewKey {
        name: key_name(&name)?,
        scopes: scopes.map_or(Ok(Scopes { run: true, read: true, admin: false }), |names| all_scopes(&names))?,
        limits: key_limits(limits.unwrap_or_default())?,
        expires_at: expires_at.map(|text| expiry(&text, now)).transpose()?,
        secret,
    })
}

/// What is to become of a key.
///
/// # Errors
/// 422 with the field and what is allowed.
pub fn key_change(request: KeyChangeRequest, now: OffsetDateTime) -> Result<KeyChange, ApiError> {
    let KeyChangeRequest { scopes, limits, expires_at } = request;
    let KeyLimitsChange { requests_per_minute, cpu_seconds_per_day, running, result_days } = limits.unwrap_or_default();
    let changed = |name, value: Option<Option<u64>>, most| value.map(|value| limit(name, value, most)).transpose();
    Ok(KeyChange {
        scopes: scopes.map(|names| all_scopes(&names)).transpose()?,
        limits: LimitsChange {
            requests_per_minute: changed("requests_per_minute", requests_per_minute, MOST)?,
            cpu_seconds_per_day: changed("cpu_seconds_per_day", cpu_seconds_per_day, MOST_CPU_SECONDS)?,
            running: changed("running", running, MOST)?,
            result_days: changed("result_days", result_days, MOST_DAYS)?,
        },
        expires_at: expires_at.map(|at| at.map(|text| expiry(&text, now)).transpose()).transpose()?,
    })
}

/// How long the old secret stays valid.
///
/// # Errors
/// 422 with the field and what is allowed.
pub fn overlap(request: &RotateRequest) -> Result<Duration, ApiError> {
    let RotateRequest { overlap_seconds } = request;
    let seconds = overlap_seconds.unwrap_or(0);
    if seconds > MOST_OVERLAP {
        let detail = format!("`overlap_seconds` must be a whole number from 0 to {MOST_OVERLAP}");
        return Err(ApiError::invalid(Code::OutOfRange, "overlap_seconds", detail));
    }
    Ok(Duration::from_secs(seconds))
}

/// Refuses to change the key of the settings.
///
/// # Errors
/// 409 for its name.
pub fn not_the_first(name: &str) -> Result<(), ApiError> {
    if name == FIRST_OWNER { Err(ApiError::fixed_key()) } else { Ok(()) }
}

/// What the store said of a key that was to be added.
///
/// # Errors
/// 409 if it was not.
pub fn is_added(added: Added) -> Result<(), ApiError> {
    match added {
        Added::Done => Ok(()),
        Added::NameTaken => Err(ApiError::name_taken()),
        Added::Full => Err(ApiError::too_many_keys()),
    }
}

fn key_name(text: &str) -> Result<KeyName, ApiError> {
    let name = KeyName::parse(text).ok_or_else(|| {
        let detail = format!("`name` must be {}", KeyName::ALLOWED);
        ApiError::invalid(Code::InvalidValue, "name", detail)
    })?;
    if name.as_str() == FIRST_OWNER { Err(ApiError::name_taken()) } else { Ok(name) }
}

fn all_scopes(names: &[String]) -> Result<Scopes, ApiError> {
    let one_of = Scope::ALL.map(Scope::name).join("`, `");
    if names.is_empty() {
        let detail = format!("`scopes` must name at least one of `{one_of}`");
        return Err(ApiError::invalid(Code::InvalidValue, "scopes", detail));
    }
    let scope = |(index, name): (usize, &String)| {
        Scope::named(name).ok_or_else(|| {
            let field = format!("scopes[{index}]");
            let detail = format!("`{field}` must be one of `{one_of}`");
            ApiError::invalid(Code::InvalidValue, field, detail)
        })
    };
    names.iter().enumerate().map(scope).collect()
}

fn key_limits(limits: KeyLimitsBody) -> Result<KeyLimits, ApiError> {
    let KeyLimitsBody { requests_per_minute, cpu_seconds_per_day, running, result_days } = limits;
    Ok(KeyLimits {
        requests_per_minute: limit("requests_per_minute", requests_per_minute, MOST)?,
        cpu_seconds_per_day: limit("cpu_seconds_per_day", cpu_seconds_per_day, MOST_CPU_SECONDS)?,
        running: limit("running", running, MOST)?,
        result_days: limit("result_days", result_days, MOST_DAYS)?,
    })
}

fn limit(name: &str, value: Option<u64>, most: u32) -> Result<Option<u32>, ApiError> {
    let Some(value) = value else { return Ok(None) };
    match u32::try_from(value) {
        Ok(value) if (1..=most).contains(&value) => Ok(Some(value)),
        _ => {
            let field = format!("limits.{name}");
            let detail = format!("`{field}` must be a whole number from 1 to {most}, or null for no limit");
            Err(ApiError::invalid(Code::OutOfRange, field, detail))
        }
    }
}

fn expiry(text: &str, now: OffsetDateTime) -> Result<OffsetDateTime, ApiError> {
    let wrong = |detail: &str| ApiError::invalid(Code::InvalidValue, "expires_at", detail);
    let at = OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|_| wrong("`expires_at` must be a time of RFC 3339, such as 2036-07-31T00:00:00Z"))?;
    if at <= now { Err(wrong("`expires_at` must be in the future")) } else { Ok(at.to_offset(UtcOffset::UTC)) }
}
