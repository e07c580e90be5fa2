//! What the program sees around it: nobody else's processes, no path of the host, no network, and exactly what
//! it was started with.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;

use probe::Expected;
use rustix::process::{Resource, Rlimit};

use crate::breaches::Breaches;
use crate::sys;

/// The runner is PID 1 of a box, and the program its first child.
const RUNNER_PID: u32 = 1;
const OWN_PID: u32 = 2;

/// What else there is in `/proc` where it shows processes only.
const PROC_LINKS: [&str; 2] = ["self", "thread-self"];

/// Every network namespace gets these from the kernel's tunnel modules, where they are loaded (the kernel's
/// sysctl/net.rst, fb_tunnels_only_for_init_net). Without an address and a route they lead nowhere.
const TUNNELS: [&str; 9] = ["tunl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "sit0", "ip6tnl0", "ip6gre0"];

/// Looks at all of it.
pub fn check(expected: &Expected, breaches: &mut Breaches) -> io::Result<()> {
    processes(breaches)?;
    host(breaches)?;
    network(breaches);
    descriptors(breaches)?;
    environment(expected, breaches);
    limits(expected, breaches);
    Ok(())
}

fn processes(breaches: &mut Breaches) -> io::Result<()> {
    breaches.must_be("the own process id", std::process::id(), OWN_PID);
    breaches.must_be("the parent's process id", std::os::unix::process::parent_id(), RUNNER_PID);
    let mut foreign = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let known = PROC_LINKS.map(OsStr::new).contains(&name.as_os_str());
        if !known && name.as_bytes() != OWN_PID.to_string().as_bytes() {
            foreign.push(name);
        }
    }
    if let Some(first) = foreign.first() {
        breaches.add(format!(
            "/proc lists {} and {} more that are not the program's",
            first.display(),
            foreign.len() - 1
        ));
    }
    // They may be hidden from the list and still be found by name.
    for name in ["sys", "kcore", "sysrq-trigger", "keys", "1", "3"] {
        if fs::symlink_metadata(format!("/proc/{name}")).is_ok() {
            breaches.add(format!("/proc/{name} can be reached"));
        }
    }
    Ok(())
}

fn host(breaches: &mut Breaches) -> io::Result<()> {
    let uname = rustix::system::uname();
    breaches.must_be("the host name", uname.nodename().to_string_lossy(), "box".into());
    breaches.must_be("the domain name", uname.domainname().to_string_lossy(), "box".into());
    breaches.must_be("the current folder", std::env::current_dir()?.display().to_string(), "/box".to_owned());
    for line in fs::read_to_string("/proc/self/cgroup")?.lines() {
        // hierarchy:controllers:path (cgroups(7))
        if line.splitn(3, ':').nth(2) != Some("/") {
            breaches.add(format!("a path of the host is seen in /proc/self/cgroup: {line}"));
        }
    }
    Ok(())
}

fn network(breaches: &mut Breaches) {
    // A kernel without the protocol has no such file, which is as good as an empty one.
    let read = |file: &str| fs::read_to_string(format!("/proc/self/net/{file}")).unwrap_or_default();
    for name in interfaces(&read("dev")) {
        if name != "lo" && !TUNNELS.contains(&name) {
            breaches.add(format!("there is a network interface {name}"));
        }
    }
    if has_address(&read("fib_trie")) || !read("if_inet6").trim().is_empty() {
        breaches.add("a network interface is up: it has an address");
    }
    if read("route").lines().count() > 1 {
        breaches.add("there is a route to a network");
    }
}

/// The names in `/proc/net/dev`, below its two lines of headings.
fn interfaces(dev: &str) -> impl Iterator<Item = &str> {
    dev.lines().skip(2).filter_map(|line| line.split_once(':')).map(|(name, _)| name.trim())
}

/// Does `/proc/net/fib_trie` list an address of this host?
fn has_address(fib_trie: &str) -> bool {
    fib_trie.lines().any(|line| line.contains("host LOCAL"))
}

fn descriptors(breaches: &mut Breaches) -> io::Result<()> {
    let mut open = BTreeSet::new();
    for entry in fs::read_dir("/proc/self/fd")? {
        let name = entry?.file_name();
        open.extend(name.to_str().and_then(|name| name.parse::<i32>().ok()));
    }
    for number in open {
        let path = format!("/proc/self/fd/{number}");
        match fs::metadata(&path) {
            // The one through which the folder was listed.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Ok(data) if number <= 2 && data.file_type().is_fifo() => {}
            _ => breaches.add(format!("descriptor {number} is open and no pipe of the program's")),
        }
    }
    Ok(())
}

fn environment(expected: &Expected, breaches: &mut Breaches) {
    let found = std::env::vars_os().map(|(name, value)| [name.as_bytes(), b"=", value.as_bytes()].concat());
    let found: BTreeSet<Vec<u8>> = found.collect();
    let expected: BTreeSet<Vec<u8>> = expected.env.iter().map(|variable| variable.clone().into_bytes()).collect();
    for variable in found.difference(&expected) {
        breaches.add(format!("in the environment {} is there and was not given", String::from_utf8_lossy(variable)));
    }
    for variable in expected.difference(&found) {
        breaches.add(format!("in the environment {} was given and is not there", String::from_utf8_lossy(variable)));
    }
}

fn limits(expected: &Expected, breaches: &mut Breaches) {
    let Expected { memory_kib: _, processes, file_bytes, open_files, landlock: _, env: _ } = expected;
    let limits = [
        (Resource::Nproc, *processes),
        (Resource::Fsize, *file_bytes),
        (Resource::Nofile, *open_files),
        (Resource::Core, 0),
        (Resource::Memlock, 0),
        (Resource::Msgqueue, 0),
        (Resource::Rtprio, 0),
        (Resource::Nice, 0),
    ];
    for (resource, value) in limits {
        let expected = Rlimit { current: Some(value), maximum: Some(value) };
        let found = rustix::process::getrlimit(resource);
        if found != expected {
            breaches.add(format!("the limit {resource:?} is {:?}, not {value}", found.maximum));
        }
        let raised = found.maximum.is_some_and(|most| {
            let more = Rlimit { current: found.current, maximum: Some(most + 1) };
            rustix::process::setrlimit(resource, more).is_ok()
        });
        if raised {
            breaches.add(format!("the limit {resource:?} can be raised"));
        }
    }
    if sys::mlock_a_page().is_ok() {
        breaches.add("memory can be locked");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_and_addresses_are_found() {
        let dev = "Inter-|   Receive |  Transmit\n face |bytes |bytes\n    lo:       0 0\n  eth0: 17 0\n";
        assert_eq!(interfaces(dev).collect::<Vec<_>>(), ["lo", "eth0"]);
        assert_eq!(interfaces("").count(), 0);
        assert!(has_address("Local:\n  +-- 127.0.0.0/8 2 0 2\n     |-- 127.0.0.1\n        /32 host LOCAL\n"));
        assert!(!has_address(""));
    }
}
