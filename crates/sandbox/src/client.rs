//! The unprivileged side: starts the launcher, and runs one program at a time in each slot.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use runner::holes::Hole;
use runner::protocol::Go;
use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec};
use rustix::fs::{MemfdFlags, SealFlags};
use rustix::pipe::PipeFlags;
use rustix::process::{Pid, PidfdFlags};

use crate::error::{At, SandboxError, Step};
use crate::launcher::{Ready, Start};
use crate::spec::{BoxFile, BoxOutcome, BoxRequest, Collected, FileKind, Hit, LauncherConfig, Limits, Product};
use crate::wire::{self, Prepare, Reply, Request, Spawn, Use};
use crate::{LAUNCHER_FD, sys};

/// How long after the wall limit the launcher must have answered; else it is taken for broken.
const PATIENCE: Duration = Duration::from_secs(15);

/// The running launcher. Dropping it after its slots ends it.
#[derive(Debug)]
pub struct Launcher {
    process: Child,
}

impl Launcher {
    /// Starts `command` (which must end in [`crate::launcher_main`]) with an empty environment, and
    /// returns it with its slots. Must be called with the privileges that boxes need.
    ///
    /// # Errors
    /// The launcher's own reason, when it can not make boxes on this host.
    pub fn start(
        program: &Path,
        arguments: &[&str],
        config: &LauncherConfig,
    ) -> Result<(Self, Vec<Slot>), SandboxError> {
        let step = Step::Launcher;
        let (control, theirs) = crate::boxed::socket_pair()?;
        let mut command = Command::new(program);
        command.args(arguments).env_clear().current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
        sys::pass_descriptor(&mut command, theirs, LAUNCHER_FD);
        // A group of its own: an interrupt at the terminal stops the server, which then ends its boxes.
        let process = command.process_group(0).spawn().at(step, || format!("spawn({})", program.display()))?;
        drop(command);
        let launcher = Self { process };

        let bytes = serde_json::to_vec(config).map_err(|error| SandboxError::new(step, "configuration", error))?;
        let content = memory_file("configuration", &bytes)?;
        let config_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        wire::send(&control, &Start { config_bytes }, &[content.as_fd()]).at(step, || "send(Start)".to_owned())?;
        let (ready, sockets) = wire::receive::<Ready>(&control)
            .at(step, || "receive(Ready)".to_owned())?
            .ok_or_else(|| SandboxError::new(step, "receive(Ready)", "the launcher ended"))?;
        ready?;
        let output_factor = config.holes.times(Hole::Output, 4).into();
        let slot = |socket| Slot { socket, broken: false, prepared: None, output_factor };
        Ok((launcher, sockets.into_iter().map(slot).collect()))
    }

    /// The launcher's process id, for the operator.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Something to wait on for the launcher's end, apart from the launcher itself.
    ///
    /// # Errors
    /// When it has been waited for already.
    pub fn watch(&self) -> Result<LauncherWatch, SandboxError> {
        let step = Step::Launcher;
        let pid = i32::try_from(self.pid()).ok().and_then(Pid::from_raw);
        let pid = pid.ok_or_else(|| SandboxError::new(step, "pid", "not a process id"))?;
        let pidfd = rustix::process::pidfd_open(pid, PidfdFlags::empty());
        pidfd.map(LauncherWatch).at(step, || "pidfd_open(launcher)".to_owned())
    }

    /// Waits for the launcher's end, which comes when its slots are dropped and its boxes dead.
    ///
    /// # Errors
    /// When it ended badly.
    pub fn wait(mut self) -> Result<(), SandboxError> {
        let status = self.process.wait().at(Step::Launcher, || "wait".to_owned())?;
        if status.success() {
            return Ok(());
        }
        Err(SandboxError::new(Step::Launcher, "wait", status))
    }
}

/// Sees when the launcher ends.
#[derive(Debug)]
pub struct LauncherWatch(OwnedFd);

impl LauncherWatch {
    /// Blocks until the launcher has ended.
    pub fn wait(self) {
        let mut watched = [PollFd::new(&self.0, PollFlags::IN)];
        // It can only be interrupted; whatever else went wrong, waiting longer would not help.
        let _ = rustix::io::retry_on_intr(|| rustix::event::poll(&mut watched, None));
    }
}

/// Asks a running box to stop. Clones share the request.
#[derive(Debug, Clone)]
pub struct StopFlag(Arc<OwnedFd>);

impl StopFlag {
    /// A flag nobody has raised.
    ///
    /// # Errors
    /// When the process has no descriptors left.
    pub fn new() -> Result<Self, SandboxError> {
        let event = rustix::event::eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK);
        Ok(Self(Arc::new(event.at(Step::Launcher, || "eventfd".to_owned())?)))
    }

    /// Raises it, for good.
    pub fn raise(&self) {
        // It can only fail when the counter is full, and then it is raised already.
        let _ = rustix::io::write(&*self.0, &1_u64.to_ne_bytes());
    }
}

/// The right to one box at a time.
#[derive(Debug)]
pub struct Slot {
    socket: OwnedFd,
    broken: bool,
    /// The box that was made ahead of its use.
    prepared: Option<Prepared>,
    /// 1, unless a test takes the cap on output away.
    output_factor: u64,
}

/// A box that waits for its use, or is still being made.
#[derive(Debug)]
struct Prepared {
    template: usize,
    limits: Limits,
    pipes: Pipes,
    /// Has the launcher said so?
    waits: bool,
}

/// Our ends of a program's pipes.
#[derive(Debug)]
struct Pipes {
    stdin: OwnedFd,
    stdout: OwnedFd,
    stderr: OwnedFd,
}

impl Slot {
    /// Has a box made ahead of its use, with the program started where its template can be warm. Returns before it
    /// is; a box that was prepared already is thrown away.
    ///
    /// # Errors
    /// When the launcher can not be asked.
    pub fn prepare(&mut self, template: usize, limits: &Limits) -> Result<(), SandboxError> {
        self.guarded(|slot| {
            slot.throw_away()?;
            let (pipes, ends) = Pipes::new()?;
            let prepare = Request::Prepare(Prepare { template, limits: limits.clone() });
            slot.send(&prepare, &ends.iter().map(AsFd::as_fd).collect::<Vec<_>>())?;
            slot.prepared = Some(Prepared { template, limits: limits.clone(), pipes, waits: false });
            Ok(())
        })
    }

    /// Does the box that was prepared wait for its use by now?
    pub fn is_prepared(&mut self) -> bool {
        while self.prepared.is_some() && crate::boxed::is_readable(&self.socket) {
            match self.guarded(|slot| slot.receive()) {
                Ok((Reply::Waits, _)) => self.prepared.iter_mut().for_each(|prepared| prepared.waits = true),
                // It is gone, and the slot is empty.
                Ok(_) | Err(_) => self.prepared = None,
            }
        }
        self.prepared.as_ref().is_some_and(|prepared| prepared.waits)
    }

    /// Has it no box at all: none was prepared, or what was is gone?
    pub fn is_empty(&mut self) -> bool {
        !self.is_prepared() && self.prepared.is_none()
    }

    /// The limits of the box that was prepared.
    pub fn prepared_with(&self) -> Option<&Limits> {
        self.prepared.as_ref().map(|prepared| &prepared.limits)
    }

    /// Waits until [`Slot::is_prepared`], or until nothing is prepared any more.
    pub fn wait_until_prepared(&mut self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        while !self.is_prepared() && self.prepared.is_some() {
            let left = Timespec::try_from(deadline.saturating_duration_since(Instant::now())).ok();
            let mut watched = [PollFd::new(&self.socket, PollFlags::IN)];
            if let Ok(0) = rustix::event::poll(&mut watched, left.as_ref()) {
                return false;
            }
        }
        self.prepared.is_some()
    }

    /// Ends the box that was prepared, if there is one.
    ///
    /// # Errors
    /// When the launcher does not answer.
    pub fn discard(&mut self) -> Result<(), SandboxError> {
        self.guarded(Self::throw_away)
    }

    /// Runs one program in a fresh box: the one that was prepared, if it is what is wanted, or else one that is made now.
    /// Returns when the box is gone.
    ///
    /// A program that fails is an outcome. When `stop` is raised the box is killed.
    ///
    /// # Errors
    /// [`SandboxError`]: the box could not be made, or what became of it is not known.
    pub fn run(&mut self, request: &BoxRequest<'_>, stop: &StopFlag) -> Result<BoxOutcome, SandboxError> {
        self.guarded(|slot| slot.try_run(request, stop))
    }

    /// Is it still of use?
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    fn guarded<T>(&mut self, action: impl FnOnce(&mut Self) -> Result<T, SandboxError>) -> Result<T, SandboxError> {
        if self.broken {
            return Err(SandboxError::new(Step::Launcher, "slot", "the launcher does not answer"));
        }
        let result = action(self);
        // After an error on our side the launcher may still hold a box; the two no longer agree.
        self.broken = matches!(&result, Err(error) if error.step == Step::Launcher);
        result
    }

    fn throw_away(&mut self) -> Result<(), SandboxError> {
        if self.prepared.take().is_none() {
            return Ok(());
        }
        self.send(&Request::Kill(Hit::Stopped), &[])?;
        let deadline = Instant::now() + PATIENCE;
        // Between the last look and this it may have got ready.
        while matches!(self.receive_before(deadline)?, (Reply::Waits, _)) {}
        Ok(())
    }

    fn receive_before(&self, deadline: Instant) -> Result<(Reply, Option<OwnedFd>), SandboxError> {
        let no_answer = || SandboxError::new(Step::Launcher, "poll", "the launcher does not answer");
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(no_answer());
            }
            let mut watched = [PollFd::new(&self.socket, PollFlags::IN)];
            match rustix::event::poll(&mut watched, Timespec::try_from(left).ok().as_ref()) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                Ok(_) => return self.receive(),
                Err(error) => return Err(error).at(Step::Launcher, || "poll".to_owned()),
            }
        }
    }

    fn receive(&self) -> Result<(Reply, Option<OwnedFd>), SandboxError> {
        let (reply, mut fds) = wire::receive(&self.socket)
            .at(Step::Launcher, || "receive(reply)".to_owned())?
            .ok_or_else(|| SandboxError::new(Step::Launcher, "receive(reply)", "the launcher is gone"))?;
        Ok((reply, fds.pop()))
    }

    fn try_run(&mut self, request: &BoxRequest<'_>, stop: &StopFlag) -> Result<BoxOutcome, SandboxError> {
        let BoxRequest { stdin, limits, .. } = request;
        let was_prepared = self.prepared.is_some();
        let Pipes { stdin: stdin_pipe, stdout, stderr } = self.order(request)?;
        let cap = usize::try_from(limits.output_bytes.saturating_mul(self.output_factor)).unwrap_or(usize::MAX);
        let mut exchange = Exchange {
            slot: self,
            stop: Some(stop),
            stdin: Some((File::from(stdin_pipe), stdin)),
            stdout: Stream::new(stdout, cap),
            stderr: Stream::new(stderr, cap),
            deadline: Instant::now() + limits.wall_time + PATIENCE,
        };
        let (reply, product) = exchange.until_reply()?;
        exchange.drain()?;
        let Exchange { stdout, stderr, .. } = exchange;
        let (stdout, stderr) = (stdout.kept, stderr.kept);
        match reply {
            Reply::Failed(error) => Err(error),
            // It died while it waited, and a new one is made. That one can not answer so.
            Reply::Unused(_) if was_prepared => self.try_run(request, stop),
            Reply::Unused(error) => Err(error),
            Reply::Waits => Err(SandboxError::new(Step::Launcher, "reply", "is out of place")),
            Reply::Ended { exit, hit, usage, warm } => {
                let hit = hit.or((stdout.truncated || stderr.truncated).then_some(Hit::Output));
                Ok(BoxOutcome { exit, hit, usage, stdout, stderr, warm, product: product.map(Product) })
            }
        }
    }

    /// Has the program run, in the box that waits for that or in a new one.
    fn order(&mut self, request: &BoxRequest<'_>) -> Result<Pipes, SandboxError> {
        let BoxRequest { template, args, files, stdin: _, limits } = request;
        let contents = files.iter().map(|file| &*file.content);
        let names = || files.iter().map(|file| (file.name.clone(), file.kind)).collect();
        if !self.prepared.as_ref().is_some_and(|prepared| prepared.serves(request)) {
            self.throw_away()?;
        }
        if let Some(Prepared { pipes, .. }) = self.prepared.take() {
            let Limits { cpu_time, wall_time, .. } = *limits;
            let wanted = Request::Use(Use { cpu_time, wall_time, go: Go { args: args.to_vec(), files: names() } });
            self.send(&wanted, &contents.map(AsFd::as_fd).collect::<Vec<_>>())?;
            return Ok(pipes);
        }
        let (pipes, ends) = Pipes::new()?;
        let fds: Vec<_> = ends.iter().chain(contents).map(AsFd::as_fd).collect();
        let (template, limits) = (*template, limits.clone());
        self.send(&Request::Spawn(Spawn { template, limits, args: args.to_vec(), files: names() }), &fds)?;
        Ok(pipes)
    }

    fn send(&self, request: &Request, fds: &[std::os::fd::BorrowedFd<'_>]) -> Result<(), SandboxError> {
        wire::send(&self.socket, request, fds).at(Step::Launcher, || "send(request)".to_owned())
    }
}

impl Prepared {
    /// Is this the box that is wanted? Its times can be lowered and its output is counted by us; everything else has been
    /// decided. Its program may have been started, which takes no more words, and its scratch space has no room for data.
    fn serves(&self, request: &BoxRequest<'_>) -> bool {
        let BoxRequest { template, args, files, stdin: _, limits } = request;
        let Limits { cpu_time, wall_time, memory_kib, processes, output_bytes: _, file_bytes, open_files } = limits;
        self.template == *template
            && args.is_empty()
            && files.iter().all(|file| file.kind != FileKind::Data)
            && *cpu_time <= self.limits.cpu_time
            && *wall_time <= self.limits.wall_time
            && (*memory_kib, *processes, *file_bytes, *open_files)
                == (self.limits.memory_kib, self.limits.processes, self.limits.file_bytes, self.limits.open_files)
    }
}

impl Pipes {
    /// Ours, and those of the program. With our copies of the latter gone, the pipes end when the box does.
    fn new() -> Result<(Self, [OwnedFd; 3]), SandboxError> {
        let (stdin_end, stdin) = pipe()?;
        let (stdout, stdout_end) = pipe()?;
        let (stderr, stderr_end) = pipe()?;
        [&stdin, &stdout, &stderr].into_iter().try_for_each(never_block)?;
        Ok((Self { stdin, stdout, stderr }, [stdin_end, stdout_end, stderr_end]))
    }
}

impl BoxFile {
    /// A file of this content, which can not be changed any more.
    ///
    /// # Errors
    /// When the process has no memory or descriptors left.
    pub fn new(name: &str, kind: FileKind, content: &[u8]) -> Result<Self, SandboxError> {
        Ok(Self { name: name.to_owned(), kind, content: Arc::new(memory_file(name, content)?) })
    }

    /// What one box has left, as an executable file for others.
    pub fn from_product(name: &str, product: Product) -> Self {
        Self { name: name.to_owned(), kind: FileKind::Executable, content: Arc::new(product.0) }
    }
}

impl Product {
    /// Its length in bytes.
    ///
    /// # Errors
    /// When the file can not be asked.
    pub fn length(&self) -> Result<u64, SandboxError> {
        let stat = rustix::fs::fstat(&self.0).at(Step::Request, || "fstat(product)".to_owned())?;
        Ok(u64::try_from(stat.st_size).unwrap_or(0))
    }

    /// Its first `cap` bytes, through the descriptor that was opened before the program started.
    ///
    /// # Errors
    /// When the file can not be read.
    pub fn read(&self, cap: usize) -> Result<Collected, SandboxError> {
        let mut bytes = vec![0; cap.saturating_add(1)];
        let mut length = 0;
        while length < bytes.len() {
            let offset = u64::try_from(length).unwrap_or(u64::MAX);
            let read = rustix::io::pread(&self.0, &mut bytes[length..], offset);
            match read.at(Step::Request, || "read(product)".to_owned())? {
                0 => break,
                more => length += more,
            }
        }
        let truncated = length > cap;
        bytes.truncate(length.min(cap));
        Ok(Collected { bytes, truncated })
    }
}

/// One output stream and what is kept of it.
struct Stream {
    /// `None` at its end.
    pipe: Option<File>,
    kept: Collected,
    cap: usize,
}

impl Stream {
    fn new(pipe: OwnedFd, cap: usize) -> Self {
        Self { pipe: Some(File::from(pipe)), kept: Collected::default(), cap }
    }

    /// Reads what has arrived, and forgets what is over the cap. False if nothing had.
    fn read(&mut self) -> io::Result<bool> {
        let Some(pipe) = &mut self.pipe else { return Ok(false) };
        let mut buffer = [0; 64 * 1024];
        match pipe.read(&mut buffer) {
            Ok(0) => self.pipe = None,
            Ok(length) => {
                let room = self.cap - self.kept.bytes.len();
                self.kept.bytes.extend_from_slice(&buffer[..length.min(room)]);
                self.kept.truncated |= length > room;
            }
            Err(error) if is_transient(&error) => return Ok(false),
            Err(error) => return Err(error),
        }
        Ok(true)
    }
}

/// The conversation with one box: feeds its input, keeps its output, waits for its end.
struct Exchange<'a> {
    slot: &'a Slot,
    /// `None` once it was raised and passed on.
    stop: Option<&'a StopFlag>,
    /// `None` once all is written, or nobody reads it.
    stdin: Option<(File, &'a [u8])>,
    stdout: Stream,
    stderr: Stream,
    deadline: Instant,
}

impl Exchange<'_> {
    fn until_reply(&mut self) -> Result<(Reply, Option<OwnedFd>), SandboxError> {
        let mut killed = false;
        loop {
            let Readiness { reply, stop, stdin, stdout, stderr } = self.wait()?;
            if stdin {
                self.feed();
            }
            if stdout {
                self.stdout.read().at(Step::Launcher, || "read(stdout)".to_owned())?;
            }
            if stderr {
                self.stderr.read().at(Step::Launcher, || "read(stderr)".to_owned())?;
            }
            if (self.stdout.kept.truncated || self.stderr.kept.truncated) && !killed {
                killed = true;
                self.slot.send(&Request::Kill(Hit::Output), &[])?;
            }
            if stop {
                self.stop = None;
                self.slot.send(&Request::Kill(Hit::Stopped), &[])?;
            }
            if reply {
                match self.slot.receive()? {
                    // It was used before it had said so.
                    (Reply::Waits, _) => {}
                    answer => return Ok(answer),
                }
            }
        }
    }

    /// Everybody who could write is dead: takes what is still in the pipes.
    fn drain(&mut self) -> Result<(), SandboxError> {
        for stream in [&mut self.stdout, &mut self.stderr] {
            while !stream.kept.truncated && stream.read().at(Step::Launcher, || "read(output)".to_owned())? {}
        }
        Ok(())
    }

    fn wait(&self) -> Result<Readiness, SandboxError> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(SandboxError::new(Step::Launcher, "poll", "the launcher does not answer"));
        }
        let timeout = Timespec::try_from(left).ok();
        let watched = [
            Some((self.slot.socket.as_fd(), PollFlags::IN)),
            self.stop.map(|stop| (stop.0.as_fd(), PollFlags::IN)),
            self.stdin.as_ref().map(|(pipe, _)| (pipe.as_fd(), PollFlags::OUT)),
            self.stdout.pipe.as_ref().map(|pipe| (pipe.as_fd(), PollFlags::IN)),
            self.stderr.pipe.as_ref().map(|pipe| (pipe.as_fd(), PollFlags::IN)),
        ];
        let mut polled: Vec<_> =
            watched.iter().flatten().map(|(fd, events)| PollFd::from_borrowed_fd(*fd, *events)).collect();
        match rustix::event::poll(&mut polled, timeout.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error).at(Step::Launcher, || "poll".to_owned()),
        }
        let mut results = polled.iter().map(|fd| !fd.revents().is_empty());
        let mut ready = watched.iter().map(|watched| watched.is_some() && results.next().unwrap_or(false));
        let mut next = || ready.next().unwrap_or(false);
        Ok(Readiness { reply: next(), stop: next(), stdin: next(), stdout: next(), stderr: next() })
    }

    /// Writes as much input as the pipe takes. A program need not read its input.
    fn feed(&mut self) {
        let Some((pipe, rest)) = &mut self.stdin else { return };
        match pipe.write(rest) {
            Ok(length) => *rest = &rest[length..],
            Err(error) if is_transient(&error) => {}
            Err(_) => *rest = &[],
        }
        if rest.is_empty() {
            self.stdin = None;
        }
    }
}

struct Readiness {
    reply: bool,
    stop: bool,
    stdin: bool,
    stdout: bool,
    stderr: bool,
}

fn is_transient(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

/// Our end of a pipe must not make us wait; the program's end stays as programs expect it.
fn never_block(pipe: &OwnedFd) -> Result<(), SandboxError> {
    rustix::io::ioctl_fionbio(pipe, true).at(Step::Request, || "ioctl(FIONBIO)".to_owned())
}

/// The reading and the writing end.
fn pipe() -> Result<(OwnedFd, OwnedFd), SandboxError> {
    rustix::pipe::pipe_with(PipeFlags::CLOEXEC).at(Step::Request, || "pipe".to_owned())
}

/// Ends all changes to a file in memory. While the kernel itself holds a page of it (to move it, say) that fails
/// with EBUSY, after waiting for a while (`memfd_wait_for_pins` of its memfd.c).
fn seal(file: &File) -> io::Result<()> {
    const ATTEMPTS: u32 = 20;
    let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
    for _ in 1..ATTEMPTS {
        match rustix::fs::fcntl_add_seals(file, seals) {
            Err(rustix::io::Errno::BUSY) => rustix::thread::sched_yield(),
            other => return other.map_err(Into::into),
        }
    }
    rustix::fs::fcntl_add_seals(file, seals).map_err(Into::into)
}

/// A file in memory that nobody can change any more.
fn memory_file(name: &str, content: &[u8]) -> Result<OwnedFd, SandboxError> {
    let make = || -> io::Result<OwnedFd> {
        let fd = rustix::fs::memfd_create(name, MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
        let mut file = File::from(fd);
        file.write_all(content)?;
        io::Seek::rewind(&mut file)?;
        seal(&file)?;
        Ok(file.into())
    };
    make().at(Step::Request, || format!("memfd_create({name})"))
}
