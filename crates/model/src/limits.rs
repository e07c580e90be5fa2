//! The one list of limits, and the rule by which a caller may lower them.
//!
//! Code that applies limits destructures [`Limits`] without `..`, so that a new limit does not
//! compile until every place that must enforce it has been handled.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The smallest scratch space and memory that can be asked for, in bytes and KiB. One page: a tmpfs
/// whose size rounds down to zero would have no limit at all (tmpfs(5)).
const ONE_PAGE_BYTES: u64 = 4096;
const SMALLEST_MEMORY_KIB: u64 = 4096;

/// What one run may use. The same struct holds the operator's maximum and what applies to a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// CPU time of all processes of the run together, user and system.
    pub cpu_time: Duration,
    /// Time on the clock from the start of the program to its end.
    pub wall_time: Duration,
    /// Memory of the whole box in KiB, files in its scratch space included.
    pub memory_kib: u64,
    /// Processes and threads alive at the same time.
    pub processes: u32,
    /// Bytes kept of standard output, of standard error and of the answer, each.
    pub output_bytes: u64,
    /// Bytes of all files in the scratch space together; also the size of the largest one.
    pub file_bytes: u64,
    /// Open file descriptors per process. The operator's alone; a caller can not change it.
    pub open_files: u32,
}

impl Default for Limits {
    /// The operator's maximum when nothing is configured.
    fn default() -> Self {
        Self {
            cpu_time: Duration::from_secs(10),
            wall_time: Duration::from_secs(20),
            memory_kib: 512 * 1024,
            processes: 64,
            output_bytes: 1024 * 1024,
            file_bytes: 64 * 1024 * 1024,
            open_files: 256,
        }
    }
}

/// What a caller asks for, or a language: any subset of the limits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsRequest {
    /// Milliseconds.
    pub cpu_time_ms: Option<u64>,
    /// Milliseconds.
    pub wall_time_ms: Option<u64>,
    /// KiB.
    pub memory_kib: Option<u64>,
    /// Processes and threads.
    pub processes: Option<u64>,
    /// Bytes.
    pub output_bytes: Option<u64>,
    /// Bytes.
    pub file_bytes: Option<u64>,
}

/// A limit outside of what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} is {given}; allowed is {least} to {most}")]
pub struct LimitError {
    /// The field's name on the wire.
    pub field: &'static str,
    /// What was asked for.
    pub given: u64,
    /// The least that is allowed.
    pub least: u64,
    /// The operator's maximum.
    pub most: u64,
}

impl LimitsRequest {
    /// What is asked for here, and where nothing is, what `defaults` says.
    #[must_use]
    pub fn or(&self, defaults: &Self) -> Self {
        let Self { cpu_time_ms, wall_time_ms, memory_kib, processes, output_bytes, file_bytes } = self;
        Self {
            cpu_time_ms: cpu_time_ms.or(defaults.cpu_time_ms),
            wall_time_ms: wall_time_ms.or(defaults.wall_time_ms),
            memory_kib: memory_kib.or(defaults.memory_kib),
            processes: processes.or(defaults.processes),
            output_bytes: output_bytes.or(defaults.output_bytes),
            file_bytes: file_bytes.or(defaults.file_bytes),
        }
    }
}

impl Limits {
    /// The operator's maximum for compiling when nothing is configured. A compiler needs more than most of
    /// what it compiles.
    pub fn for_compiling() -> Self {
        Self {
            cpu_time: Duration::from_secs(60),
            wall_time: Duration::from_secs(60),
            memory_kib: 2 * 1024 * 1024,
            processes: 256,
            output_bytes: 64 * 1024,
            file_bytes: 512 * 1024 * 1024,
            open_files: 1024,
        }
    }

    /// What applies to a run when a request says nothing: `defaults`, which are a language's, where they are
    /// within this maximum, and this maximum elsewhere.
    #[must_use]
    pub fn default_with(&self, defaults: &LimitsRequest) -> Self {
        let LimitsRequest { cpu_time_ms, wall_time_ms, memory_kib, processes, output_bytes, file_bytes } = defaults;
        let least = |given: Option<u64>, most: u64| given.map_or(most, |given| given.min(most));
        Self {
            cpu_time: millis(least(*cpu_time_ms, as_millis(self.cpu_time))),
            wall_time: millis(least(*wall_time_ms, as_millis(self.wall_time))),
            memory_kib: least(*memory_kib, self.memory_kib),
            processes: u32::try_from(least(*processes, self.processes.into())).unwrap_or(self.processes),
            output_bytes: least(*output_bytes, self.output_bytes),
            file_bytes: least(*file_bytes, self.file_bytes),
            open_files: self.open_files,
        }
    }

    /// The same as a request: what a caller who asks for exactly this would say.
    pub fn as_request(&self) -> LimitsRequest {
        let Self { cpu_time, wall_time, memory_kib, processes, output_bytes, file_bytes, open_files: _ } = self;
        LimitsRequest {
            cpu_time_ms: Some(as_millis(*cpu_time)),
            wall_time_ms: Some(as_millis(*wall_time)),
            memory_kib: Some(*memory_kib),
            processes: Some((*processes).into()),
            output_bytes: Some(*output_bytes),
            file_bytes: Some(*file_bytes),
        }
    }

    /// These limits, lowered to what `request` asks for.
    ///
    /// # Errors
    /// [`LimitError`] names the first field that is below the least value or above this maximum. A
    /// value is never clamped in silence.
    pub fn lowered(&self, request: &LimitsRequest) -> Result<Self, LimitError> {
        let LimitsRequest { cpu_time_ms, wall_time_ms, memory_kib, processes, output_bytes, file_bytes } = request;
        Ok(Self {
            cpu_time: millis(lower("cpu_time_ms", *cpu_time_ms, 1, as_millis(self.cpu_time))?),
            wall_time: millis(lower("wall_time_ms", *wall_time_ms, 1, as_millis(self.wall_time))?),
            memory_kib: lower("memory_kib", *memory_kib, SMALLEST_MEMORY_KIB, self.memory_kib)?,
            processes: u32::try_from(lower("processes", *processes, 1, self.processes.into())?)
                .unwrap_or(self.processes),
            output_bytes: lower("output_bytes", *output_bytes, 1, self.output_bytes)?,
            file_bytes: lower("file_bytes", *file_bytes, ONE_PAGE_BYTES, self.file_bytes)?,
            open_files: self.open_files,
        })
    }
}

fn lower(field: &'static str, given: Option<u64>, least: u64, most: u64) -> Result<u64, LimitError> {
    match given {
        None => Ok(most),
        Some(given) if (least..=most).contains(&given) => Ok(given),
        Some(given) => Err(LimitError { field, given, least, most }),
    }
}

fn millis(value: u64) -> Duration {
    Duration::from_millis(value)
}

/// Whole milliseconds; a limit of centuries saturates.
fn as_millis(value: Duration) -> u64 {
    u64::try_from(value.as_millis()).unwrap_or(u64::MAX)
}
