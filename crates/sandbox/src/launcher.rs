//! The launcher: the one process with power, and its loop.
//!
//! It is started before the server reads a request, has one thread and no network, and holds nothing worth
//! stealing: no key, no code, no input (those pass by as descriptors it does not read). It answers
//! on one socket per slot. When a client's socket closes, the boxes of that client die; when all
//! are closed, the launcher removes what is its own and ends.

use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::process::ExitCode;
use std::time::Instant;

use runner::holes::Hole;
use runner::protocol::{FileKind, Go, Start as ProgramStart};
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::process::{Resource, Rlimit};
use serde::{Deserialize, Serialize};

use crate::boxed::{LiveBox, Order, Workshop, enter_network};
use crate::cgroup::{Hierarchy, Kept};
use crate::child::bound_descendants;
use crate::error::{At, SandboxError, Step};
use crate::instance::{Instance, SLOTS};
use crate::spec::{Hit, LauncherConfig, Limits, Template, WarmKind};
use crate::tree::{Extent, Tree};
use crate::wire::{self, Prepare, Reply, Request, Spawn, Use};
use crate::zygote::{Found, Zygotes};
use crate::{seccomp, sys};

/// The most that all data files of one box may have, in bytes: what its scratch space grows by. A request's body, which
/// they came in, is smaller by the settings there are.
const MOST_DATA_BYTES: u64 = 1 << 30;

/// The most descriptors this process may have open: over twice as many as the most slots need.
const MOST_DESCRIPTORS: u64 = 4096;

/// The first frame on the control socket, answered by [`Ready`].
#[derive(Debug, Serialize, Deserialize)]
pub struct Start {
    /// The configuration, in a memfd that travels beside this frame: it may be larger than a frame.
    pub config_bytes: u64,
}

/// The answer: one socket per slot travels beside it.
pub type Ready = Result<(), SandboxError>;

/// The launcher's `main`. The control socket is descriptor [`crate::LAUNCHER_FD`].
pub fn launcher_main() -> ExitCode {
    let control = sys::launcher_socket();
    match serve(&control) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody may be listening any more; the exit status still says it.
            let _ = wire::send(&control, &Ready::Err(error), &[]);
            ExitCode::FAILURE
        }
    }
}

fn serve(control: &OwnedFd) -> Result<(), SandboxError> {
    let step = Step::Launcher;
    sys::not_dumpable().at(step, || "prctl(PR_SET_DUMPABLE)".to_owned())?;
    // What is made for boxes is read by other users, whatever the one who started this wants of new files.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o022));
    allow_descriptors()?;
    let config = receive_config(control)?;
    let hierarchy = Hierarchy::discover()?;
    let open = |path: &std::path::Path| File::open(path).at(step, || format!("open({})", path.display()));
    let runner = open(&config.runner)?;
    let zygote = config.zygote.as_deref().filter(|_| !config.strict).map(open).transpose()?.map(OwnedFd::from);
    let seccomp = seccomp::filters()?;
    // From here on nothing is looked up on a network, so none is needed.
    if !config.holes.has(Hole::Network) {
        sys::unshare(libc::CLONE_NEWNET).at(step, || "unshare(CLONE_NEWNET)".to_owned())?;
    }
    let home = own_network()?;
    bound_descendants(&config.holes)?;
    let instance = Instance::take(&hierarchy, &config.folder)?;
    let landlock = crate::layers::has_landlock();
    let processors = std::thread::available_parallelism().ok().and_then(|count| u32::try_from(count.get()).ok());
    let processors = processors.unwrap_or(1);
    let (folder, holes) = (config.folder.clone(), config.holes.clone());
    let workshop = Workshop {
        hierarchy,
        instance,
        runner: runner.into(),
        home,
        zygote,
        seccomp,
        landlock,
        processors,
        is_initial: crate::ground::is_initial(step)?,
        folder,
        holes,
    };
    let (slots, clients) = make_slots(config.slots)?;
    wire::send(control, &Ready::Ok(()), &clients.iter().map(AsFd::as_fd).collect::<Vec<_>>())
        .at(step, || "send(Ready)".to_owned())?;
    drop(clients);
    let trees = config.templates.iter().map(|_| None).collect();
    let mut launcher = Launcher { config, workshop, slots, trees, zygotes: Zygotes::default(), serial: 0 };
    launcher.run()?;
    launcher.zygotes.clear();
    launcher.workshop.hierarchy.remove_instance(launcher.workshop.instance.name())
}

/// Lifts the limit that a shell gives, which is low for the sake of select(2), as far as this process may.
fn allow_descriptors() -> Result<(), SandboxError> {
    let Rlimit { maximum, .. } = rustix::process::getrlimit(Resource::Nofile);
    let current = Some(maximum.unwrap_or(MOST_DESCRIPTORS).min(MOST_DESCRIPTORS));
    rustix::process::setrlimit(Resource::Nofile, Rlimit { current, maximum })
        .at(Step::Launcher, || "setrlimit(Nofile)".to_owned())
}

fn receive_config(control: &OwnedFd) -> Result<LauncherConfig, SandboxError> {
    let step = Step::Launcher;
    let (start, mut fds): (Start, _) = wire::receive(control)
        .at(step, || "receive(Start)".to_owned())?
        .ok_or_else(|| SandboxError::new(step, "receive(Start)", "the client is gone"))?;
    let content = fds.pop().ok_or_else(|| SandboxError::new(step, "receive(Start)", "no configuration"))?;
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::io::Read::take(File::from(content), start.config_bytes), &mut bytes)
        .at(step, || "read(configuration)".to_owned())?;
    serde_json::from_slice(&bytes).map_err(|error| SandboxError::new(step, "configuration", error))
}

fn make_slots(count: u16) -> Result<(Vec<Slot>, Vec<OwnedFd>), SandboxError> {
    if count == 0 || usize::from(count) > wire::MAX_FDS || count > SLOTS {
        return Err(SandboxError::new(
            Step::Launcher,
            "slots",
            format!("{count} is not between 1 and {}", wire::MAX_FDS),
        ));
    }
    let pairs = (0..count).map(|_| crate::boxed::socket_pair()).collect::<Result<Vec<_>, _>>()?;
    Ok(pairs
        .into_iter()
        .map(|(ours, theirs)| {
            (
                Slot {
                    socket: Some(ours),
                    live: None,
                    announced: false,
                    zygote: None,
                    network: None,
                    kept: None,
                    delayed: None,
                },
                theirs,
            )
        })
        .unzip())
}

struct Slot {
    /// `None` once the client has closed its end.
    socket: Option<OwnedFd>,
    live: Option<LiveBox>,
    /// Has the client been told that the box waits?
    announced: bool,
    /// The template that forks into the box.
    zygote: Option<u64>,
    /// The empty network of this slot's boxes, once there was one.
    network: Option<OwnedFd>,
    /// What the last box has left of its cgroup.
    kept: Option<Kept>,
    /// A box that is not made before its template is warm, and its pipes.
    delayed: Option<(Prepare, Vec<OwnedFd>)>,
}

impl Slot {
    /// What to wait for.
    fn watched(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        self.socket.iter().map(AsFd::as_fd).chain(self.live.iter().flat_map(LiveBox::watched))
    }

    /// When to look at its box, if nothing happens before.
    fn next_look(&self) -> Option<Instant> {
        self.live.as_ref().and_then(LiveBox::next_look)
    }
}

/// What there is to look at.
struct Woken {
    slots: Vec<usize>,
    zygotes: bool,
}

struct Launcher {
    config: LauncherConfig,
    workshop: Workshop,
    slots: Vec<Slot>,
    /// What boxes of one kind share, by template, once the first was made.
    trees: Vec<Option<Tree>>,
    zygotes: Zygotes,
    /// Numbers the boxes, so that no two cgroups ever had the same name.
    serial: u64,
}

impl Launcher {
    /// Serves until every slot's client is gone and every box is dead.
    fn run(&mut self) -> Result<(), SandboxError> {
        while self.slots.iter().any(|slot| slot.socket.is_some() || slot.live.is_some()) {
            let Woken { slots, zygotes } = self.wait()?;
            if zygotes {
                self.hear_zygotes();
                (0..self.slots.len()).for_each(|index| self.make_delayed(index));
            }
            for index in slots {
                self.hear(index);
                self.advance(index)?;
            }
        }
        Ok(())
    }

    /// Sleeps until a client speaks, a box changes, or a clock must be looked at. Only those are then looked at: most boxes
    /// wait, and to ask each of them would cost more than all that is to be done.
    fn wait(&self) -> Result<Woken, SandboxError> {
        let next = self.slots.iter().filter_map(Slot::next_look).chain(self.zygotes.next_look()).min();
        let timeout = next.map(|next| next.saturating_duration_since(Instant::now()));
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        let of_slots =
            self.slots.iter().enumerate().flat_map(|(index, slot)| slot.watched().map(move |fd| (index, fd)));
        let (indices, fds): (Vec<usize>, Vec<BorrowedFd<'_>>) = of_slots.unzip();
        let fds = fds.into_iter().chain(self.zygotes.watched());
        let mut watched: Vec<PollFd<'_>> = fds.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)).collect();
        match rustix::event::poll(&mut watched, timeout.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error).at(Step::Launcher, || "poll".to_owned()),
        }
        let now = Instant::now();
        let (of_slots, of_zygotes) = watched.split_at(indices.len());
        let happened = |fd: &PollFd<'_>| !fd.revents().is_empty();
        let ready = indices.into_iter().zip(of_slots).filter(|(_, fd)| happened(fd)).map(|(index, _)| index);
        let due = |slot: &Slot| slot.next_look().is_some_and(|look| look <= now);
        let due = self.slots.iter().enumerate().filter(|(_, slot)| due(slot)).map(|(index, _)| index);
        let mut slots: Vec<usize> = ready.chain(due).collect();
        slots.sort_unstable();
        slots.dedup();
        let zygotes = of_zygotes.iter().any(happened) || self.zygotes.next_look().is_some_and(|look| look <= now);
        Ok(Woken { slots, zygotes })
    }

    /// Takes a request of this slot's client, if there is one.
    fn hear(&mut self, index: usize) {
        let Some(socket) = &self.slots[index].socket else { return };
        if !crate::boxed::is_readable(socket) {
            return;
        }
        match wire::receive(socket) {
            Ok(Some((Request::Kill(reason), _))) => {
                if let Some(live) = &mut self.slots[index].live {
                    live.kill(reason);
                } else if self.slots[index].delayed.take().is_some() {
                    let gone = SandboxError::new(Step::Request, "box", "is not wanted any more");
                    self.reply(index, &Reply::Unused(gone), None);
                }
            }
            Ok(Some((Request::Spawn(spawn), fds))) => self.made(index, |launcher| launcher.spawn(index, spawn, fds)),
            Ok(Some((Request::Prepare(prepare), fds))) => {
                if self.is_starting(&prepare) && self.slots[index].live.is_none() {
                    self.slots[index].delayed = Some((prepare, fds));
                } else {
                    self.made(index, |launcher| launcher.prepare(index, &prepare, fds));
                }
            }
            Ok(Some((Request::Use(wanted), fds))) => self.use_box(index, &wanted, &fds),
            // Gone, or not one of ours.
            Ok(None) | Err(_) => self.close(index),
        }
    }

    /// Will there be a template for such a box in a moment?
    fn is_starting(&mut self, prepare: &Prepare) -> bool {
        let kind = prepare.template;
        let Some(template) = self.config.templates.get(kind) else { return false };
        let forks = template.warm.as_ref().is_some_and(|warm| warm.kind == WarmKind::Fork) && !self.config.strict;
        if !forks {
            return false;
        }
        self.zygotes.for_kind(&self.workshop, kind, template) == Found::Starting
    }

    /// Makes a box whose template is warm by now, or will not be.
    fn make_delayed(&mut self, index: usize) {
        let Some((prepare, fds)) = self.slots[index].delayed.take() else { return };
        if self.is_starting(&prepare) {
            self.slots[index].delayed = Some((prepare, fds));
        } else {
            self.made(index, |launcher| launcher.prepare(index, &prepare, fds));
        }
    }

    /// Keeps the box that was made, or says why none was.
    fn made(&mut self, index: usize, make: impl FnOnce(&mut Self) -> Result<LiveBox, SandboxError>) {
        match make(self) {
            Ok(live) => {
                self.slots[index].live = Some(live);
                self.slots[index].announced = false;
            }
            Err(error) => self.reply(index, &Reply::Failed(error), None),
        }
    }

    /// Has boxes learn that no template has forked into them.
    fn hear_zygotes(&mut self) {
        for (serial, error) in self.zygotes.advance() {
            let boxes = self.slots.iter_mut().filter_map(|slot| slot.live.as_mut());
            // A program that has come to the gate needs its template no more.
            if let Some(live) = boxes.into_iter().find(|live| live.serial() == serial && !live.is_ready()) {
                live.fail(error);
            }
        }
    }

    fn advance(&mut self, index: usize) -> Result<(), SandboxError> {
        let Some(live) = &mut self.slots[index].live else { return Ok(()) };
        let dead = live.advance()?;
        if !dead {
            if let Some((fork, stdio)) = live.take_fork()
                && let Err(error) = self.fork(index, &fork, &stdio)
                && let Some(live) = &mut self.slots[index].live
            {
                live.fail(error);
            }
            let slot = &mut self.slots[index];
            if slot.live.as_ref().is_some_and(LiveBox::waits) && !std::mem::replace(&mut slot.announced, true) {
                self.reply(index, &Reply::Waits, None);
            }
            return Ok(());
        }
        if let Some(mut dead) = self.slots[index].live.take() {
            let (reply, answer) = dead.conclude();
            self.reply(index, &reply, answer.as_ref());
            match dead.remove() {
                Ok(kept) => self.slots[index].kept = kept,
                // What is left is removed with the instance. Until then nothing more is made here.
                Err(_) => self.close(index),
            }
        }
        Ok(())
    }

    fn fork(&mut self, index: usize, fork: &runner::protocol::Fork, stdio: &[OwnedFd; 3]) -> Result<(), SandboxError> {
        let slot = &self.slots[index];
        let (Some(live), Some(zygote)) = (&slot.live, slot.zygote) else { return Ok(()) };
        self.zygotes.fork(zygote, fork, live.init(), stdio, live.entrances())
    }

    fn reply(&mut self, index: usize, reply: &Reply, answer: Option<&OwnedFd>) {
        let fds: Vec<_> = answer.iter().map(|fd| fd.as_fd()).collect();
        if let Some(socket) = &self.slots[index].socket
            && wire::send(socket, reply, &fds).is_err()
        {
            self.close(index);
        }
    }

    /// This client gets nothing more, and its box ends.
    fn close(&mut self, index: usize) {
        let slot = &mut self.slots[index];
        slot.socket = None;
        slot.delayed = None;
        if let Some(live) = &mut slot.live {
            live.kill(Hit::Stopped);
        }
    }

    /// Makes a box for its use at once.
    fn spawn(&mut self, index: usize, spawn: Spawn, mut fds: Vec<OwnedFd>) -> Result<LiveBox, SandboxError> {
        let Spawn { template, limits, args, files } = spawn;
        if fds.len() != files.len() + 3 {
            return Err(refuse("descriptors", format!("{} for {} files", fds.len(), files.len())));
        }
        check_names(&files)?;
        let contents = fds.split_off(3);
        let data_bytes = data_bytes(&files, &contents)?;
        // A template knows no words of a request. To warm up for one use alone would take longer than a cold start.
        let may_fork = args.is_empty();
        let mut live = self.make(index, template, limits, fds, data_bytes, |kind| match kind {
            Some(WarmKind::Fork) if may_fork => ProgramStart::Forked,
            _ => ProgramStart::OnGo,
        })?;
        let sent = live.go(&Go { args, files }, &contents);
        // Its child is on its way and may be beyond hearing; it is killed and reported like any other.
        if let Err(error) = sent {
            live.fail(error);
        }
        Ok(live)
    }

    /// Makes a box that waits for its use.
    fn prepare(&mut self, index: usize, prepare: &Prepare, fds: Vec<OwnedFd>) -> Result<LiveBox, SandboxError> {
        let Prepare { template, limits } = prepare;
        self.make(index, *template, limits.clone(), fds, 0, |kind| match kind {
            Some(WarmKind::Fork) => ProgramStart::Forked,
            Some(WarmKind::Process) => ProgramStart::Ahead,
            None => ProgramStart::OnGo,
        })
    }

    /// Checks the request against what this launcher was made for, then makes the box.
    fn make(
        &mut self,
        index: usize,
        kind: usize,
        limits: Limits,
        stdio: Vec<OwnedFd>,
        data_bytes: u64,
        start: impl FnOnce(Option<WarmKind>) -> ProgramStart,
    ) -> Result<LiveBox, SandboxError> {
        if self.slots[index].live.is_some() {
            return Err(refuse("slot", "has a box already".to_owned()));
        }
        let template = self.config.templates.get(kind);
        let template = template.ok_or_else(|| refuse("template", format!("there is no template {kind}")))?;
        check_limits(&limits, &template.ceiling)?;
        let stdio = stdio.try_into().map_err(|_| refuse("descriptors", "not three".to_owned()))?;
        let tree = tree(&mut self.trees[kind], &self.workshop, template)?;
        // Without a pid namespace of its own, which only a test can want, a box can not be forked into.
        let holes = &self.workshop.holes;
        let strict = self.config.strict || holes.has(Hole::PidNamespace) || holes.has(Hole::Teardown);
        let warm = template.warm.as_ref().map(|warm| warm.kind).filter(|_| !strict);
        let mut start = start(warm);
        self.slots[index].zygote = None;
        if start == ProgramStart::Forked {
            match self.zygotes.for_kind(&self.workshop, kind, template) {
                Found::Warm(zygote) => self.slots[index].zygote = Some(zygote),
                Found::Starting | Found::Nothing => start = ProgramStart::OnGo,
            }
        }
        if !self.config.strict && !self.workshop.holes.has(Hole::Network) && self.slots[index].network.is_none() {
            self.slots[index].network = Some(new_network(&self.workshop)?);
        }
        let kept = self.slots[index].kept.take();
        let network = self.slots[index].network.as_ref().map(AsFd::as_fd);
        self.serial += 1;
        let slot = u16::try_from(index).unwrap_or(u16::MAX);
        let (tree, serial) = (tree.namespace(), self.serial);
        LiveBox::create(
            &self.workshop,
            Order {
                template,
                tree,
                network,
                stdio,
                limits,
                data_bytes,
                start,
                slot,
                serial,
                kept,
                keeps: !self.config.strict,
            },
        )
    }

    /// Lets a box that waits have its files, or kills it.
    fn use_box(&mut self, index: usize, wanted: &Use, contents: &[OwnedFd]) {
        let Use { cpu_time, wall_time, go } = wanted;
        // It is wanted before there is a template to fork into it.
        if let Some((prepare, fds)) = self.slots[index].delayed.take() {
            self.made(index, |launcher| launcher.prepare(index, &prepare, fds));
        }
        let Some(live) = self.slots[index].live.as_mut().filter(|live| !live.is_used()) else {
            // It may have died a moment ago, which has been told then. Anything else is a mistake of the client's.
            return;
        };
        let is_ahead = live.is_ahead();
        let checked = || {
            if contents.len() != go.files.len() {
                return Err(refuse("descriptors", format!("{} for {} files", contents.len(), go.files.len())));
            }
            if !go.args.is_empty() && is_ahead {
                return Err(refuse("args", "the program has been started already".to_owned()));
            }
            if go.files.iter().any(|(_, kind)| *kind == FileKind::Data) {
                return Err(refuse("files", "the scratch space has no room for data".to_owned()));
            }
            check_names(&go.files)
        };
        let done = checked().and_then(|()| live.narrow(*cpu_time, *wall_time)).and_then(|()| live.go(go, contents));
        if let Err(error) = done {
            live.fail(error);
        }
    }
}

fn refuse(detail: &str, cause: String) -> SandboxError {
    SandboxError::new(Step::Request, detail, cause)
}

/// The network this process is in.
fn own_network() -> Result<OwnedFd, SandboxError> {
    let path = "/proc/self/ns/net";
    File::open(path).map(OwnedFd::from).at(Step::Launcher, || format!("open({path})"))
}

/// An empty network. The boxes of a slot are in it one after the other: nobody may change it, sockets of a box end with it, and
/// the kernel takes longer to make one than to make all the rest of a box.
fn new_network(workshop: &Workshop) -> Result<OwnedFd, SandboxError> {
    sys::unshare(libc::CLONE_NEWNET).at(Step::Setup, || "unshare(CLONE_NEWNET)".to_owned())?;
    let network = own_network();
    enter_network(workshop.home.as_fd())?;
    network
}

/// The tree of this kind, made anew when the host has changed what it shows.
fn tree<'a>(known: &'a mut Option<Tree>, workshop: &Workshop, template: &Template) -> Result<&'a Tree, SandboxError> {
    let current = known.take().filter(Tree::is_current);
    let tree = current.map_or_else(|| Tree::build(template, Extent::OfBox, &workshop.folder, &workshop.holes), Ok)?;
    Ok(known.insert(tree))
}

fn check_names(files: &[(String, FileKind)]) -> Result<(), SandboxError> {
    match files.iter().find(|(name, _)| !is_plain_name(name)) {
        Some((name, _)) => Err(refuse("file name", name.escape_debug().to_string())),
        None => Ok(()),
    }
}

/// A sum that can not be too small: the scratch space grows by it.
fn data_bytes(files: &[(String, FileKind)], contents: &[OwnedFd]) -> Result<u64, SandboxError> {
    let mut data = files.iter().zip(contents).filter(|((_, kind), _)| *kind == FileKind::Data);
    let sum = data.try_fold(0, |sum: u64, ((name, _), content)| {
        let stat = rustix::fs::fstat(content).at(Step::Request, || format!("fstat({name})"))?;
        Ok(sum.saturating_add(u64::try_from(stat.st_size).unwrap_or(0)))
    })?;
    if sum <= MOST_DATA_BYTES { Ok(sum) } else { Err(refuse("files", format!("{sum} bytes of data are too many"))) }
}

/// No path, no option, nothing hidden: what a file in `/code` may be called.
fn is_plain_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    (1..=64).contains(&name.len()) && name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(allowed)
}

fn check_limits(limits: &Limits, ceiling: &Limits) -> Result<(), SandboxError> {
    let Limits { cpu_time, wall_time, memory_kib, processes, output_bytes, file_bytes, open_files } = limits;
    let within = [
        ("cpu_time", !cpu_time.is_zero() && *cpu_time <= ceiling.cpu_time),
        ("wall_time", !wall_time.is_zero() && *wall_time <= ceiling.wall_time),
        ("memory_kib", (1..=ceiling.memory_kib).contains(memory_kib)),
        ("processes", (1..=ceiling.processes).contains(processes)),
        ("output_bytes", (1..=ceiling.output_bytes).contains(output_bytes)),
        // Zero means "no limit" to tmpfs.
        ("file_bytes", (1..=ceiling.file_bytes).contains(file_bytes)),
        ("open_files", (1..=ceiling.open_files).contains(open_files)),
    ];
    match within.iter().find(|(_, within)| !within) {
        Some((name, _)) => Err(SandboxError::new(Step::Request, *name, "is not within the ceiling")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_leave_the_folder_or_look_like_options_are_refused() {
        for name in ["", ".", "..", "a/b", "/a", "-o", ".hidden", "a\0b", "a\nb", "é"] {
            assert!(!is_plain_name(name), "{name:?}");
        }
        assert!(is_plain_name("solution.py"));
    }
}
