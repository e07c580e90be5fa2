//! Whatever arrives from a client or a launcher is a frame or an error.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use runner::protocol::{MAX_FRAME, decode, encode};

use super::*;
use crate::error::Step;
use crate::launcher::{Ready, Start};

fn limits() -> impl Strategy<Value = Limits> {
    (any::<[Duration; 2]>(), any::<[u64; 3]>(), any::<[u32; 2]>()).prop_map(
        |([cpu_time, wall_time], [memory_kib, output_bytes, file_bytes], [processes, open_files])| Limits {
            cpu_time,
            wall_time,
            memory_kib,
            processes,
            output_bytes,
            file_bytes,
            open_files,
        },
    )
}

fn hit() -> impl Strategy<Value = Hit> {
    prop::sample::select(vec![Hit::CpuTime, Hit::WallTime, Hit::Memory, Hit::Output, Hit::Stopped])
}

fn request() -> impl Strategy<Value = Request> {
    let kind = prop::sample::select(vec![FileKind::Code, FileKind::Executable, FileKind::Data]);
    let files = vec((any::<String>(), kind), 0..6);
    let spawn = (any::<usize>(), limits(), vec(any::<String>(), 0..6), files);
    let kind = prop::sample::select(vec![FileKind::Code, FileKind::Executable]);
    let go =
        (vec(any::<String>(), 0..6), vec((any::<String>(), kind), 0..6)).prop_map(|(args, files)| Go { args, files });
    let used = (any::<[Duration; 2]>(), go);
    prop_oneof![
        spawn.prop_map(|(template, limits, args, files)| Request::Spawn(Spawn { template, limits, args, files })),
        hit().prop_map(Request::Kill),
        (any::<usize>(), limits()).prop_map(|(template, limits)| Request::Prepare(Prepare { template, limits })),
        used.prop_map(|([cpu_time, wall_time], go)| Request::Use(Use { cpu_time, wall_time, go })),
    ]
}

fn error() -> impl Strategy<Value = SandboxError> {
    let step = prop::sample::select(vec![Step::Launcher, Step::Request, Step::Setup, Step::Program, Step::Teardown]);
    (step, any::<String>(), any::<String>()).prop_map(|(step, detail, cause)| SandboxError { step, detail, cause })
}

fn reply() -> impl Strategy<Value = Reply> {
    let exit =
        prop_oneof![any::<i32>().prop_map(Exit::Status), any::<i32>().prop_map(Exit::Signal), Just(Exit::Killed)];
    let usage = (any::<[Duration; 3]>(), any::<u64>()).prop_map(|([cpu_time, wall_time, provision], memory_kib)| {
        Usage { cpu_time, wall_time, memory_kib, provision }
    });
    let ended = (exit, prop::option::of(hit()), usage, any::<bool>());
    prop_oneof![
        ended.prop_map(|(exit, hit, usage, warm)| Reply::Ended { exit, hit, usage, warm }),
        error().prop_map(Reply::Failed),
        error().prop_map(Reply::Unused),
        Just(Reply::Waits),
    ]
}

/// Frames with a few bytes changed and an end cut off, and any bytes.
fn changed(frame: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let changes = vec((any::<prop::sample::Index>(), any::<u8>()), 0..4);
    let changed = (frame, changes, any::<prop::sample::Index>()).prop_map(|(mut bytes, changes, end)| {
        for (index, byte) in changes {
            let index = index.index(bytes.len());
            bytes[index] = byte;
        }
        bytes.truncate(end.index(2 * bytes.len() + 1));
        bytes
    });
    prop_oneof![changed, vec(any::<u8>(), 0..512)]
}

proptest! {
    #[test]
    fn requests_and_replies_arrive_as_they_were_sent(request in request(), reply in reply()) {
        prop_assert_eq!(decode::<Request>(&encode(&request).expect("fits")).expect("is a frame"), request);
        prop_assert_eq!(decode::<Reply>(&encode(&reply).expect("fits")).expect("is a frame"), reply);
    }

    #[test]
    fn any_bytes_are_a_frame_or_an_error(
        bytes in prop_oneof![
            changed(request().prop_map(|request| encode(&request).expect("fits"))),
            changed(reply().prop_map(|reply| encode(&reply).expect("fits"))),
        ],
    ) {
        if let Ok(request) = decode::<Request>(&bytes) {
            prop_assert_eq!(decode::<Request>(&encode(&request).expect("fits")).expect("is a frame"), request);
        }
        if let Ok(reply) = decode::<Reply>(&bytes) {
            prop_assert_eq!(decode::<Reply>(&encode(&reply).expect("fits")).expect("is a frame"), reply);
        }
        if let Ok(start) = decode::<Start>(&bytes) {
            encode(&start).expect("fits");
        }
        if let Ok(ready) = decode::<Ready>(&bytes) {
            prop_assert_eq!(decode::<Ready>(&encode(&ready).expect("fits")).expect("is a frame"), ready);
        }
    }
}

#[test]
fn a_length_that_no_frame_can_have_is_an_error() {
    for length in [MAX_FRAME as u64 + 1, 1 << 60, u64::MAX] {
        let length = encode(&length).expect("fits");
        // As the number of arguments, as the length of the first, as the number of files.
        let limits = [0; 9];
        for start in [&[][..], &[1], &[0]] {
            let mut bytes = [&[0, 0][..], &limits, start, &length].concat();
            bytes.resize(MAX_FRAME, 1);
            decode::<Request>(&bytes).expect_err("is no request");
        }
    }
}
