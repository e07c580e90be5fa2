//! How much memory the server itself needs. Not what its boxes do, which are no part of it, nor the launcher and its templates.
//!
//! The kernel says so in a file that is opened before privileges, and with them the sight of `/proc`, are given up.

use std::fs::File;
use std::os::unix::fs::FileExt;

/// The file is much shorter, and the line in the first half of it.
const MOST_BYTES: usize = 8192;

/// The kernel's word on this process.
#[derive(Debug)]
pub struct Memory {
    /// None where the host has no `/proc`.
    status: Option<File>,
}

impl Memory {
    /// Of this process. To be called while `/proc` can be seen.
    pub fn of_this_process() -> Self {
        Self { status: File::open("/proc/self/status").ok() }
    }

    /// Bytes that are in memory now (resident), if that is known.
    pub fn resident_bytes(&self) -> Option<u64> {
        let mut text = [0; MOST_BYTES];
        let length = self.status.as_ref()?.read_at(&mut text, 0).ok()?;
        resident_bytes(&String::from_utf8_lossy(&text[..length]))
    }
}

/// `VmRSS`, which is in KiB whatever it says (proc_pid_status(5)).
fn resident_bytes(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_process_needs_grows_with_what_it_has() {
        let memory = Memory::of_this_process();
        let before = memory.resident_bytes().expect("the kernel says so");
        let kept = std::hint::black_box(vec![1_u8; 64 << 20]);
        let after = memory.resident_bytes().expect("it says so again");
        assert!(after >= before + (32 << 20), "{before} and then {after} bytes");
        drop(kept);
    }

    #[test]
    fn what_has_no_such_line_says_nothing() {
        assert_eq!(resident_bytes("Name:\tserver\nVmHWM:\t    9 kB\nVmRSS:\t    3 kB\n"), Some(3072));
        for odd in ["", "VmRSS:", "VmRSS:\t3 MB", "VmRSS:\tx kB", "VmRSS:\t99999999999999999999 kB"] {
            assert_eq!(resident_bytes(odd), None, "{odd}");
        }
    }
}
