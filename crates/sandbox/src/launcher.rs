//! The launcher: the one process with power, and its loop.
//!
//! It is started before the server reads a request, has one thread and no network, and holds nothing worth
//! stealing: no key, no code, no input (those pass by as descriptors it does not read). It answers
//! on one socket per slot. When a client's socket closes, the boxes of that client die; when all
//! are closed, the launcher removes what is its own and ends.

use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::process::ExitCode;
use std::time::Instant;

use runner::holes::Hole;
use rustix::event::{PollFd, PollFlags, Timespec};
use serde::{Deserialize, Serialize};

use crate::boxed::{LiveBox, Order, Workshop};
use crate::cgroup::Hierarchy;
use crate::error::{At, SandboxError, Step};
use crate::instance::{Instance, SLOTS};
use crate::spec::{FileForBox, Hit, LauncherConfig, Limits};
use crate::wire::{self, Reply, Request, Spawn};
use crate::{seccomp, sys};

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
    let config = receive_config(control)?;
    let hierarchy = Hierarchy::discover()?;
    let runner = File::open(&config.runner).at(step, || format!("open({})", config.runner.display()))?;
    let seccomp = seccomp::filters()?;
    // From here on nothing is looked up on a network, so none is needed.
    if !config.holes.has(Hole::Network) {
        sys::unshare(libc::CLONE_NEWNET).at(step, || "unshare(CLONE_NEWNET)".to_owned())?;
    }
    let instance = Instance::take(&hierarchy, &config.folder)?;
    let landlock = crate::layers::has_landlock();
    let processors = std::thread::available_parallelism().ok().and_then(|count| u32::try_from(count.get()).ok());
    let processors = processors.unwrap_or(1);
    let (folder, holes) = (config.folder.clone(), config.holes.clone());
    let workshop =
        Workshop { hierarchy, instance, runner: runner.into(), seccomp, landlock, processors, folder, holes };
    let (slots, clients) = make_slots(config.slots)?;
    wire::send(control, &Ready::Ok(()), &clients.iter().map(AsFd::as_fd).collect::<Vec<_>>())
        .at(step, || "send(Ready)".to_owned())?;
    drop(clients);
    let mut launcher = Launcher { config, workshop, slots, serial: 0 };
    launcher.run()?;
    launcher.workshop.hierarchy.remove_instance(launcher.workshop.instance.name())
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
    Ok(pairs.into_iter().map(|(ours, theirs)| (Slot { socket: Some(ours), live: None }, theirs)).unzip())
}

struct Slot {
    /// `None` once the client has closed its end.
    socket: Option<OwnedFd>,
    live: Option<LiveBox>,
}

struct Launcher {
    config: LauncherConfig,
    workshop: Workshop,
    slots: Vec<Slot>,
    /// Numbers the boxes, so that no two cgroups ever had the same name.
    serial: u64,
}

impl Launcher {
    /// Serves until every slot's client is gone and every box is dead.
    fn run(&mut self) -> Result<(), SandboxError> {
        while self.slots.iter().any(|slot| slot.socket.is_some() || slot.live.is_some()) {
            self.wait()?;
            for index in 0..self.slots.len() {
                self.hear(index);
                self.advance(index)?;
            }
        }
        Ok(())
    }

    /// Sleeps until a client speaks, a box changes, or a clock must be looked at.
    fn wait(&self) -> Result<(), SandboxError> {
        let next = self.slots.iter().filter_map(|slot| slot.live.as_ref()).map(LiveBox::next_look).min();
        let timeout = next.map(|next| next.saturating_duration_since(Instant::now()));
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        let sockets = self.slots.iter().filter_map(|slot| slot.socket.as_ref()).map(AsFd::as_fd);
        let boxes = self.slots.iter().filter_map(|slot| slot.live.as_ref()).flat_map(LiveBox::watched);
        let mut watched: Vec<PollFd<'_>> =
            sockets.chain(boxes).map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)).collect();
        match rustix::event::poll(&mut watched, timeout.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error).at(Step::Launcher, || "poll".to_owned()),
        }
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
                }
            }
            Ok(Some((Request::Spawn(spawn), fds))) => match self.spawn(index, &spawn, fds) {
                Ok(live) => self.slots[index].live = Some(live),
                Err(error) => self.reply(index, &Reply::Failed(error), None),
            },
            // Gone, or not one of ours: either way this client gets nothing more.
            Ok(None) | Err(_) => {
                self.slots[index].socket = None;
                if let Some(live) = &mut self.slots[index].live {
                    live.kill(Hit::Stopped);
                }
            }
        }
    }

    fn advance(&mut self, index: usize) -> Result<(), SandboxError> {
        let Some(live) = &mut self.slots[index].live else { return Ok(()) };
        if !live.advance()? {
            return Ok(());
        }
        if let Some(dead) = self.slots[index].live.take() {
            let (reply, answer) = dead.conclude();
            self.reply(index, &reply, answer.as_ref());
        }
        Ok(())
    }

    fn reply(&mut self, index: usize, reply: &Reply, answer: Option<&OwnedFd>) {
        let slot = &mut self.slots[index];
        let fds: Vec<_> = answer.iter().map(|fd| fd.as_fd()).collect();
        if let Some(socket) = &slot.socket
            && wire::send(socket, reply, &fds).is_err()
        {
            slot.socket = None;
        }
    }

    /// Checks the request against what this launcher was made for, then makes the box.
    fn spawn(&mut self, index: usize, spawn: &Spawn, mut fds: Vec<OwnedFd>) -> Result<LiveBox, SandboxError> {
        let refuse = |detail: &str, cause: String| SandboxError::new(Step::Request, detail, cause);
        let Spawn { template, limits, args, files } = spawn;
        if self.slots[index].live.is_some() {
            return Err(refuse("slot", "has a box already".to_owned()));
        }
        let template = self
            .config
            .templates
            .get(*template)
            .ok_or_else(|| refuse("template", format!("there is no template {template}")))?;
        check_limits(limits, &template.ceiling)?;
        if fds.len() != files.len() + 3 {
            return Err(refuse("descriptors", format!("{} for {} files", fds.len(), files.len())));
        }
        if let Some((name, _)) = files.iter().find(|(name, _)| !is_plain_name(name)) {
            return Err(refuse("file name", name.escape_debug().to_string()));
        }
        let contents = fds.split_off(3);
        let files = files.iter().zip(contents);
        let files = files.map(|((name, kind), content)| FileForBox { name: name.clone(), kind: *kind, content });
        let files = files.collect();
        let stdio = fds.try_into().map_err(|_| refuse("descriptors", "not three".to_owned()))?;
        self.serial += 1;
        let order = Order { stdio, args: args.clone(), files, limits: limits.clone() };
        LiveBox::create(&self.workshop, template, order, u16::try_from(index).unwrap_or(u16::MAX), self.serial)
    }
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
