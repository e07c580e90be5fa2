//! Whatever arrives is a frame or an error, and costs no more memory than a frame may.

use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use runner::holes::Holes;
use runner::protocol::{
    Confinement, Event, Exit, FileKind, Fork, Forked, Go, Job, MAX_FRAME, Rlimits, Stage, Start, decode, encode,
    receive, send,
};
use rustix::net::{AddressFamily, SendFlags, SocketFlags, SocketType};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn job() -> impl Strategy<Value = Job> {
    let rlimits = any::<[u64; 5]>().prop_map(|[cpu_seconds, file_bytes, open_files, processes, stack_bytes]| Rlimits {
        cpu_seconds,
        file_bytes,
        open_files,
        processes,
        stack_bytes,
    });
    let words = || vec(any::<String>(), 0..8);
    let filters = vec(vec(any::<u64>(), 0..64), 0..4);
    let rest = (any::<String>(), any::<u32>(), rlimits, filters, any::<[bool; 2]>());
    let start = prop::sample::select(vec![Start::OnGo, Start::Ahead, Start::Forked]);
    (words(), words(), words(), start, rest).prop_map(
        |(argv, env, writable, start, (cwd, uid, rlimits, seccomp, [is_narrowed, landlock]))| {
            let holes = Holes::default();
            let confinement = Confinement { cwd, uid, rlimits, seccomp, is_narrowed, writable, landlock, holes };
            Job { argv, env, start, confinement }
        },
    )
}

fn go() -> impl Strategy<Value = Go> {
    let kind = prop::sample::select(vec![FileKind::Code, FileKind::Executable, FileKind::Data]);
    (vec(any::<String>(), 0..6), vec((any::<String>(), kind), 0..6)).prop_map(|(args, files)| Go { args, files })
}

fn fork() -> impl Strategy<Value = Fork> {
    (any::<u64>(), job()).prop_map(|(serial, job)| Fork { serial, confinement: job.confinement })
}

fn forked() -> impl Strategy<Value = Forked> {
    prop_oneof![
        Just(Forked::Warm),
        (any::<u64>(), any::<String>(), any::<String>()).prop_map(|(serial, call, cause)| Forked::Failed {
            serial,
            call,
            cause
        }),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let exit = prop_oneof![any::<i32>().prop_map(Exit::Status), any::<i32>().prop_map(Exit::Signal)];
    let stage = prop_oneof![Just(Stage::Setup), Just(Stage::Program)];
    prop_oneof![
        Just(Event::Built),
        any::<Duration>().prop_map(|used| Event::Started { used }),
        Just(Event::Gate),
        Just(Event::Ready),
        (exit, any::<Duration>()).prop_map(|(exit, wall_time)| Event::Ended { exit, wall_time }),
        any::<String>().prop_map(|cause| Event::NotExecutable { cause }),
        (stage, any::<String>(), any::<String>()).prop_map(|(stage, call, cause)| Event::Failed { stage, call, cause }),
    ]
}

/// Bytes of any kind, and frames with a few bytes changed, cut off or added.
fn bytes(frame: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let changed = (frame, vec((any::<prop::sample::Index>(), any::<u8>()), 0..4), any::<prop::sample::Index>());
    let changed = changed.prop_map(|(mut bytes, changes, end)| {
        for (index, byte) in changes {
            let index = index.index(bytes.len());
            bytes[index] = byte;
        }
        let end = end.index(bytes.len() + 1);
        if end % 2 == 0 {
            bytes.truncate(end)
        } else {
            bytes.extend(std::iter::repeat_n(7, end))
        }
        bytes
    });
    prop_oneof![vec(any::<u8>(), 0..512), changed]
}

/// What can be decoded can be encoded, and is then the same.
fn is_a_frame_or_an_error<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
    if let Ok(frame) = decode::<T>(bytes) {
        let again = encode(&frame).expect("is no larger than it was");
        assert_eq!(decode::<T>(&again).expect("is a frame"), frame);
    }
}

proptest! {
    #[test]
    fn a_job_arrives_as_it_was_sent(job in job()) {
        prop_assert_eq!(decode::<Job>(&encode(&job).expect("fits")).expect("is a frame"), job);
    }

    #[test]
    fn an_event_arrives_as_it_was_sent(event in event()) {
        prop_assert_eq!(decode::<Event>(&encode(&event).expect("fits")).expect("is a frame"), event);
    }

    #[test]
    fn what_is_said_of_forks_and_files_arrives_as_it_was_sent(go in go(), fork in fork(), forked in forked()) {
        prop_assert_eq!(decode::<Go>(&encode(&go).expect("fits")).expect("is a frame"), go);
        prop_assert_eq!(decode::<Fork>(&encode(&fork).expect("fits")).expect("is a frame"), fork);
        prop_assert_eq!(decode::<Forked>(&encode(&forked).expect("fits")).expect("is a frame"), forked);
    }

    #[test]
    fn any_bytes_are_files_a_fork_an_end_or_an_error(
        bytes in prop_oneof![
            bytes(go().prop_map(|go| encode(&go).expect("fits"))),
            bytes(fork().prop_map(|fork| encode(&fork).expect("fits"))),
            bytes(forked().prop_map(|forked| encode(&forked).expect("fits"))),
        ],
    ) {
        is_a_frame_or_an_error::<Go>(&bytes);
        is_a_frame_or_an_error::<Fork>(&bytes);
        is_a_frame_or_an_error::<Forked>(&bytes);
    }

    #[test]
    fn any_bytes_are_a_job_or_an_error(bytes in bytes(job().prop_map(|job| encode(&job).expect("fits")))) {
        is_a_frame_or_an_error::<Job>(&bytes);
    }

    #[test]
    fn any_bytes_are_an_event_or_an_error(bytes in bytes(event().prop_map(|event| encode(&event).expect("fits")))) {
        is_a_frame_or_an_error::<Event>(&bytes);
    }
}

#[test]
fn a_length_that_no_frame_can_have_costs_nothing() {
    let before = peak_kib();
    for length in [MAX_FRAME as u64 + 1, 1 << 31, 1 << 60, u64::MAX] {
        let length = encode(&length).expect("fits");
        // As the number of words, as the length of the first word, as that of a filter.
        for start in [&[][..], &[1], &[0, 0, 0, 0, 0, 0, 0, 0, 0], &[0, 0, 0, 0, 0, 0, 0, 0, 0, 1]] {
            let mut bytes = [start, &length].concat();
            bytes.resize(MAX_FRAME, 1);
            decode::<Job>(&bytes).expect_err("is no job");
        }
        // As the length of the call that failed.
        let bytes = [&[4, 0][..], &length].concat();
        decode::<Event>(&bytes).expect_err("is no event");
    }
    let grown = peak_kib() - before;
    assert!(grown < 32 * 1024, "{grown} KiB");
}

#[test]
fn a_frame_that_is_too_large_is_not_sent() {
    let long = "x".repeat(MAX_FRAME);
    encode(&Event::Failed { stage: Stage::Setup, call: long, cause: String::new() }).expect_err("is too large");
}

#[test]
fn what_arrives_is_one_whole_frame_or_an_error() {
    let (ours, theirs) = socket_pair();
    let event = |length: usize| Event::NotExecutable { cause: "x".repeat(length) };
    for length in [0, 10_000, MAX_FRAME - 4] {
        send(&theirs, &event(length), &[ours.as_fd(), theirs.as_fd()]).expect("fits");
        let (frame, fds) = receive::<Event>(&ours).expect("is a frame").expect("somebody is there");
        assert_eq!((frame, fds.len()), (event(length), 2));
    }
    // One that begins like a frame and is longer than any: nothing of it is taken for one, and the next is the next.
    let mut long = encode(&event(MAX_FRAME - 4)).expect("fits");
    long.resize(MAX_FRAME + 1, 0);
    rustix::net::send(&theirs, &long, SendFlags::NOSIGNAL).expect("fits the socket");
    send(&theirs, &Event::Gate, &[]).expect("fits");
    let error = receive::<Event>(&ours).map(drop).expect_err("is too large").to_string();
    assert!(error.contains(&(MAX_FRAME + 1).to_string()), "{error}");
    assert_eq!(receive::<Event>(&ours).expect("is a frame").map(|(frame, _)| frame), Some(Event::Gate));
    // A packet without content can not be told from the end.
    rustix::net::send(&theirs, b"", SendFlags::NOSIGNAL).expect("fits");
    assert_eq!(receive::<Event>(&ours).expect("is no error").map(|(frame, _)| frame), None);
    drop(theirs);
    assert_eq!(receive::<Event>(&ours).expect("is no error").map(|(frame, _)| frame), None);
}

fn socket_pair() -> (OwnedFd, OwnedFd) {
    rustix::net::socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None).expect("a pair")
}

/// The most memory this process ever had.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("is there");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("is there");
    line.trim().trim_end_matches(" kB").parse().expect("is a number")
}
