//! A server that was taken over can send the launcher anything, and gains nothing by it.
//!
//! Arbitrary packets go over a slot's own socket: bytes of any kind, frames with bytes changed, and requests whose
//! values or descriptors are hostile. The launcher answers or closes that slot, refuses what is above its ceilings,
//! and serves the other slots; no box is left.

use std::cell::RefCell;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use libtest_mimic::{Failed, Trial};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use runner::protocol::{MAX_FRAME, decode, encode};
use sandbox::{Exit, FileKind, Hit, Limits, Step};

use crate::odd::Odd;
use crate::raw::{Heard, Prepare, RawLauncher, Reply, Request, Spawn, config, hear, send};

/// How many packets are tried.
const CASES: u32 = 200;

/// As many as one frame carries. Each packet has a slot of its own; the first is the neighbour's.
const SLOTS: u16 = 64;

/// One packet.
#[derive(Debug, Clone)]
struct Packet {
    bytes: Vec<u8>,
    fds: Vec<Odd>,
}

/// What has to come of a packet.
#[derive(Debug, PartialEq, Eq)]
enum Expected {
    /// The slot is closed.
    Closed,
    /// Nothing.
    Silence,
    /// `Failed`, before anything was made.
    Refused,
    /// A reply, whatever it says.
    Answer,
}

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("hostile/no_descriptor_harms_the_launcher", || {
            no_descriptor_harms_the_launcher().map_err(Failed::from)
        }),
        Trial::test("hostile/no_packet_harms_the_launcher", || no_packet_harms_the_launcher().map_err(Failed::from)),
    ]
}

/// Each kind at every place of a request that is otherwise right.
fn no_descriptor_harms_the_launcher() -> Result<(), String> {
    let mut victim = Victim::default();
    for odd in Odd::ALL {
        let names = ["a", "b", "c", "d"].map(str::to_owned);
        let files = names.into_iter().zip([FileKind::Data, FileKind::Code, FileKind::Executable, FileKind::Code]);
        let spawn = Spawn { template: 1, limits: ceiling(), args: Vec::new(), files: files.collect() };
        let packet = Packet { bytes: frame(&Request::Spawn(spawn)), fds: vec![odd; 7] };
        victim.take(&packet).map_err(|reason| format!("{odd:?}: {reason}"))?;
    }
    victim.end()
}

fn no_packet_harms_the_launcher() -> Result<(), String> {
    let config = Config { cases: CASES, failure_persistence: None, max_shrink_iters: 64, ..Config::default() };
    let victim = RefCell::new(Victim::default());
    let take = |packet: Packet| victim.borrow_mut().take(&packet).map_err(TestCaseError::fail);
    TestRunner::new(config).run(&packet(), take).map_err(|error| error.to_string())?;
    victim.into_inner().end()
}

/// A launcher, and another when its slots are used up.
#[derive(Default)]
struct Victim(Option<RawLauncher>);

impl Victim {
    fn take(&mut self, packet: &Packet) -> Result<(), String> {
        if self.0.as_ref().is_none_or(|launcher| launcher.slots.len() < 2) {
            self.0.take().map_or(Ok(()), RawLauncher::end)?;
            self.0 = Some(RawLauncher::start(&config(SLOTS, &ceiling())?)?);
        }
        let launcher = self.0.as_mut().ok_or("no launcher")?;
        let slot = launcher.slots.pop().ok_or("no slot")?;
        try_packet(packet, &slot)?;
        drop(slot);
        echoes(&launcher.slots[0])?;
        launcher.owner.must_have_no_box()
    }

    fn end(self) -> Result<(), String> {
        self.0.map_or(Ok(()), RawLauncher::end)
    }
}

/// Small, so that what is allowed ends soon.
fn ceiling() -> Limits {
    Limits {
        cpu_time: Duration::from_millis(300),
        wall_time: Duration::from_millis(400),
        memory_kib: 64 * 1024,
        processes: 8,
        output_bytes: 4096,
        file_bytes: 1024 * 1024,
        open_files: 64,
    }
}

fn try_packet(packet: &Packet, slot: &OwnedFd) -> Result<(), String> {
    let Packet { bytes, fds } = packet;
    let open: Vec<OwnedFd> = fds.iter().map(|odd| odd.open(slot)).collect::<Result<_, _>>()?;
    send(slot, bytes, &open.iter().map(AsFd::as_fd).collect::<Vec<_>>()).map_err(|error| error.to_string())?;
    drop(open);
    let expected = expected(bytes, fds.len());
    match (&expected, if expected == Expected::Silence { None } else { Some(hear(slot)?) }) {
        (Expected::Closed, Some(Heard::Closed)) => return Ok(()),
        // A program that was given the slot's own end can say as much on it as the client, and have it closed.
        (Expected::Answer, Some(Heard::Closed)) if fds.iter().take(3).any(|odd| matches!(odd, Odd::Slot)) => {
            return Ok(());
        }
        (Expected::Silence, None) | (Expected::Answer, Some(Heard::Reply(_))) => {}
        (Expected::Refused, Some(Heard::Reply(Reply::Failed(error)))) if error.step == Step::Request => {}
        (expected, heard) => return Err(format!("{expected:?} was expected, but not {heard:?}")),
    }
    echoes(slot)
}

/// Decided from the rules, not by the launcher's code.
fn expected(bytes: &[u8], fds: usize) -> Expected {
    let Spawn { template, limits, args: _, files } = match decode(&bytes[..bytes.len().min(MAX_FRAME)]) {
        Err(_) => return Expected::Closed,
        Ok(Request::Kill(_) | Request::Use(_)) => return Expected::Silence,
        Ok(Request::Prepare(Prepare { template, limits })) => {
            Spawn { template, limits, args: Vec::new(), files: Vec::new() }
        }
        Ok(Request::Spawn(spawn)) => spawn,
    };
    let most = ceiling();
    let is_allowed = |value: u64, most: u64| value > 0 && value <= most;
    let allowed = [
        template < 2,
        limits.cpu_time > Duration::ZERO && limits.cpu_time <= most.cpu_time,
        limits.wall_time > Duration::ZERO && limits.wall_time <= most.wall_time,
        is_allowed(limits.memory_kib, most.memory_kib),
        is_allowed(limits.processes.into(), most.processes.into()),
        is_allowed(limits.output_bytes, most.output_bytes),
        is_allowed(limits.file_bytes, most.file_bytes),
        is_allowed(limits.open_files.into(), most.open_files.into()),
        fds == files.len() + 3,
        files.iter().all(|(name, _)| is_plain(name)),
    ];
    if allowed.iter().all(|allowed| *allowed) { Expected::Answer } else { Expected::Refused }
}

fn is_plain(name: &str) -> bool {
    let rest = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_' || byte == b'-';
    name.len() <= 64 && name.bytes().all(rest) && name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
}

/// An ordinary request, and the right answer.
fn echoes(slot: &OwnedFd) -> Result<(), String> {
    let text = |error: std::io::Error| error.to_string();
    let pipe = || rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).map_err(|error| error.to_string());
    let ((stdin, feed), (output, stdout), (_, stderr)) = (pipe()?, pipe()?, pipe()?);
    let spawn = Spawn { template: 0, limits: ceiling(), args: Vec::new(), files: Vec::new() };
    let bytes = encode(&Request::Spawn(spawn)).map_err(text)?;
    send(slot, &bytes, &[stdin.as_fd(), stdout.as_fd(), stderr.as_fd()]).map_err(text)?;
    drop((stdin, stdout, stderr));
    File::from(feed).write_all(b"ping\n").map_err(text)?;
    let heard = hear(slot)?;
    let mut echo = String::new();
    File::from(output).read_to_string(&mut echo).map_err(text)?;
    match heard {
        Heard::Reply(Reply::Ended { exit: Exit::Status(0), hit: None, usage, warm: false })
            if echo == "ping\n" && usage.wall_time > Duration::ZERO =>
        {
            Ok(())
        }
        other => Err(format!("an ordinary request was answered by {other:?} and {echo:?}")),
    }
}

fn packet() -> impl Strategy<Value = Packet> {
    let odd = || select(Odd::ALL.to_vec());
    let any_bytes = prop_oneof![vec(any::<u8>(), 0..64), vec(any::<u8>(), MAX_FRAME..MAX_FRAME + 64)];
    let garbage = (any_bytes, vec(odd(), 0..6)).prop_map(|(bytes, fds)| Packet { bytes, fds });
    let kill = select(vec![Hit::CpuTime, Hit::WallTime, Hit::Memory, Hit::Output, Hit::Stopped])
        .prop_map(|hit| Packet { bytes: frame(&Request::Kill(hit)), fds: Vec::new() });
    let changed = (request(), vec((any::<Index>(), any::<u8>()), 1..3), any::<Index>()).prop_map(
        |(Packet { mut bytes, fds }, changes, end)| {
            for (index, byte) in changes {
                let index = index.index(bytes.len());
                bytes[index] = byte;
            }
            bytes.truncate(end.index(4 * bytes.len()));
            Packet { bytes, fds }
        },
    );
    prop_oneof![2 => garbage, 1 => kill, 3 => changed, 6 => request()]
}

fn frame(request: &Request) -> Vec<u8> {
    encode(request).expect("fits")
}

/// A request that is one; at most two of its values, and any of its descriptors, are not as they should be.
fn request() -> impl Strategy<Value = Packet> {
    let names = vec!["a", "solution.py", "..", "a/b", "/etc/passwd", "-x", "", ".a", "a\0", "é", "a\nb"];
    let kind = select(vec![FileKind::Code, FileKind::Executable, FileKind::Data]);
    let files = prop_oneof![
        Just(Vec::new()),
        vec(("[a-z]{1,3}", kind.clone()), 1..4),
        vec((select(names).prop_map(str::to_owned), kind.clone()), 1..3),
        vec(("[a-z]{70}", kind), 1..2),
    ];
    let args = prop_oneof![
        4 => Just(Vec::new()),
        1 => vec(any::<String>(), 0..8),
        1 => Just(vec!["x".repeat(90 * 1024)]),
        1 => Just(vec![String::new(); 20 * 1024]),
    ];
    let template = prop_oneof![4 => 0_usize..2, 1 => select(vec![2, 1 << 40, usize::MAX])];
    let odd = prop_oneof![1 => Just(Odd::Memory), 1 => select(Odd::ALL.to_vec())];
    let fds = vec(odd, 0..80);
    let count = prop_oneof![6 => Just(0_i32), 1 => select(vec![-3, -1, 1, 60])];
    (template, limits(), args, files, fds, count).prop_map(|(template, limits, args, files, mut fds, more)| {
        let wanted = usize::try_from(i32::try_from(files.len()).unwrap_or(0) + 3 + more).unwrap_or(0);
        fds.resize(wanted, Odd::Memory);
        Packet { bytes: frame(&Request::Spawn(Spawn { template, limits, args, files })), fds }
    })
}

/// The ceiling, but for at most two of its values.
fn limits() -> impl Strategy<Value = Limits> {
    let most = ceiling();
    let number = |most: u64| select(vec![0, 1, most, most + 1, u64::MAX]);
    let small = |most: u32| select(vec![0, 1, most, most + 1, u32::MAX]);
    let time = |most: Duration| {
        select(vec![Duration::ZERO, Duration::from_nanos(1), most, most + Duration::from_nanos(1), Duration::MAX])
    };
    let values = (
        time(most.cpu_time),
        time(most.wall_time),
        number(most.memory_kib),
        small(most.processes),
        number(most.output_bytes),
        number(most.file_bytes),
        small(most.open_files),
    );
    let which = subsequence((0..7_usize).collect::<Vec<_>>(), 0..=2);
    (values, which).prop_map(move |((cpu, wall, memory, processes, output, files, open), which)| {
        let is = |index: usize| which.contains(&index);
        let Limits { cpu_time, wall_time, memory_kib, processes: most_processes, .. } = most.clone();
        Limits {
            cpu_time: if is(0) { cpu } else { cpu_time },
            wall_time: if is(1) { wall } else { wall_time },
            memory_kib: if is(2) { memory } else { memory_kib },
            processes: if is(3) { processes } else { most_processes },
            output_bytes: if is(4) { output } else { most.output_bytes },
            file_bytes: if is(5) { files } else { most.file_bytes },
            open_files: if is(6) { open } else { most.open_files },
        }
    })
}
