//! Who the program is, and what the kernel lets it do: the slot's uid and nothing else.

use std::fs;
use std::io;

use probe::UID_FILE;

use crate::breaches::Breaches;

/// The call filters of every box: the allow-list and the list of calls that are said to be absent.
const FILTERS: u32 = 2;

/// Compares what `/proc/self/status` says with what a program of a box must be.
pub fn check(breaches: &mut Breaches) -> io::Result<()> {
    let uid = fs::read_to_string(UID_FILE)?;
    let uid: u32 = uid.trim().parse().map_err(|_| io::Error::other(format!("{UID_FILE} holds no uid")))?;
    breaches_in(&fs::read_to_string("/proc/self/status")?, uid, breaches);
    Ok(())
}

fn breaches_in(status: &str, uid: u32, breaches: &mut Breaches) {
    let value = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.map_or_else(|| "not told".to_owned(), |value| value.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    if uid == 0 {
        breaches.add("the box was given root's uid");
    }
    let four = [uid.to_string(), uid.to_string(), uid.to_string(), uid.to_string()].join(" ");
    for name in ["Uid", "Gid"] {
        breaches.must_be(name, value(name), four.clone());
    }
    // The group of its own number, which the gid is, or none at all.
    let groups = value("Groups");
    if !groups.is_empty() && groups != uid.to_string() {
        breaches.add(format!("Groups are {groups}"));
    }
    for name in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
        breaches.must_be(name, value(name), "0000000000000000".to_owned());
    }
    breaches.must_be("NoNewPrivs", value("NoNewPrivs"), "1".to_owned());
    breaches.must_be("Seccomp", value("Seccomp"), "2".to_owned());
    let filters = value("Seccomp_filters");
    if filters.parse::<u32>().ok().is_none_or(|count| count < FILTERS) {
        breaches.add(format!("Seccomp_filters is {filters}, not {FILTERS} or more"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "Name:\tprobe\nUid:\t1900000001\t1900000001\t1900000001\t1900000001\n\
        Gid:\t1900000001\t1900000001\t1900000001\t1900000001\nGroups:\t \nCapInh:\t0000000000000000\n\
        CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapBnd:\t0000000000000000\n\
        CapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t2\n";

    fn found(status: &str, uid: u32) -> String {
        let mut breaches = Breaches::default();
        breaches_in(status, uid, &mut breaches);
        format!("{breaches:?}")
    }

    #[test]
    fn one_difference_is_one_breach() {
        let none = found(GOOD, 1_900_000_001);
        assert_eq!(none, format!("{:?}", Breaches::default()));
        for (right, wrong) in [
            ("Uid:\t1900000001", "Uid:\t0"),
            ("Groups:\t ", "Groups:\t0 "),
            ("CapEff:\t0000000000000000", "CapEff:\t0000000000200000"),
            ("CapBnd:\t0000000000000000", "CapBnd:\t00000000000001c0"),
            ("NoNewPrivs:\t1", "NoNewPrivs:\t0"),
            ("Seccomp:\t2", "Seccomp:\t0"),
            ("Seccomp_filters:\t2", "Seccomp_filters:\t1"),
            ("Seccomp_filters:\t2\n", ""),
        ] {
            let bad = GOOD.replace(right, wrong);
            assert_ne!(bad, GOOD, "{right}");
            let name = right.split(':').next().expect("has a name");
            assert!(found(&bad, 1_900_000_001).matches(name).count() == 1, "{wrong}: {}", found(&bad, 1_900_000_001));
        }
    }

    #[test]
    fn root_is_a_breach_even_where_it_was_given() {
        let status = GOOD.replace("1900000001", "0");
        assert!(found(&status, 0).contains("root's uid"));
    }
}
