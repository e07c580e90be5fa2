//! The filter against its own description: compiled, run as the kernel runs it, and listed for review.

use super::*;

#[test]
fn the_description_compiles_and_every_entry_has_a_reason() {
    let Filters { always, fake_locks, closed, of_template, closed_to_child, in_container } =
        filters().expect("compiles");
    assert_eq!((always.len(), of_template.len()), (2, 2));
    let mut all = always.iter().chain(&of_template).chain([&fake_locks, &closed, &closed_to_child, &in_container]);
    assert!(all.all(|filter| filter.len() > 5 && filter.len() < usize::from(u16::MAX)));
    let description: serde_json::Value = serde_json::from_str(DESCRIPTION).expect("is JSON");
    for filter in ["allow", "pretend_absent", "fake_locks", "closed", "of_template", "closed_to_child", "in_container"]
    {
        for entry in description[filter]["filter"].as_array().expect("has entries") {
            let reason = entry["comment"].as_str().unwrap_or_default();
            assert!(reason.len() > 5, "{entry} has no reason");
        }
    }
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
        "clone3",
    ] {
        assert!(
            !DESCRIPTION.split("pretend_absent").next().expect("has a first part").contains(&format!("\"{call}\"")),
            "{call}"
        );
    }
}

/// What a program can reach, for review: a change of the filter is a change of this file.
/// `UPDATE_REACHABLE=1 cargo test --package sandbox` writes it.
#[test]
fn the_list_of_what_is_reachable_is_up_to_date() {
    let Reachable { calls, families } = reachable();
    let mut text = format!("{} system calls, {} socket family\n", calls.len(), families.len());
    for (name, narrowed) in &calls {
        text.push_str(name);
        text.push_str(if *narrowed { " (some arguments)\n" } else { "\n" });
    }
    for family in &families {
        text.push_str(&format!("socket family {family}\n"));
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/seccomp/reachable.txt");
    if std::env::var_os("UPDATE_REACHABLE").is_some() {
        std::fs::write(path, &text).expect("can be written");
    }
    let reviewed = std::fs::read_to_string(path).expect("is there");
    assert_eq!(text, reviewed, "what programs can reach has changed; if that is meant, see this test's comment");
}

/// Every call with every argument zero, and those whose arguments matter with each of the values that do.
#[test]
fn the_compiled_filter_answers_as_its_description_says() {
    let Filters { always, fake_locks, closed, of_template, closed_to_child, in_container } =
        filters().expect("compiles");
    let names: BTreeMap<u32, String> = numbers().into_iter().map(|(name, number)| (number, name)).collect();
    let description: BTreeMap<String, Described> = serde_json::from_str(DESCRIPTION).expect("is as it should be");
    let expected = |filter: &str, name: Option<&String>, arguments: &[u64; 6]| {
        let mut entries = description[filter].filter.iter().filter(|entry| Some(&entry.syscall) == name);
        entries.any(|entry| entry.args.iter().all(|condition| condition.holds(arguments)))
    };
    let values = |name: Option<&String>| -> BTreeSet<u64> {
        let entries = description["allow"].filter.iter().chain(&description["in_container"].filter);
        let entries = entries.filter(|entry| Some(&entry.syscall) == name);
        let around = |value: u64| [value, value + 1, value | 1 << 32, !value & 0xffff_ffff];
        let values = entries.flat_map(|entry| &entry.args).flat_map(Condition::values).flat_map(around);
        values.chain([0, 2, 16, 17, u64::MAX]).collect()
    };
    let mut checked = 0;
    for number in 0..=600_u32 {
        let name = names.get(&number);
        for (value, index) in values(name).into_iter().flat_map(|value| (0..4).map(move |index| (value, index))) {
            let mut arguments = [0; 6];
            arguments[index] = value;
            let call = Call { number, arch: X86_64, arguments };
            let answers = [
                (&always[0], if expected("allow", name, &arguments) { ALLOW } else { ERRNO | EPERM }),
                (&always[1], if expected("pretend_absent", name, &arguments) { ERRNO | ENOSYS } else { ALLOW }),
                (&closed, if expected("closed", name, &arguments) { ERRNO | EPERM } else { ALLOW }),
                (&in_container, if expected("in_container", name, &arguments) { ERRNO | EPERM } else { ALLOW }),
                (&fake_locks, if expected("fake_locks", name, &arguments) { ERRNO } else { ALLOW }),
            ];
            for (program, answer) in answers {
                assert_eq!(run(program, &call), answer, "{name:?} {number} {arguments:x?}");
            }
            // Whichever way a program came into its box, it may do the same.
            let cold = together(&[&always[0], &always[1], &fake_locks, &closed], &call);
            let forked = together(&[&of_template[0], &of_template[1], &fake_locks, &closed_to_child], &call);
            assert_eq!(forked, cold, "{name:?} {number} {arguments:x?} in a template's child");
            checked += 1;
        }
        let x32 = Call { number: number | 1 << 30, arch: X86_64, arguments: [0; 6] };
        let i386 = Call { number, arch: I386, arguments: [0; 6] };
        for program in [&always[0], &of_template[0]] {
            assert_eq!(run(program, &x32), ERRNO | EPERM, "x32 call {number}");
            assert_eq!(run(program, &i386), ERRNO | EPERM, "32-bit call {number}");
        }
    }
    assert!(checked > 5_000, "{checked}");
}

/// What the kernel makes of several filters, the first installed first: the strictest answer, of equally strict ones the
/// youngest (seccomp(2)).
fn together(programs: &[&Vec<u64>], call: &Call) -> u32 {
    let answers = programs.iter().rev().map(|program| run(program, call));
    // Two actions occur, and the one that refuses has the smaller number.
    answers.min_by_key(|answer| answer & ACTION).expect("there is a filter")
}

/// The part of an answer that is not the number of an error (SECCOMP_RET_ACTION_FULL).
const ACTION: u32 = 0xffff_0000;

/// A filter of the description, as far as this test reads it.
#[derive(serde::Deserialize)]
struct Described {
    filter: Vec<Entry>,
}

#[derive(serde::Deserialize)]
struct Entry {
    syscall: String,
    #[serde(default)]
    args: Vec<Condition>,
}

#[derive(serde::Deserialize)]
struct Condition {
    index: usize,
    r#type: Width,
    op: Op,
    val: u64,
}

#[derive(serde::Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Width {
    Dword,
    Qword,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Op {
    Eq,
    Ne,
    MaskedEq(u64),
}

impl Condition {
    fn holds(&self, arguments: &[u64; 6]) -> bool {
        let whole = arguments[self.index];
        let argument = if self.r#type == Width::Dword { whole & 0xffff_ffff } else { whole };
        match self.op {
            Op::Eq => argument == self.val,
            Op::Ne => argument != self.val,
            Op::MaskedEq(mask) => argument & mask == self.val,
        }
    }

    fn values(&self) -> impl Iterator<Item = u64> + use<> {
        let mask = if let Op::MaskedEq(mask) = self.op { Some(mask) } else { None };
        [self.val].into_iter().chain(mask)
    }
}

// linux/audit.h and linux/seccomp.h
const X86_64: u32 = 0xc000_003e;
const I386: u32 = 0x4000_0003;
const ALLOW: u32 = 0x7fff_0000;
const ERRNO: u32 = 0x0005_0000;
const EPERM: u32 = 1;
const ENOSYS: u32 = 38;

/// `struct seccomp_data`, without the instruction pointer, which no filter of ours reads.
struct Call {
    number: u32,
    arch: u32,
    arguments: [u64; 6],
}

impl Call {
    fn word(&self, offset: u32) -> u32 {
        match offset {
            0 => self.number,
            4 => self.arch,
            16.. => {
                let argument = self.arguments[usize::try_from((offset - 16) / 8).expect("small")];
                let half = if offset.is_multiple_of(8) { argument } else { argument >> 32 };
                u32::try_from(half & 0xffff_ffff).expect("masked")
            }
            _ => panic!("the filter reads byte {offset}"),
        }
    }
}

/// Runs a classic BPF program (linux/filter.h) of the few instructions that filters consist of.
fn run(program: &[u64], call: &Call) -> u32 {
    let mut position = 0;
    let mut register = 0_u32;
    loop {
        let bytes = program[position].to_ne_bytes();
        let code = u16::from_ne_bytes([bytes[0], bytes[1]]);
        let constant = u32::from_ne_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
        let branch = |taken: bool| usize::from(if taken { bytes[2] } else { bytes[3] });
        position += 1;
        match code {
            0x20 => register = call.word(constant),
            0x54 => register &= constant,
            0x05 => position += usize::try_from(constant).expect("small"),
            0x15 => position += branch(register == constant),
            0x25 => position += branch(register > constant),
            0x35 => position += branch(register >= constant),
            0x45 => position += branch(register & constant != 0),
            0x06 => return constant,
            other => panic!("instruction {other:#x}: this test does not know it"),
        }
    }
}

/// Calls that the headers of older distributions do not know yet (the kernel's syscall_64.tbl).
const NEW_CALLS: [(&str, u32); 4] =
    [("fchmodat2", 452), ("futex_wake", 454), ("futex_wait", 455), ("futex_requeue", 456)];

/// The kernel's numbers, from the header a C compiler uses.
fn numbers() -> BTreeMap<String, u32> {
    let header = ["/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"]
        .into_iter()
        .find_map(|path| std::fs::read_to_string(path).ok())
        .expect("the kernel's headers come with the C library's");
    let define = |line: &str| {
        let (name, number) = line.strip_prefix("#define __NR_")?.split_once(' ')?;
        Some((name.to_owned(), number.trim().parse().ok()?))
    };
    let new = NEW_CALLS.map(|(name, number)| (name.to_owned(), number));
    new.into_iter().chain(header.lines().filter_map(define)).collect()
}
