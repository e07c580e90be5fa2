//! How strong a box is, as the kernel tells it about the program in the moment its image was replaced and before
//! it has executed one instruction.
//!
//! What differs from box to box though both are equally strong (pids, numbers of devices, the instance's name) is
//! left out, so that two states can be compared as text.

use std::fs;
use std::path::Path;

/// Lines of `/proc/PID/status` that say what the process may do.
const STATUS: [&str; 18] = [
    "Umask",
    "Uid",
    "Gid",
    "Groups",
    "NSpid",
    "NSpgid",
    "NSsid",
    "Threads",
    "SigBlk",
    "SigIgn",
    "SigCgt",
    "CapInh",
    "CapPrm",
    "CapEff",
    "CapBnd",
    "CapAmb",
    "NoNewPrivs",
    "Seccomp",
];

/// Files of a cgroup that limit it, v1 and v2.
const LIMITS: [&str; 7] = [
    "memory.limit_in_bytes",
    "memory.memsw.limit_in_bytes",
    "memory.swappiness",
    "memory.max",
    "memory.swap.max",
    "memory.oom.group",
    "pids.max",
];

/// SETUID, SETGID and SETPCAP: all that PID 1 of a box has, and could have.
const CAPABILITIES_OF_PID_1: &str = "00000000000001c0";

/// Those of a process, by their kind.
pub fn namespaces(pid: i32) -> Result<Vec<(&'static str, String)>, String> {
    let kinds = ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"];
    kinds.into_iter().map(|kind| Ok((kind, link(pid, &format!("ns/{kind}"))?))).collect()
}

/// One line per fact. `others` are the namespaces of the launcher, which it must not share.
pub fn of(pid: i32, others: &[(&'static str, String)]) -> Result<Vec<String>, String> {
    let mut facts = status(&read(pid, "status")?);
    facts.extend(of_pid_1(pid)?);
    facts.extend(read(pid, "limits")?.lines().map(|line| format!("limit {line}")));
    facts.extend(read(pid, "mountinfo")?.lines().map(mount));
    facts.extend(cgroups(&read(pid, "cgroup")?)?);
    facts.extend(read(pid, "environ")?.split_terminator('\0').map(|variable| format!("environment {variable}")));
    facts.extend(read(pid, "cmdline")?.split_terminator('\0').map(|word| format!("word {word}")));
    facts.extend(descriptors(pid)?);
    for (kind, namespace) in namespaces(pid)? {
        let same = others.contains(&(kind, namespace));
        facts.push(format!("namespace {kind} {}", if same { "shared" } else { "own" }));
    }
    for name in ["cwd", "root"] {
        facts.push(format!("{name} {}", link(pid, name)?));
    }
    Ok(facts)
}

fn read(pid: i32, file: &str) -> Result<String, String> {
    let path = format!("/proc/{pid}/{file}");
    fs::read(&path)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .map_err(|error| format!("{path}: {error}"))
}

fn link(pid: i32, file: &str) -> Result<String, String> {
    let path = format!("/proc/{pid}/{file}");
    fs::read_link(&path).map(|target| target.display().to_string()).map_err(|error| format!("{path}: {error}"))
}

/// What the parent of the program may do.
fn of_pid_1(pid: i32) -> Result<Vec<String>, String> {
    let value = |text: &str, name: &str| text.lines().find_map(|line| Some(line.strip_prefix(name)?.trim().to_owned()));
    let parent = value(&read(pid, "status")?, "PPid:").and_then(|parent| parent.parse().ok());
    let status = read(parent.ok_or("the program has no parent")?, "status")?;
    let sets = ["CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:"].map(|name| (name, value(&status, name)));
    let wrong = |(name, set): &&(&str, Option<String>)| {
        let all = if ["CapInh:", "CapAmb:"].contains(name) { "0000000000000000" } else { CAPABILITIES_OF_PID_1 };
        set.as_deref() != Some(all)
    };
    match sets.iter().find(wrong) {
        Some((name, set)) => Err(format!("PID 1 of the box has {name} {set:?}")),
        None => Ok(sets.iter().map(|(name, set)| format!("PID 1 {name} {set:?}")).collect()),
    }
}

fn status(text: &str) -> Vec<String> {
    let wanted = |line: &&str| STATUS.iter().any(|name| line.starts_with(name));
    // Of the numbers in each pid namespace the last is the box's own.
    let own = |line: &str| match line.split_once(":\t") {
        Some((name, value)) if name.starts_with("NS") => {
            format!("{name} {}", value.rsplit('\t').next().unwrap_or_default())
        }
        _ => line.to_owned(),
    };
    text.lines().filter(wanted).map(own).collect()
}

/// Without the ids of mount, parent and device.
fn mount(line: &str) -> String {
    format!("mount {}", line.splitn(4, ' ').last().unwrap_or_default())
}

/// Which ones, and what each is held to.
fn cgroups(text: &str) -> Result<Vec<String>, String> {
    let mut facts = Vec::new();
    let mut limits = Vec::new();
    for line in text.lines() {
        let [_, controllers, path] = line.splitn(3, ':').collect::<Vec<_>>()[..] else { continue };
        facts.push(format!("cgroup {controllers} {}", without_instance(path)));
        let folder = format!("/sys/fs/cgroup/{controllers}{path}");
        for name in LIMITS {
            if let Ok(value) = fs::read_to_string(Path::new(&folder).join(name)) {
                limits.push(format!("held to {name} {}", value.trim()));
            }
        }
    }
    // A state that does not show them would be equal to any other.
    if limits.len() < 2 {
        return Err(format!("the limits of the cgroups are not where they should be: {facts:?}"));
    }
    facts.append(&mut limits);
    Ok(facts)
}

/// `/code-runner-0123456789abcdef/0-1` without the instance's name and the box's number.
fn without_instance(path: &str) -> String {
    match path.split_once("/code-runner-") {
        Some((before, after)) if after.split('/').count() == 2 => format!("{before}/INSTANCE/BOX"),
        _ => path.to_owned(),
    }
}

fn descriptors(pid: i32) -> Result<Vec<String>, String> {
    let folder = format!("/proc/{pid}/fd");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{folder}: {error}"))?;
    let mut found = Vec::new();
    for entry in entries.filter_map(Result::ok) {
        let number = entry.file_name().to_string_lossy().into_owned();
        let target = link(pid, &format!("fd/{number}"))?;
        let kind = target.split_once(":[").map_or(target.as_str(), |(kind, _)| kind);
        found.push(format!("descriptor {number} {kind}"));
    }
    found.sort();
    Ok(found)
}
