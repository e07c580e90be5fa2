//! One box from clone to its last counter, as the launcher sees it.
//!
//! A box is a value that moves forward only: made, started, killed or ended, dead, counted. What the
//! program did is learnt from the runner's wait status, the cgroup and the clock.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use runner::holes::{Hole, Holes};
use runner::protocol::{self, Event, Job, Rlimits, Stage};
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::process::{Signal, WaitId, WaitIdOptions};

use crate::cgroup::{BoxCgroup, CgroupLimits, Hierarchy};
use crate::child::{self, Plan};
use crate::error::{At, SandboxError, Step};
use crate::instance::Instance;
use crate::seccomp::Filters;
use crate::spec::{Exit, FileForBox, FileKind, Hit, Limits, Template, Usage};
use crate::sys::{self, Clone3};
use crate::wire::{self, Reply};

/// How long making a box and starting its program may take. A hundred times the usual.
const SETUP_TIME: Duration = Duration::from_secs(10);

/// The stack of the main thread: deep recursion is a lesson, not an attack.
const STACK_BYTES: u64 = 64 * 1024 * 1024;

/// What in a template's command line becomes the memory limit, in KiB or MiB, for runtimes that have to be told.
const MEMORY_PLACES: [(&str, u64); 2] = [("{memory_kib}", 1), ("{memory_mib}", 1024)];

/// Looks at the CPU counter at least this far apart, so that a box just below its limit does not
/// keep the launcher busy.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// What all boxes of a launcher are made with.
pub struct Workshop {
    /// Where cgroups are made.
    pub hierarchy: Hierarchy,
    /// Whose boxes they are.
    pub instance: Instance,
    /// The static binary, open.
    pub runner: OwnedFd,
    /// The system call filters.
    pub seccomp: Filters,
    /// Does this kernel have Landlock?
    pub landlock: bool,
    /// How many processors a box can keep busy at once: how fast its CPU time can grow.
    pub processors: u32,
    /// Where file trees are put together.
    pub folder: PathBuf,
    /// What a test takes away of all this.
    pub holes: Holes,
}

/// What the client sent for one box.
pub struct Order {
    /// The pipes of the program.
    pub stdio: [OwnedFd; 3],
    /// Further words for the command line.
    pub args: Vec<String>,
    /// For `/code`.
    pub files: Vec<FileForBox>,
    /// Checked against the ceiling.
    pub limits: Limits,
}

/// A living box.
pub struct LiveBox {
    pidfd: OwnedFd,
    channel: OwnedFd,
    /// False once the runner has closed its end: there is nothing more to wait for.
    channel_open: bool,
    cgroup: BoxCgroup,
    out_of_memory: Option<OwnedFd>,
    limits: Limits,
    processors: u32,
    ordered: Instant,
    started: Option<Instant>,
    /// What making the box had used by then; not the program's.
    cpu_before: Duration,
    /// The next look at the CPU counter.
    next_look: Instant,
    hit: Option<Hit>,
    ended: Option<(Exit, Duration)>,
    failed: Option<SandboxError>,
    product: Option<OwnedFd>,
    /// Is the program one that another box has made, so that it may be none?
    is_artifact: bool,
    holes: Holes,
}

impl LiveBox {
    /// Makes a box and starts its program in it.
    pub fn create(
        workshop: &Workshop,
        template: &Template,
        order: Order,
        slot: u16,
        serial: u64,
    ) -> Result<Self, SandboxError> {
        let ordered = Instant::now();
        let Order { stdio, args, files, limits } = order;
        let Limits { memory_kib, processes, file_bytes, .. } = &limits;
        let holes = &workshop.holes;
        let uid = if holes.has(Hole::Uid) { 0 } else { workshop.instance.uid(slot) };
        let memory_bytes = memory_kib.saturating_mul(1024).saturating_mul(holes.times(Hole::Memory, 4).into());
        let tasks = processes.saturating_mul(holes.times(Hole::Processes, 64)).saturating_add(1);
        let cgroup_limits = CgroupLimits { memory_bytes, tasks };
        let (code_bytes, data_bytes) = (bytes_of(&files, |_| true)?, bytes_of(&files, |kind| kind == FileKind::Data)?);
        let name = format!("{slot}-{serial}");
        let cgroup = BoxCgroup::create(&workshop.hierarchy, workshop.instance.name(), &name, cgroup_limits)?;
        let out_of_memory = cgroup.out_of_memory_event();
        let plan = Plan {
            template,
            cgroup_entrances: cgroup.entrances(),
            uid,
            // What the caller put there is no use the program has made of its limit.
            scratch_bytes: file_bytes.saturating_mul(holes.times(Hole::Files, 16).into()).saturating_add(data_bytes),
            code_bytes,
            files: &files,
            stdio: [stdio[0].as_fd(), stdio[1].as_fd(), stdio[2].as_fd()],
            runner: workshop.runner.as_fd(),
            folder: &workshop.folder,
            holes,
        };
        let started =
            out_of_memory.and_then(|event| Ok((event, start(&plan, &job(workshop, template, &args, &limits, uid))?)));
        let (out_of_memory, (pidfd, channel)) = match started {
            Ok(started) => started,
            Err(error) => return cgroup.remove().and(Err(error)),
        };
        Ok(Self {
            pidfd,
            channel,
            channel_open: true,
            cgroup,
            out_of_memory,
            limits,
            processors: workshop.processors,
            ordered,
            started: None,
            cpu_before: Duration::ZERO,
            next_look: ordered + SETUP_TIME,
            hit: None,
            ended: None,
            failed: None,
            product: None,
            is_artifact: template.argv.first().is_some_and(|program| program.starts_with("/code/")),
            holes: holes.clone(),
        })
    }

    /// What to wait for: PID 1's death, the runner's events, and, on v1, memory running out.
    pub fn watched(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        let channel = self.channel_open.then_some(&self.channel);
        [Some(&self.pidfd), channel, self.out_of_memory.as_ref()].into_iter().flatten().map(AsFd::as_fd)
    }

    /// When to look at the clock and the counters again, if nothing happens before.
    pub fn next_look(&self) -> Instant {
        match self.started {
            Some(started) => self.next_look.min(started + self.limits.wall_time),
            None => self.next_look,
        }
    }

    /// Takes in what has happened. True when PID 1, and so every process of the box, is dead.
    pub fn advance(&mut self) -> Result<bool, SandboxError> {
        // Death is asked for first: whatever the runner said before it died is then in the socket.
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG;
        let dead = rustix::process::waitid(WaitId::PidFd(self.pidfd.as_fd()), options)
            .at(Step::Teardown, || "waitid(box)".to_owned())?
            .is_some();
        self.read_events();
        if !dead && self.ended.is_none() {
            self.look_at_limits()?;
        }
        Ok(dead)
    }

    /// Kills every process of the box. The first reason counts.
    pub fn kill(&mut self, reason: Hit) {
        if self.ended.is_none() && self.hit.is_none() {
            self.hit = Some(reason);
        }
        self.kill_init();
    }

    /// After PID 1 is dead: the last counters, the cgroup removed, and the reply with its product.
    pub fn conclude(self) -> (Reply, Option<OwnedFd>) {
        let product = if self.failed.is_none() { self.product } else { None };
        let counters = self.cgroup.counters();
        let removed = if self.holes.has(Hole::Teardown) { Ok(()) } else { self.cgroup.remove() };
        let counters = match (counters, removed) {
            (Ok(counters), Ok(())) => counters,
            (Err(error), _) | (_, Err(error)) => return (Reply::Failed(error), None),
        };
        let mut hit = self.hit;
        if counters.oom_kills > 0 {
            hit = hit.or(Some(Hit::Memory));
        }
        let cpu_time = counters.cpu_time.saturating_sub(self.cpu_before);
        if cpu_time > self.limits.cpu_time && !self.holes.has(Hole::CpuTime) {
            hit = hit.or(Some(Hit::CpuTime));
        }
        let provision = self.started.unwrap_or(self.ordered).duration_since(self.ordered);
        let usage =
            |wall_time| Usage { cpu_time, wall_time, memory_kib: counters.memory_bytes.div_ceil(1024), provision };
        match (self.ended, hit, self.failed) {
            (Some((exit, wall_time)), hit, _) => (Reply::Ended { exit, hit, usage: usage(wall_time) }, product),
            (None, Some(hit), _) => {
                let wall_time = self.started.map_or(Duration::ZERO, |started| started.elapsed());
                (Reply::Ended { exit: Exit::Killed, hit: Some(hit), usage: usage(wall_time) }, product)
            }
            (None, None, Some(error)) => (Reply::Failed(error), None),
            (None, None, None) => {
                (Reply::Failed(SandboxError::new(Step::Program, "runner", "died without a report")), None)
            }
        }
    }

    fn read_events(&mut self) {
        while self.channel_open && is_readable(&self.channel) {
            let Ok(Some((event, mut fds))) = wire::receive::<Event>(&self.channel) else {
                self.channel_open = false;
                return;
            };
            match event {
                Event::Built => self.product = fds.pop(),
                Event::Started => {
                    let now = Instant::now();
                    self.started = Some(now);
                    // Where it can not be read, the program is charged for the making too.
                    self.cpu_before = self.cgroup.cpu_time().unwrap_or_default();
                    self.next_look = now + self.limits.cpu_time / self.processors;
                }
                Event::Ended { exit, wall_time } => self.ended = Some((exit_of(exit), wall_time)),
                Event::NotExecutable { cause: _ } if self.is_artifact => {
                    self.started = Some(Instant::now());
                    self.ended = Some((Exit::NotExecutable, Duration::ZERO));
                }
                Event::NotExecutable { cause } => self.failed = Some(SandboxError::new(Step::Program, "execve", cause)),
                Event::Failed { stage, call, cause } => {
                    let step = match stage {
                        Stage::Setup => Step::Setup,
                        Stage::Program => Step::Program,
                    };
                    self.failed = Some(SandboxError::new(step, call, cause));
                }
            }
        }
    }

    fn look_at_limits(&mut self) -> Result<(), SandboxError> {
        let now = Instant::now();
        if self.out_of_memory.as_ref().is_some_and(was_signalled) {
            self.kill(Hit::Memory);
        }
        let Some(started) = self.started else {
            if now >= self.ordered + SETUP_TIME {
                self.failed = Some(SandboxError::new(Step::Setup, "box", format!("not ready after {SETUP_TIME:?}")));
                self.kill_init();
            }
            return Ok(());
        };
        if now >= started + self.limits.wall_time && !self.holes.has(Hole::WallTime) {
            self.kill(Hit::WallTime);
        } else if now >= self.next_look && !self.holes.has(Hole::CpuTime) {
            let used = self.cgroup.cpu_time()?.saturating_sub(self.cpu_before);
            let left = self.limits.cpu_time.saturating_sub(used);
            if left.is_zero() {
                self.kill(Hit::CpuTime);
            }
            self.next_look = now + (left / self.processors).max(SHORTEST_WAIT);
        }
        Ok(())
    }

    /// The death of PID 1 is the death of its whole namespace (pid_namespaces(7)).
    fn kill_init(&self) {
        // It may be dead already, which is what we want.
        let _ = rustix::process::pidfd_send_signal(&self.pidfd, Signal::KILL);
    }
}

/// Clones the child that builds the box, and leaves its job in the channel: a pidfd and our end.
fn start(plan: &Plan<'_>, job: &Job) -> Result<(OwnedFd, OwnedFd), SandboxError> {
    let (channel, theirs) = socket_pair()?;
    protocol::send(&channel, job).at(Step::Setup, || "send(Job)".to_owned())?;
    match sys::clone_into_namespaces(namespaces(plan.holes)).at(Step::Clone, || "clone3".to_owned())? {
        Clone3::Child => child::become_runner(plan, theirs.as_fd()),
        Clone3::Parent(pidfd) => Ok((pidfd, channel)),
    }
}

/// All of them, unless a test takes some away.
fn namespaces(holes: &Holes) -> i32 {
    let shared = [
        (Hole::PidNamespace, libc::CLONE_NEWPID),
        (Hole::Teardown, libc::CLONE_NEWPID),
        (Hole::Network, libc::CLONE_NEWNET),
        (Hole::Ipc, libc::CLONE_NEWIPC),
        (Hole::Uts, libc::CLONE_NEWUTS),
    ];
    shared.into_iter().filter(|(hole, _)| holes.has(*hole)).fold(sys::NAMESPACES, |all, (_, flag)| all & !flag)
}

fn job(workshop: &Workshop, template: &Template, args: &[String], limits: &Limits, uid: u32) -> Job {
    let Limits { cpu_time, wall_time: _, memory_kib, processes, output_bytes: _, file_bytes, open_files } = limits;
    let writable = ["/box", "/tmp", "/dev/shm"].into_iter().chain(template.product.as_deref());
    let told = |word: &String| {
        MEMORY_PLACES
            .iter()
            .fold(word.clone(), |word, (place, unit)| word.replace(place, &(memory_kib / unit).to_string()))
    };
    let words = template.argv.iter().map(told);
    let Filters { always, fake_locks, closed } = &workshop.seccomp;
    let holes = &workshop.holes;
    let filters = always.iter().chain(template.fake_locks.then_some(fake_locks)).chain([closed]);
    let filters = filters.filter(|_| !holes.has(Hole::Seccomp));
    let leaked = holes.has(Hole::Environment).then(|| "CODE_RUNNER_CANARY=canary-environment".to_owned());
    Job {
        argv: words.chain(args.iter().cloned()).collect(),
        env: template.env.iter().cloned().chain(leaked).collect(),
        cwd: "/box".to_owned(),
        uid,
        rlimits: Rlimits {
            // The cgroup's counter decides; this is the net behind it.
            cpu_seconds: (cpu_time.as_secs() + 2) * u64::from(holes.times(Hole::CpuTime, 100)),
            file_bytes: file_bytes.saturating_mul(holes.times(Hole::Files, 16).into()),
            open_files: open_files.saturating_mul(holes.times(Hole::OpenFiles, 16)).into(),
            processes: processes.saturating_mul(holes.times(Hole::Processes, 64)).into(),
            stack_bytes: STACK_BYTES,
        },
        seccomp: filters.cloned().collect(),
        writable: writable.map(str::to_owned).collect(),
        landlock: workshop.landlock && !holes.has(Hole::Landlock),
        holes: holes.clone(),
    }
}

pub fn socket_pair() -> Result<(OwnedFd, OwnedFd), SandboxError> {
    use rustix::net::{AddressFamily, SocketFlags, SocketType};
    rustix::net::socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
        .at(Step::Setup, || "socketpair".to_owned())
}

pub fn is_readable(channel: &OwnedFd) -> bool {
    let mut ready = [PollFd::new(channel, PollFlags::IN)];
    let none = Timespec { tv_sec: 0, tv_nsec: 0 };
    rustix::event::poll(&mut ready, Some(&none)).is_ok_and(|count| count > 0)
}

fn was_signalled(event: &OwnedFd) -> bool {
    rustix::io::read(event, &mut [0_u8; 8]).is_ok()
}

/// A sum that can not be too small: it becomes the room that these files have.
fn bytes_of(files: &[FileForBox], wanted: impl Fn(FileKind) -> bool) -> Result<u64, SandboxError> {
    files.iter().filter(|file| wanted(file.kind)).try_fold(0, |sum: u64, file| {
        let stat = rustix::fs::fstat(&file.content).at(Step::Request, || format!("fstat({})", file.name))?;
        Ok(sum.saturating_add(u64::try_from(stat.st_size).unwrap_or(0)))
    })
}

fn exit_of(exit: protocol::Exit) -> Exit {
    match exit {
        protocol::Exit::Status(status) => Exit::Status(status),
        protocol::Exit::Signal(signal) => Exit::Signal(signal),
    }
}

#[cfg(test)]
mod tests;
