//! One box from clone to its last counter, as the launcher sees it.
//!
//! A box is a value that moves forward only: made, waiting, used, started, killed or ended, dead, counted. What the
//! program did is learnt from the runner's wait status, the cgroup and the clock.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use runner::holes::{Hole, Holes};
use runner::protocol::{self, Confinement, Event, Fork, Go, Job, Narrow, Rlimits, Stage, Start};
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::process::{Signal, WaitId, WaitIdOptions};

use crate::cgroup::{BoxCgroup, CgroupLimits, Hierarchy, Kept, Place};
use crate::child::{self, Plan};
use crate::error::{At, SandboxError, Step};
use crate::instance::Instance;
use crate::seccomp::Filters;
use crate::spec::{Exit, Hit, Limits, Template, Usage, WarmKind};
use crate::sys::{self, Clone3};
use crate::wire::{self, Reply};

/// How long making a box and starting its program may take. A hundred times the usual.
const SETUP_TIME: Duration = Duration::from_secs(10);

/// How long a program that is started ahead may take until it is warm.
const WARM_UP_TIME: Duration = Duration::from_secs(60);

/// The stack of the main thread: deep recursion is a lesson, not an attack.
pub const STACK_BYTES: u64 = 64 * 1024 * 1024;

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
    /// The launcher's own network, an empty one.
    pub home: OwnedFd,
    /// What templates fork with, open.
    pub zygote: Option<OwnedFd>,
    /// The system call filters.
    pub seccomp: Filters,
    /// Does this kernel have Landlock?
    pub landlock: bool,
    /// How many processors a box can keep busy at once: how fast its CPU time can grow.
    pub processors: u32,
    /// Is this root of the whole host, and not of a user namespace?
    pub is_initial: bool,
    /// Where file trees are put together.
    pub folder: PathBuf,
    /// What a test takes away of all this.
    pub holes: Holes,
}

/// What the client sent for one box.
pub struct Order<'a> {
    /// What it is like.
    pub template: &'a Template,
    /// What it shares with others of its kind.
    pub tree: BorrowedFd<'a>,
    /// The empty network it is to be in; without one it gets a new one.
    pub network: Option<BorrowedFd<'a>>,
    /// The pipes of the program.
    pub stdio: [OwnedFd; 3],
    /// Checked against the ceiling.
    pub limits: Limits,
    /// Bytes of files that will stand in the scratch space and are no use of the limit.
    pub data_bytes: u64,
    /// When its program is started, and by whom.
    pub start: Start,
    /// Which of the slots it is for.
    pub slot: u16,
    /// Its number.
    pub serial: u64,
    /// What the box before has left of its cgroup.
    pub kept: Option<Kept>,
    /// Is something to be left for the next?
    pub keeps: bool,
}

/// A living box.
pub struct LiveBox {
    serial: u64,
    pidfd: OwnedFd,
    channel: OwnedFd,
    /// False once the runner has closed its end: there is nothing more to wait for.
    channel_open: bool,
    cgroup: BoxCgroup,
    out_of_memory: Option<OwnedFd>,
    limits: Limits,
    processors: u32,
    start: Start,
    /// What the template that forks into this box is to be told, until it is.
    to_fork: Option<([OwnedFd; 3], Confinement)>,
    /// Is there a gate to wait at?
    has_gate: bool,
    /// Since when there is nothing to do but to wait for its use.
    ready: Option<Instant>,
    /// Since when it is to be used.
    used: Option<Instant>,
    /// When it is given up if it has not got on.
    deadline: Option<Instant>,
    started: Option<Instant>,
    /// What making the box had used by then; not the program's.
    cpu_before: Option<Duration>,
    /// The next look at the CPU counter.
    next_look: Option<Instant>,
    hit: Option<Hit>,
    ended: Option<(Exit, Duration)>,
    failed: Option<SandboxError>,
    product: Option<OwnedFd>,
    /// Is the program one that another box has made, so that it may be none?
    is_artifact: bool,
    holes: Holes,
}

impl LiveBox {
    /// Makes a box.
    pub fn create(workshop: &Workshop, order: Order<'_>) -> Result<Self, SandboxError> {
        let Order { template, tree, network, stdio, limits, data_bytes, start, slot, serial, kept, keeps } = order;
        let Limits { memory_kib, processes, file_bytes, .. } = &limits;
        let holes = &workshop.holes;
        let uid = if holes.has(Hole::Uid) { 0 } else { workshop.instance.uid(slot) };
        let memory_bytes = memory_kib.saturating_mul(1024).saturating_mul(holes.times(Hole::Memory, 4).into());
        let tasks = processes.saturating_mul(holes.times(Hole::Processes, 64)).saturating_add(1);
        let cgroup_limits = CgroupLimits { memory_bytes, tasks };
        let (hierarchy, instance) = (&workshop.hierarchy, workshop.instance.name());
        // What is left in the cgroup of a box that is not torn down is not for the next.
        let place = Place { hierarchy, instance, slot, serial, keeps: keeps && !holes.has(Hole::Teardown) };
        let cgroup = BoxCgroup::create(place, cgroup_limits, kept)?;
        let out_of_memory = cgroup.out_of_memory_event();
        let plan = Plan {
            template,
            tree,
            cgroup_entrances: cgroup.entrances(),
            uid,
            // What the caller put there is no use the program has made of its limit.
            scratch_bytes: file_bytes.saturating_mul(holes.times(Hole::Files, 16).into()).saturating_add(data_bytes),
            stdio: [stdio[0].as_fd(), stdio[1].as_fd(), stdio[2].as_fd()],
            runner: workshop.runner.as_fd(),
            is_initial: workshop.is_initial,
            holes,
        };
        let job = job(workshop, template, &limits, uid, start);
        let (job, of_template) = if start == Start::Forked { without_program(job) } else { (job, None) };
        let made = out_of_memory.and_then(|event| Ok((event, make(workshop, &plan, &job, network)?)));
        let (out_of_memory, (pidfd, channel)) = match made {
            Ok(made) => made,
            Err(error) => return cgroup.remove().and(Err(error)),
        };
        let patience = if start == Start::Ahead { WARM_UP_TIME } else { SETUP_TIME };
        Ok(Self {
            serial,
            pidfd,
            channel,
            channel_open: true,
            cgroup,
            out_of_memory,
            limits,
            processors: workshop.processors,
            start,
            to_fork: of_template.map(|confinement| (stdio, confinement)),
            has_gate: false,
            ready: None,
            used: None,
            deadline: Some(Instant::now() + patience),
            started: None,
            cpu_before: None,
            next_look: None,
            hit: None,
            ended: None,
            failed: None,
            product: None,
            is_artifact: template.argv.first().is_some_and(|program| program.starts_with("/code/")),
            holes: holes.clone(),
        })
    }

    /// Its number.
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// Does it wait for its use?
    pub fn waits(&self) -> bool {
        self.ready.is_some() && self.used.is_none() && self.failed.is_none()
    }

    /// Is its program started before its files are there?
    pub fn is_ahead(&self) -> bool {
        self.start != Start::OnGo
    }

    /// Is there nothing to do but to wait for its use, or for what comes of it?
    pub fn is_ready(&self) -> bool {
        self.ready.is_some()
    }

    /// Did it wait before it was used?
    fn waited(&self) -> bool {
        self.ready.zip(self.used).is_some_and(|(ready, used)| ready < used)
    }

    /// Has it been used?
    pub fn is_used(&self) -> bool {
        self.used.is_some()
    }

    /// May it be used with these times? They can only be less than what it was made with.
    pub fn narrow(&mut self, cpu_time: Duration, wall_time: Duration) -> Result<(), SandboxError> {
        let within = |wanted: Duration, made: Duration| !wanted.is_zero() && wanted <= made;
        if !within(cpu_time, self.limits.cpu_time) || !within(wall_time, self.limits.wall_time) {
            return Err(SandboxError::new(Step::Request, "times", "are not within those of the box"));
        }
        self.limits = Limits { cpu_time, wall_time, ..self.limits.clone() };
        Ok(())
    }

    /// Gives it its files, and has its program started or let through the gate. The box may still be in the making.
    pub fn go(&mut self, go: &Go, contents: &[OwnedFd]) -> Result<(), SandboxError> {
        let now = Instant::now();
        self.used = Some(now);
        if self.ready.is_some() {
            self.deadline = Some(now + SETUP_TIME);
            // A program that waits at the gate uses nothing until it is let through.
            if self.start != Start::OnGo {
                self.cpu_before = Some(self.cgroup.cpu_time()?);
            }
        }
        let contents: Vec<_> = contents.iter().map(AsFd::as_fd).collect();
        wire::send(&self.channel, go, &contents).at(Step::Setup, || "send(Go)".to_owned())
    }

    /// What a template is to be told to fork into this box, once there is a gate in it: the request and the pipes.
    pub fn take_fork(&mut self) -> Option<(Fork, [OwnedFd; 3])> {
        if !self.has_gate {
            return None;
        }
        let (stdio, confinement) = self.to_fork.take()?;
        Some((Fork { serial: self.serial, confinement }, stdio))
    }

    /// PID 1, for whoever enters the box.
    pub fn init(&self) -> BorrowedFd<'_> {
        self.pidfd.as_fd()
    }

    /// The open files by which a process enters the cgroup.
    pub fn entrances(&self) -> &[OwnedFd] {
        self.cgroup.entrances()
    }

    /// The box is of no use, and why.
    pub fn fail(&mut self, error: SandboxError) {
        if self.ended.is_none() {
            self.failed.get_or_insert(error);
        }
        self.kill_init();
    }

    /// What to wait for: PID 1's death, the runner's events, and, on v1, memory running out.
    pub fn watched(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        let channel = self.channel_open.then_some(&self.channel);
        [Some(&self.pidfd), channel, self.out_of_memory.as_ref()].into_iter().flatten().map(AsFd::as_fd)
    }

    /// When to look at the clock and the counters again, if nothing happens before.
    pub fn next_look(&self) -> Option<Instant> {
        let wall = self.started.map(|started| started + self.limits.wall_time);
        [wall, self.next_look, self.deadline].into_iter().flatten().min()
    }

    /// Takes in what has happened. True when PID 1, and so every process of the box, is dead.
    pub fn advance(&mut self) -> Result<bool, SandboxError> {
        // Death is asked for first: whatever the runner said before it died is then in the socket.
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG;
        let dead = rustix::process::waitid(WaitId::PidFd(self.pidfd.as_fd()), options)
            .at(Step::Teardown, || "waitid(box)".to_owned())?
            .is_some();
        self.read_events()?;
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

    /// After PID 1 is dead, and with it every process of the box: the last counters, and the reply with its product.
    pub fn conclude(&mut self) -> (Reply, Option<OwnedFd>) {
        let only_waited = self.started.is_none() && self.waited();
        let failed = self.failed.take();
        let product = self.product.take().filter(|_| failed.is_none());
        let counters = match self.cgroup.counters() {
            Ok(counters) => counters,
            Err(error) => return (Reply::Failed(error), None),
        };
        if self.used.is_none() {
            let gone = || SandboxError::new(Step::Program, "box", "ended before it was used");
            return (Reply::Unused(failed.unwrap_or_else(gone)), None);
        }
        let mut hit = self.hit;
        if counters.oom_kills > 0 {
            hit = hit.or(Some(Hit::Memory));
        }
        let cpu_time = counters.cpu_time.saturating_sub(self.cpu_before.unwrap_or_default());
        if cpu_time > self.limits.cpu_time && !self.holes.has(Hole::CpuTime) {
            hit = hit.or(Some(Hit::CpuTime));
        }
        let provision = match (self.used, self.started) {
            (Some(used), Some(started)) => started.duration_since(used),
            _ => Duration::ZERO,
        };
        let usage =
            |wall_time| Usage { cpu_time, wall_time, memory_kib: counters.memory_bytes.div_ceil(1024), provision };
        let warm = self.start != Start::OnGo;
        match (self.ended, hit, failed) {
            (Some((exit, wall_time)), hit, _) => (Reply::Ended { exit, hit, usage: usage(wall_time), warm }, product),
            (None, Some(hit), _) => {
                let wall_time = self.started.map_or(Duration::ZERO, |started| started.elapsed());
                let usage = usage(wall_time);
                (Reply::Ended { exit: Exit::Killed, hit: Some(hit), usage, warm }, product)
            }
            // It broke while it waited, which was seen too late.
            (None, None, Some(error)) if only_waited => (Reply::Unused(error), None),
            (None, None, Some(error)) => (Reply::Failed(error), None),
            (None, None, None) if only_waited => {
                (Reply::Unused(SandboxError::new(Step::Program, "runner", "died without a report")), None)
            }
            (None, None, None) => {
                (Reply::Failed(SandboxError::new(Step::Program, "runner", "died without a report")), None)
            }
        }
    }

    /// After that: the cgroup. It is empty, but takes the kernel longer to remove than whoever waits for the reply should.
    /// What comes of it is for the next box of the slot.
    pub fn remove(self) -> Result<Option<Kept>, SandboxError> {
        if self.holes.has(Hole::Teardown) { Ok(None) } else { self.cgroup.release() }
    }

    fn read_events(&mut self) -> Result<(), SandboxError> {
        while self.channel_open && is_readable(&self.channel) {
            let Ok(Some((event, mut fds))) = wire::receive::<Event>(&self.channel) else {
                self.channel_open = false;
                return Ok(());
            };
            match event {
                Event::Built => {
                    self.product = fds.pop();
                    if self.start == Start::OnGo {
                        self.gets_ready();
                    }
                }
                Event::Gate => self.has_gate = true,
                Event::Ready => self.gets_ready(),
                Event::Started { used } => {
                    let now = Instant::now();
                    self.started = Some(now);
                    self.deadline = None;
                    if self.cpu_before.is_none() {
                        // The program may have run for long by now. Where its counter can not be read, it is charged for
                        // the making too.
                        self.cpu_before = Some(self.cgroup.cpu_time().unwrap_or_default().min(used));
                    }
                    self.next_look = Some(now + self.limits.cpu_time / self.processors);
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
        Ok(())
    }

    /// There is nothing to do any more but to wait for its use, or for what comes of it.
    fn gets_ready(&mut self) {
        let now = Instant::now();
        self.ready.get_or_insert(now);
        self.deadline = self.used.map(|_| now + SETUP_TIME);
    }

    fn look_at_limits(&mut self) -> Result<(), SandboxError> {
        let now = Instant::now();
        if self.out_of_memory.as_ref().is_some_and(was_signalled) {
            self.kill(Hit::Memory);
        }
        let Some(started) = self.started else {
            if self.deadline.is_some_and(|deadline| now >= deadline) {
                self.fail(SandboxError::new(Step::Setup, "box", "was not ready in time"));
            }
            return Ok(());
        };
        if now >= started + self.limits.wall_time && !self.holes.has(Hole::WallTime) {
            self.kill(Hit::WallTime);
        } else if self.next_look.is_some_and(|look| now >= look) && !self.holes.has(Hole::CpuTime) {
            let used = self.cgroup.cpu_time()?.saturating_sub(self.cpu_before.unwrap_or_default());
            let left = self.limits.cpu_time.saturating_sub(used);
            if left.is_zero() {
                self.kill(Hit::CpuTime);
            }
            self.next_look = Some(now + (left / self.processors).max(SHORTEST_WAIT));
        }
        Ok(())
    }

    /// The death of PID 1 is the death of its whole namespace (pid_namespaces(7)).
    pub fn kill_init(&self) {
        // It may be dead already, which is what we want.
        let _ = rustix::process::pidfd_send_signal(&self.pidfd, Signal::KILL);
    }
}

/// Clones the child that builds the box, and leaves its job in the channel: a pidfd and our end.
fn make(
    workshop: &Workshop,
    plan: &Plan<'_>,
    job: &Job,
    network: Option<BorrowedFd<'_>>,
) -> Result<(OwnedFd, OwnedFd), SandboxError> {
    let (channel, theirs) = socket_pair()?;
    protocol::send(&channel, job, &[]).at(Step::Setup, || "send(Job)".to_owned())?;
    let mut new = namespaces(plan.holes);
    if let Some(network) = network {
        enter_network(network)?;
        new &= !libc::CLONE_NEWNET;
    }
    match sys::clone_into_namespaces(new).at(Step::Clone, || "clone3".to_owned())? {
        Clone3::Child => child::become_runner(plan, theirs.as_fd()),
        Clone3::Parent(pidfd) => {
            if network.is_some() {
                enter_network(workshop.home.as_fd())?;
            }
            Ok((pidfd, channel))
        }
    }
}

/// Puts this process into a network namespace.
pub fn enter_network(network: BorrowedFd<'_>) -> Result<(), SandboxError> {
    runner::sys::enter_namespaces(network, libc::CLONE_NEWNET).at(Step::Clone, || "setns(net)".to_owned())
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

fn job(workshop: &Workshop, template: &Template, limits: &Limits, uid: u32, start: Start) -> Job {
    let Limits { cpu_time, wall_time: _, memory_kib, processes, output_bytes: _, file_bytes, open_files } = limits;
    let writable = ["/box", "/tmp", "/dev/shm"].into_iter().chain(template.product.as_deref());
    let told = |word: &String| {
        MEMORY_PLACES
            .iter()
            .fold(word.clone(), |word, (place, unit)| word.replace(place, &(memory_kib / unit).to_string()))
    };
    let ahead = template.warm.as_ref().filter(|warm| warm.kind == WarmKind::Process && start == Start::Ahead);
    let words = ahead.map_or(&template.argv, |warm| &warm.argv);
    let Filters { always, fake_locks, closed, of_template: _, closed_to_child, in_container: _ } = &workshop.seccomp;
    let holes = &workshop.holes;
    let is_narrowed = start == Start::Forked;
    let filters: Vec<_> = if is_narrowed {
        vec![closed_to_child]
    } else {
        always.iter().chain(template.fake_locks.then_some(fake_locks)).chain([closed]).collect()
    };
    let filters = filters.into_iter().filter(|_| !holes.has(Hole::Seccomp));
    // What a program uses until it is warm is not counted, but the kernel's own limit knows nothing of that.
    let warm_up = ahead.map_or(0, |_| WARM_UP_TIME.as_secs());
    Job {
        argv: words.iter().map(told).collect(),
        env: environment(template, holes),
        start,
        confinement: Confinement {
            cwd: "/box".to_owned(),
            uid,
            rlimits: Rlimits {
                // The cgroup's counter decides; this is the net behind it.
                cpu_seconds: (cpu_time.as_secs() + 2 + warm_up) * u64::from(holes.times(Hole::CpuTime, 100)),
                file_bytes: file_bytes.saturating_mul(holes.times(Hole::Files, 16).into()),
                open_files: open_files.saturating_mul(holes.times(Hole::OpenFiles, 16)).into(),
                processes: processes.saturating_mul(holes.times(Hole::Processes, 64)).into(),
                stack_bytes: STACK_BYTES,
            },
            seccomp: filters.cloned().collect(),
            is_narrowed,
            writable: writable.map(str::to_owned).collect(),
            landlock: workshop.landlock && !holes.has(Hole::Landlock),
            holes: holes.clone(),
        },
    }
}

/// What a template gives up before it forks. With what [`job`] takes from its children, it is what every program lacks.
pub fn narrow(workshop: &Workshop, template: &Template) -> Narrow {
    let Filters { always: _, fake_locks, closed: _, of_template, closed_to_child: _, in_container: _ } =
        &workshop.seccomp;
    let holes = &workshop.holes;
    let filters = of_template.iter().chain(template.fake_locks.then_some(fake_locks));
    let filters = filters.filter(|_| !holes.has(Hole::Seccomp));
    Narrow { seccomp: filters.cloned().collect(), holes: holes.clone() }
}

/// Where a template starts the program and confines it: what the runner has to know, which is where files go and whose they
/// are, and what the template has to. A job without a command line can start nothing.
fn without_program(job: Job) -> (Job, Option<Confinement>) {
    let Job { argv: _, env: _, start, confinement } = job;
    let for_runner = Confinement { seccomp: Vec::new(), ..confinement.clone() };
    (Job { argv: Vec::new(), env: Vec::new(), start, confinement: for_runner }, Some(confinement))
}

/// The whole environment of a program.
pub fn environment(template: &Template, holes: &Holes) -> Vec<String> {
    let leaked = holes.has(Hole::Environment).then(|| "CODE_RUNNER_CANARY=canary-environment".to_owned());
    template.env.iter().cloned().chain(leaked).collect()
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

fn exit_of(exit: protocol::Exit) -> Exit {
    match exit {
        protocol::Exit::Status(status) => Exit::Status(status),
        protocol::Exit::Signal(signal) => Exit::Signal(signal),
    }
}

#[cfg(test)]
mod tests;
