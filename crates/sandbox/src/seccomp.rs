//! The system call filter: compiled from `seccomp/x86_64.json`, where each entry has its reason.
//!
//! Two filters are joined. `allow` lists what a program may call; all else fails with EPERM.
//! `pretend_absent` lists calls that fail with ENOSYS, because libraries then fall back to an older
//! call that can be checked. Templates that ask for it have a third, `fake_locks`, whose calls answer that they
//! worked and are not executed. Where several refuse a call, the one that was installed last decides how
//! (seccomp(2)).

use std::collections::BTreeSet;

use seccompiler::{BpfMap, TargetArch};

use crate::error::{SandboxError, Step};

const DESCRIPTION: &str = include_str!("../seccomp/x86_64.json");

/// The filters in the order in which they are installed, one instruction in each `u64`.
pub struct Filters {
    /// For every box.
    pub always: Vec<Vec<u64>>,
    /// Behind those, for templates that ask for it.
    pub fake_locks: Vec<u64>,
}

/// Compiles the description.
pub fn filters() -> Result<Filters, SandboxError> {
    let failed = |cause: String| SandboxError::new(Step::Launcher, "seccomp/x86_64.json", cause);
    let map: BpfMap = seccompiler::compile_from_json(DESCRIPTION.as_bytes(), TargetArch::x86_64)
        .map_err(|error| failed(error.to_string()))?;
    let compiled = |name: &str| -> Result<Vec<u64>, SandboxError> {
        let program = map.get(name).ok_or_else(|| failed(format!("`{name}` is missing")))?;
        Ok(program.iter().map(as_word).collect())
    };
    Ok(Filters { always: vec![compiled("allow")?, compiled("pretend_absent")?], fake_locks: compiled("fake_locks")? })
}

/// `struct sock_filter` in memory order: code, jump if true, jump if false, constant.
fn as_word(instruction: &seccompiler::sock_filter) -> u64 {
    let [code_low, code_high] = instruction.code.to_ne_bytes();
    let [k0, k1, k2, k3] = instruction.k.to_ne_bytes();
    u64::from_ne_bytes([code_low, code_high, instruction.jt, instruction.jf, k0, k1, k2, k3])
}

/// How many different system calls a program can reach with at least some arguments.
pub fn reachable_calls() -> usize {
    let description: serde_json::Value = serde_json::from_str(DESCRIPTION).unwrap_or_default();
    let entries = description["allow"]["filter"].as_array().map(Vec::as_slice).unwrap_or_default();
    entries.iter().filter_map(|entry| entry["syscall"].as_str()).collect::<BTreeSet<_>>().len()
}

/// The numbers of the socket families a program can reach; `None` if all of them.
pub fn reachable_socket_families() -> Option<BTreeSet<u64>> {
    let description: serde_json::Value = serde_json::from_str(DESCRIPTION).unwrap_or_default();
    let entries = description["allow"]["filter"].as_array().map(Vec::as_slice).unwrap_or_default();
    let makes_sockets = |entry: &&serde_json::Value| matches!(entry["syscall"].as_str(), Some("socket" | "socketpair"));
    // An entry that does not compare the first argument for equality lets every family through.
    let family = |entry: &serde_json::Value| {
        let of_family = |arg: &&serde_json::Value| arg["index"] == 0 && arg["op"] == "eq";
        entry["args"].as_array()?.iter().find(of_family)?["val"].as_u64()
    };
    entries.iter().filter(makes_sockets).map(family).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_compiles_and_every_entry_has_a_reason() {
        let Filters { always, fake_locks } = filters().expect("compiles");
        assert_eq!(always.len(), 2);
        let mut all = always.iter().chain([&fake_locks]);
        assert!(all.all(|filter| filter.len() > 5 && filter.len() < usize::from(u16::MAX)));
        let description: serde_json::Value = serde_json::from_str(DESCRIPTION).expect("is JSON");
        for filter in ["allow", "pretend_absent", "fake_locks"] {
            for entry in description[filter]["filter"].as_array().expect("has entries") {
                let reason = entry["comment"].as_str().unwrap_or_default();
                assert!(reason.len() > 5, "{entry} has no reason");
            }
        }
    }

    #[test]
    fn local_sockets_are_the_only_ones() {
        assert_eq!(reachable_socket_families(), Some(BTreeSet::from([1])));
    }

    #[test]
    fn calls_that_reach_outside_of_a_box_are_not_listed() {
        for call in [
            "mount",
            "umount2",
            "unshare",
            "setns",
            "ptrace",
            "bpf",
            "perf_event_open",
            "keyctl",
            "add_key",
            "init_module",
            "kexec_load",
            "pivot_root",
            "chroot",
            "process_vm_readv",
            "userfaultfd",
            "io_uring_setup",
            "open_by_handle_at",
            "flock",
            "inotify_add_watch",
            "fanotify_init",
            "mknod",
            "clone3",
        ] {
            assert!(
                !DESCRIPTION.split("pretend_absent").next().expect("has a first part").contains(&format!("\"{call}\"")),
                "{call}"
            );
        }
    }
}
