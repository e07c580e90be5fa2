//! The limits of the API as a header asks for them, and what applies where it asks for nothing.

use std::time::Duration;

use serde::Serialize;

use super::HeaderError;
use super::lines::number;

/// The limits of the API, each lowered or left alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Limits {
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu_time_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wall_time_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory_kib: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    processes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_bytes: Option<u64>,
}

impl Limits {
    /// Time on the clock that one run may take.
    pub fn wall_time(&self) -> Duration {
        Duration::from_millis(self.wall_time_ms.unwrap_or(20_000))
    }

    /// CPU time that one run may take.
    pub fn cpu_time(&self) -> Duration {
        Duration::from_millis(self.cpu_time_ms.unwrap_or(10_000))
    }

    /// From `name=value name=value`.
    pub fn parse(text: &str) -> Result<Self, HeaderError> {
        let mut limits = Self::default();
        for part in text.split_whitespace() {
            let unknown = || HeaderError::UnknownValue { key: "limits", value: part.to_owned() };
            let (name, value) = part.split_once('=').ok_or_else(unknown)?;
            let field = match name {
                "cpu_time_ms" => &mut limits.cpu_time_ms,
                "wall_time_ms" => &mut limits.wall_time_ms,
                "memory_kib" => &mut limits.memory_kib,
                "processes" => &mut limits.processes,
                "output_bytes" => &mut limits.output_bytes,
                "file_bytes" => &mut limits.file_bytes,
                _ => return Err(unknown()),
            };
            *field = Some(number("limits", value)?);
        }
        Ok(limits)
    }
}
