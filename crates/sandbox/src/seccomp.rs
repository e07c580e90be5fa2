//! The system call filter: compiled from `seccomp/x86_64.json`, where each entry has its reason.
//!
//! Two filters are joined. `allow` lists what a program may call; all else fails with EPERM.
//! `pretend_absent` lists calls that fail with ENOSYS, because libraries then fall back to an older
//! call that can be checked. Templates that ask for it have a third, `fake_locks`, whose calls answer that they
//! worked and are not executed. The last, `closed`, refuses what was needed to install the others. Where several refuse a
//! call, the one that was installed last decides how (seccomp(2)).
//!
//! To install all of them takes the kernel longer than to fork. So a template has most of them already, and its children
//! inherit them: in the place of `allow` one that lists what `of_template` does as well, which the child needs until it is
//! confined, and in the place of `closed`, which the child installs itself, `closed_to_child`, which refuses that again.
//!
//! Without a box, in somebody else's container, `in_container` refuses in addition what a cgroup would have counted and an IPC
//! namespace removed.

use std::collections::{BTreeMap, BTreeSet};

use seccompiler::{BpfMap, TargetArch};

use crate::error::{SandboxError, Step};

const DESCRIPTION: &str = include_str!("../seccomp/x86_64.json");

/// The filters in the order in which they are installed, one instruction in each `u64`.
pub struct Filters {
    /// For every box.
    pub always: Vec<Vec<u64>>,
    /// Behind those, for templates that ask for it.
    pub fake_locks: Vec<u64>,
    /// Behind all others, for every box.
    pub closed: Vec<u64>,
    /// For a template, in the place of `always`.
    pub of_template: Vec<Vec<u64>>,
    /// For a template's child, in the place of `closed`.
    pub closed_to_child: Vec<u64>,
    /// Behind `always`, where there is no box around the program.
    pub in_container: Vec<u64>,
}

/// The filters of a program that runs in somebody else's container, in the order in which they are installed: those of a box,
/// and one more for what only a box makes harmless. `fake_locks` is the language's.
///
/// # Errors
/// When the description can not be compiled, which no released build's is.
pub fn container_filters(fake_locks: bool) -> Result<Vec<Vec<u64>>, SandboxError> {
    let Filters { always, fake_locks: locks, closed, in_container, .. } = filters()?;
    Ok(always.into_iter().chain(fake_locks.then_some(locks)).chain([in_container, closed]).collect())
}

/// Compiles the description.
pub fn filters() -> Result<Filters, SandboxError> {
    let failed = |cause: String| SandboxError::new(Step::Launcher, "seccomp/x86_64.json", cause);
    let mut description: serde_json::Value =
        serde_json::from_str(DESCRIPTION).map_err(|error| failed(error.to_string()))?;
    let allowed = description["allow"]["filter"].as_array().cloned().unwrap_or_default();
    if let Some(of_template) = description["of_template"]["filter"].as_array_mut() {
        of_template.extend(allowed);
    }
    let bytes = description.to_string().into_bytes();
    let map: BpfMap = seccompiler::compile_from_json(bytes.as_slice(), TargetArch::x86_64)
        .map_err(|error| failed(error.to_string()))?;
    let compiled = |name: &str| -> Result<Vec<u64>, SandboxError> {
        let program = map.get(name).ok_or_else(|| failed(format!("`{name}` is missing")))?;
        Ok(program.iter().map(as_word).collect())
    };
    Ok(Filters {
        always: vec![compiled("allow")?, compiled("pretend_absent")?],
        fake_locks: compiled("fake_locks")?,
        closed: compiled("closed")?,
        of_template: vec![compiled("of_template")?, compiled("pretend_absent")?],
        closed_to_child: compiled("closed_to_child")?,
        in_container: compiled("in_container")?,
    })
}

/// `struct sock_filter` in memory order: code, jump if true, jump if false, constant.
///
/// A call of the other architecture (`int 0x80`) fails like any other that is not listed. seccompiler would
/// have it killed, and of each such death the kernel writes a line into the host's log (seccomp(2)).
fn as_word(instruction: &seccompiler::sock_filter) -> u64 {
    const RETURN: u16 = 0x06;
    let kill = instruction.code == RETURN && instruction.k == libc::SECCOMP_RET_KILL_PROCESS;
    let k = if kill { libc::SECCOMP_RET_ERRNO | libc::EPERM.unsigned_abs() } else { instruction.k };
    let [code_low, code_high] = instruction.code.to_ne_bytes();
    let [k0, k1, k2, k3] = k.to_ne_bytes();
    u64::from_ne_bytes([code_low, code_high, instruction.jt, instruction.jf, k0, k1, k2, k3])
}

/// What a program can reach: the part of the kernel that the wall trusts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reachable {
    /// System calls by name, and whether only with some arguments.
    pub calls: BTreeMap<String, bool>,
    /// Families of sockets (address_families(7)), by number.
    pub families: BTreeSet<u64>,
}

/// Reads it from the description.
pub fn reachable() -> Reachable {
    let description: serde_json::Value = serde_json::from_str(DESCRIPTION).unwrap_or_default();
    let entries = |filter: &str| description[filter]["filter"].as_array().map(Vec::as_slice).unwrap_or_default();
    let closed = |name: &str| entries("closed").iter().any(|entry| entry["syscall"].as_str() == Some(name));
    let mut reachable = Reachable::default();
    for entry in entries("allow") {
        let Some(name) = entry["syscall"].as_str().filter(|name| !closed(name)) else { continue };
        let conditions = entry["args"].as_array().map(Vec::as_slice).unwrap_or_default();
        let narrowed = reachable.calls.entry(name.to_owned()).or_insert(true);
        *narrowed &= !conditions.is_empty();
        if name.starts_with("socket") {
            reachable.families.extend(conditions.iter().filter_map(|condition| condition["val"].as_u64()));
        }
    }
    reachable
}

#[cfg(test)]
mod tests;
