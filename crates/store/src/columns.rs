//! Values as columns, in whatever database: times, durations, verdicts, secrets, and what of a report is counted.
//!
//! Columns hold microseconds. A sum of execution times then has room for 292 000 years, which the
//! nanoseconds of a `Duration` would not leave a large site.

use std::error::Error;
use std::time::Duration;

use model::{CompileReport, Report, Verdict};
use time::OffsetDateTime;

use crate::keys::{KeptSecret, SecretDigest};

/// Why a single operation failed.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// A duration as a column; what is shorter than a microsecond is cut off.
pub(crate) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// The duration in a column.
pub(crate) fn duration(micros: i64) -> Result<Duration, Failure> {
    Ok(Duration::from_micros(u64::try_from(micros)?))
}

/// The host's time as a column.
pub(crate) fn now_utc() -> Result<i64, Failure> {
    micros_since_1970(OffsetDateTime::now_utc())
}

/// A time as a column.
pub(crate) fn micros_since_1970(at: OffsetDateTime) -> Result<i64, Failure> {
    Ok(i64::try_from(at.unix_timestamp_nanos() / 1000)?)
}

/// The time in a column.
pub(crate) fn utc(micros: i64) -> Result<OffsetDateTime, Failure> {
    Ok(OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000)?)
}

/// The verdict whose name is in a column.
pub(crate) fn verdict(name: &str) -> Result<Verdict, Failure> {
    let known = Verdict::ALL.into_iter().find(|verdict| verdict.name() == name);
    known.ok_or_else(|| format!("unknown verdict `{name}` in the totals").into())
}

/// A secret of a key, from its columns.
pub(crate) fn kept_secret(
    digest: Vec<u8>,
    public_part: String,
    made_at: i64,
    valid_until: Option<i64>,
) -> Result<KeptSecret, Failure> {
    let digest = digest.try_into().map_err(|_| "a digest in the store is not 32 bytes long")?;
    Ok(KeptSecret {
        secret: SecretDigest { digest, public_part },
        made_at: utc(made_at)?,
        valid_until: valid_until.map(utc).transpose()?,
    })
}

/// CPU time of all that was done for a report, as a column; what a cache spared is not in it.
pub(crate) fn cpu_time(report: &Report) -> i64 {
    let runs: Duration = report.inputs.iter().map(|input| input.cpu_time).sum();
    let compile = match &report.compile {
        Some(CompileReport { cached: false, cpu_time, .. }) => *cpu_time,
        _ => Duration::ZERO,
    };
    micros(runs + compile)
}
