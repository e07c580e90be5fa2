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
use sandbox::{Exit, FileKind, Hit, Limits, SandboxError, Step};

use crate::odd::Odd;
use crate::raw::{Heard, Prepare, RawLauncher, Reply, Request, Spawn, Use, config, hear, send};

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

/// The kinds of boxes the launcher knows: their programs are started when they are used, but for that of the last.
const TEMPLATES: usize = 3;
const AHEAD: usize = 2;

/// A box that waits for its use.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    template: usize,
    cpu_time: Duration,
    wall_time: Duration,
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
    /// A box waits, or it could not be made.
    Waits,
    /// The box that waits is gone.
    Unused,
    /// The box that waits is gone because of this packet.
    Misused,
}

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("hostile/no_descriptor_harms_the_launcher", || {
            no_descriptor_harms_the_launcher().map_err(Failed::from)
        }),
        Trial::test("hostile/no_packet_harms_the_launcher", || no_packet_harms_the_launcher().map_err(Failed::from)),
        Trial::test("hostile/who_does_not_listen_keeps_no_box", || {
            who_does_not_listen_keeps_no_box().map_err(Failed::from)
        }),
    ]
}

/// Each kind at every place of a request that is otherwise right.
fn no_descriptor_harms_the_launcher() -> Result<(), String> {
    let mut victim = Victim::default();
    for odd in Odd::ALL {
        let names = ["a", "b", "c", "d"].map(str::to_owned);
        let kinds = [FileKind::Data, FileKind::Code, FileKind::Executable, FileKind::Code];
        let files: Vec<_> = names.into_iter().zip(kinds).collect();
        let code = files[1..].to_vec();
        let spawn = Request::Spawn(Spawn { template: 1, limits: ceiling(), args: Vec::new(), files });
        let mut conversations = vec![vec![Packet { bytes: frame(&spawn), fds: vec![odd; 7] }]];
        for template in 0..TEMPLATES {
            let prepare = Request::Prepare(Prepare { template, limits: ceiling() });
            let Limits { cpu_time, wall_time, .. } = ceiling();
            let use_it = Request::Use(Use { cpu_time, wall_time, args: Vec::new(), files: code.clone() });
            let packet = |request, count| Packet { bytes: frame(&request), fds: vec![odd; count] };
            conversations.push(vec![packet(prepare, 3), packet(use_it, 3)]);
        }
        for packets in conversations {
            victim.take(&packets).map_err(|reason| format!("{odd:?}: {reason}"))?;
        }
    }
    victim.end()
}

fn no_packet_harms_the_launcher() -> Result<(), String> {
    let config = Config { cases: CASES, failure_persistence: None, max_shrink_iters: 64, ..Config::default() };
    let victim = RefCell::new(Victim::default());
    let take = |packets: Vec<Packet>| victim.borrow_mut().take(&packets).map_err(TestCaseError::fail);
    TestRunner::new(config).run(&conversation(), take).map_err(|error| error.to_string())?;
    victim.into_inner().end()
}

/// A client that can not be told that its box waits, as one that has died a moment ago.
fn who_does_not_listen_keeps_no_box() -> Result<(), String> {
    let mut launcher = RawLauncher::start(&config(2, &ceiling())?)?;
    let deaf = launcher.slots.pop().ok_or("no slot")?;
    // The launcher sees nothing of this before it answers.
    rustix::net::shutdown(&deaf, rustix::net::Shutdown::Read).map_err(|error| error.to_string())?;
    let prepare = frame(&Request::Prepare(Prepare { template: 0, limits: ceiling() }));
    let null = File::options().read(true).write(true).open("/dev/null").map_err(|error| error.to_string())?;
    send(&deaf, &prepare, &[null.as_fd(); 3]).map_err(|error| error.to_string())?;
    // After which that one has been made.
    echoes(&launcher.slots[0])?;
    launcher.owner.must_have_no_box()?;
    launcher.end()
}

/// A launcher, and another when its slots are used up.
#[derive(Default)]
struct Victim(Option<RawLauncher>);

impl Victim {
    fn take(&mut self, packets: &[Packet]) -> Result<(), String> {
        if self.0.as_ref().is_none_or(|launcher| launcher.slots.len() < 2) {
            self.0.take().map_or(Ok(()), RawLauncher::end)?;
            self.0 = Some(RawLauncher::start(&config(SLOTS, &ceiling())?)?);
        }
        let launcher = self.0.as_mut().ok_or("no launcher")?;
        let slot = launcher.slots.pop().ok_or("no slot")?;
        converse(packets, &slot)?;
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

/// One packet after the other, as long as the slot is open; then it must be as new.
fn converse(packets: &[Packet], slot: &OwnedFd) -> Result<(), String> {
    let mut waiting = None;
    // A program that was given the slot's own end can say as much on it as the client, and have it closed.
    let mut may_be_closed = false;
    for packet in packets {
        may_be_closed |= packet.fds.iter().any(|odd| matches!(odd, Odd::Slot));
        match say(packet, &mut waiting, slot)? {
            Heard::Reply(_) => {}
            Heard::Closed if may_be_closed || expected(packet, waiting) == Expected::Closed => return Ok(()),
            Heard::Closed => return Err("the slot was closed".to_owned()),
        }
    }
    if waiting.is_some() {
        say(&kill(Hit::Stopped), &mut waiting, slot)?;
    }
    echoes(slot)
}

/// What is heard then, if it is what has to be.
fn say(packet: &Packet, waiting: &mut Option<Waiting>, slot: &OwnedFd) -> Result<Heard, String> {
    let Packet { bytes, fds } = packet;
    let open: Vec<OwnedFd> = fds.iter().map(|odd| odd.open(slot)).collect::<Result<_, _>>()?;
    send(slot, bytes, &open.iter().map(AsFd::as_fd).collect::<Vec<_>>()).map_err(|error| error.to_string())?;
    drop(open);
    let expected = expected(packet, *waiting);
    if expected == Expected::Silence {
        return Ok(Heard::Reply(Reply::Waits));
    }
    let heard = hear(slot)?;
    let is_refused = |error: &SandboxError| error.step == Step::Request;
    let is_right = match (&expected, &heard) {
        (_, Heard::Closed) | (Expected::Answer, Heard::Reply(_)) => true,
        (Expected::Refused, Heard::Reply(Reply::Failed(error))) => is_refused(error),
        (Expected::Waits, Heard::Reply(reply)) => !matches!(reply, Reply::Ended { .. }),
        (Expected::Unused, Heard::Reply(reply)) => matches!(reply, Reply::Unused(_)),
        (Expected::Misused, Heard::Reply(Reply::Unused(error))) => is_refused(error),
        _ => false,
    };
    match (&expected, &heard) {
        (Expected::Waits, Heard::Reply(Reply::Waits)) => *waiting = prepared(bytes),
        // The box that waits is none of the request's.
        (Expected::Refused, _) => {}
        _ => *waiting = None,
    }
    if is_right { Ok(heard) } else { Err(format!("{expected:?} was expected, but not {heard:?}")) }
}

/// Decided from the rules, not by the launcher's code.
fn expected(packet: &Packet, waiting: Option<Waiting>) -> Expected {
    let Packet { bytes, fds } = packet;
    let (spawn, is_prepared) = match (decode(&bytes[..bytes.len().min(MAX_FRAME)]), waiting) {
        (Err(_), _) => return Expected::Closed,
        (Ok(Request::Kill(_) | Request::Use(_)), None) => return Expected::Silence,
        (Ok(Request::Kill(_)), Some(_)) => return Expected::Unused,
        (Ok(Request::Use(wanted)), Some(waiting)) => {
            return if may_use(&wanted, fds.len(), waiting) { Expected::Answer } else { Expected::Misused };
        }
        // There is one box at a time.
        (Ok(Request::Spawn(_) | Request::Prepare(_)), Some(_)) => return Expected::Refused,
        (Ok(Request::Prepare(Prepare { template, limits })), None) => {
            (Spawn { template, limits, args: Vec::new(), files: Vec::new() }, true)
        }
        (Ok(Request::Spawn(spawn)), None) => (spawn, false),
    };
    match (may_make(&spawn, fds.len()), is_prepared) {
        (false, _) => Expected::Refused,
        (true, true) => Expected::Waits,
        (true, false) => Expected::Answer,
    }
}

fn prepared(bytes: &[u8]) -> Option<Waiting> {
    let Ok(Request::Prepare(Prepare { template, limits })) = decode(bytes) else { return None };
    let Limits { cpu_time, wall_time, .. } = limits;
    Some(Waiting { template, cpu_time, wall_time })
}

fn may_make(spawn: &Spawn, fds: usize) -> bool {
    let Spawn { template, limits, args: _, files } = spawn;
    let most = ceiling();
    let is_allowed = |value: u64, most: u64| value > 0 && value <= most;
    let allowed = [
        *template < TEMPLATES,
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
    allowed.iter().all(|allowed| *allowed)
}

fn may_use(wanted: &Use, fds: usize, waiting: Waiting) -> bool {
    let Use { cpu_time, wall_time, args, files } = wanted;
    let is_allowed = |value: Duration, most: Duration| value > Duration::ZERO && value <= most;
    let allowed = [
        is_allowed(*cpu_time, waiting.cpu_time),
        is_allowed(*wall_time, waiting.wall_time),
        args.is_empty() || waiting.template != AHEAD,
        fds == files.len(),
        files.iter().all(|(name, kind)| is_plain(name) && *kind != FileKind::Data),
    ];
    allowed.iter().all(|allowed| *allowed)
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

/// What a client says before it is silent.
fn conversation() -> impl Strategy<Value = Vec<Packet>> {
    let alone = prop_oneof![1 => packet(), 1 => prepare()].prop_map(|packet| vec![packet]);
    // The first is right and leaves a box that lasts until the rest has been said.
    let box_first = |rest| {
        (0..TEMPLATES, rest).prop_map(|(template, rest): (usize, Vec<Packet>)| {
            let prepare = Request::Prepare(Prepare { template, limits: ceiling() });
            let first = Packet { bytes: frame(&prepare), fds: vec![Odd::Memory; 3] };
            std::iter::once(first).chain(rest).collect()
        })
    };
    let used = use_it().prop_map(|packet| vec![packet]);
    let used_once_more = vec(use_it(), 2..4);
    let disturbed = (prop_oneof![packet(), prepare()], use_it()).prop_map(|(packet, use_it)| vec![packet, use_it]);
    prop_oneof![
        6 => alone,
        4 => box_first(used.boxed()),
        1 => box_first(used_once_more.boxed()),
        2 => box_first(disturbed.boxed()),
    ]
}

fn packet() -> impl Strategy<Value = Packet> {
    let odd = || select(Odd::ALL.to_vec());
    let any_bytes = prop_oneof![vec(any::<u8>(), 0..64), vec(any::<u8>(), MAX_FRAME..MAX_FRAME + 64)];
    let garbage = (any_bytes, vec(odd(), 0..6)).prop_map(|(bytes, fds)| Packet { bytes, fds });
    let kill = select(vec![Hit::CpuTime, Hit::WallTime, Hit::Memory, Hit::Output, Hit::Stopped]).prop_map(kill);
    let right = || prop_oneof![3 => request(), 1 => prepare(), 1 => use_it()];
    let changed = (right(), vec((any::<Index>(), any::<u8>()), 1..3), any::<Index>()).prop_map(
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

fn kill(reason: Hit) -> Packet {
    Packet { bytes: frame(&Request::Kill(reason)), fds: Vec::new() }
}

fn frame(request: &Request) -> Vec<u8> {
    encode(request).expect("fits")
}

/// A request that is one; at most two of its values, and any of its descriptors, are not as they should be.
fn request() -> impl Strategy<Value = Packet> {
    (template(), limits(), args(), files(), descriptors()).prop_map(|(template, limits, args, files, descriptors)| {
        let fds = descriptors.beside(files.len() + 3);
        Packet { bytes: frame(&Request::Spawn(Spawn { template, limits, args, files })), fds }
    })
}

/// The same of a box that is to wait.
fn prepare() -> impl Strategy<Value = Packet> {
    (template(), limits(), descriptors()).prop_map(|(template, limits, descriptors)| Packet {
        bytes: frame(&Request::Prepare(Prepare { template, limits })),
        fds: descriptors.beside(3),
    })
}

/// The same of what a box that waits is used for.
fn use_it() -> impl Strategy<Value = Packet> {
    let times = |most: Duration| {
        let wrong = vec![Duration::ZERO, Duration::from_nanos(1), most + Duration::from_nanos(1), Duration::MAX];
        prop_oneof![6 => Just(most), 1 => select(wrong)]
    };
    let Limits { cpu_time, wall_time, .. } = ceiling();
    let values = (times(cpu_time), times(wall_time), args(), files(), descriptors());
    values.prop_map(|(cpu_time, wall_time, args, files, descriptors)| {
        let fds = descriptors.beside(files.len());
        Packet { bytes: frame(&Request::Use(Use { cpu_time, wall_time, args, files })), fds }
    })
}

fn template() -> impl Strategy<Value = usize> {
    prop_oneof![4 => 0..TEMPLATES, 1 => select(vec![TEMPLATES, 1 << 40, usize::MAX])]
}

fn args() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![
        4 => Just(Vec::new()),
        1 => vec(any::<String>(), 0..8),
        1 => Just(vec!["x".repeat(90 * 1024)]),
        1 => Just(vec![String::new(); 20 * 1024]),
    ]
}

fn files() -> impl Strategy<Value = Vec<(String, FileKind)>> {
    let names = vec!["a", "solution.py", "gate", "..", "a/b", "/etc/passwd", "-x", "", ".a", "a\0", "é", "a\nb"];
    let kind = || select(vec![FileKind::Code, FileKind::Executable, FileKind::Data]);
    prop_oneof![
        Just(Vec::new()),
        vec(("[a-z]{1,3}", kind()), 1..4),
        vec((select(names).prop_map(str::to_owned), kind()), 1..3),
        vec(("[a-z]{70}", kind()), 1..2),
    ]
}

/// What travels beside a request.
#[derive(Debug, Clone)]
struct Descriptors {
    first: Vec<Odd>,
    /// How many more there are than there should be.
    more: isize,
}

fn descriptors() -> impl Strategy<Value = Descriptors> {
    let odd = prop_oneof![1 => Just(Odd::Memory), 1 => select(Odd::ALL.to_vec())];
    let more = prop_oneof![6 => Just(0_isize), 1 => select(vec![-3, -1, 1, 60])];
    (vec(odd, 0..80), more).prop_map(|(first, more)| Descriptors { first, more })
}

impl Descriptors {
    fn beside(self, wanted: usize) -> Vec<Odd> {
        let Self { mut first, more } = self;
        first.resize(wanted.saturating_add_signed(more), Odd::Memory);
        first
    }
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
