//! New lines of the kernel's log that are warnings or worse and speak of us. Where the log can not be read, as in
//! most containers, there are none.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;

use rustix::fs::OFlags;

use crate::host::Place;

/// The lowest level that is no warning.
const NOTICE: u32 = 5;

/// What the kernel says of a box whose memory ran out is no complaint.
const EXPECTED: [&str; 2] = ["oom-kill:", "Memory cgroup out of memory"];

/// The log from here on.
pub struct KernelLog(Option<File>);

impl KernelLog {
    /// Skips what is there.
    pub fn from_now() -> Self {
        let flags = OFlags::NONBLOCK.bits().cast_signed();
        let mut log = Self(OpenOptions::new().read(true).custom_flags(flags).open("/dev/kmsg").ok());
        let _ = log.records();
        log
    }

    /// Can it be read at all?
    pub fn is_readable(&self) -> bool {
        self.0.is_some()
    }

    /// The new lines that are about this server.
    pub fn complaints(&mut self, place: &Place) -> Vec<String> {
        let names = ["code-runner".to_owned(), place.server.to_string(), place.launcher.to_string()];
        let records = self.records();
        let lines = records.iter().filter_map(|record| warning(record));
        lines.filter(|line| names.iter().any(|name| has_word(line, name))).map(str::to_owned).collect()
    }

    /// Each read gives one record, and an error when there is no more.
    fn records(&mut self) -> Vec<String> {
        let (mut records, mut buffer) = (Vec::new(), vec![0_u8; 16 << 10]);
        while let Some(length) = self.0.as_mut().and_then(|file| file.read(&mut buffer).ok()).filter(|&read| read > 0) {
            records.push(String::from_utf8_lossy(&buffer[..length]).into_owned());
        }
        records
    }
}

/// The text of a record `level,number,time,flags;text`, if it is a warning or worse.
fn warning(record: &str) -> Option<&str> {
    let (head, text) = record.split_once(';')?;
    let level = head.split(',').next()?.parse::<u32>().ok()? & 7;
    let text = text.lines().next()?;
    (level < NOTICE && !EXPECTED.iter().any(|expected| text.contains(expected))).then_some(text)
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric() && c != '-').any(|part| part == word || part.starts_with("code-runner"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_warnings_count_and_memory_that_ran_out_does_not() {
        assert_eq!(warning("4,1,2,-;code-runner[7]: bad\n SUB=x"), Some("code-runner[7]: bad"));
        assert_eq!(warning("6,1,2,-;code-runner is fine"), None);
        assert_eq!(warning("3,1,2,-;Memory cgroup out of memory: Killed process 7 (x)"), None);
        assert!(has_word("traps: code-runner[7] trap", "7"));
        assert!(!has_word("17 processes", "7"));
    }
}
