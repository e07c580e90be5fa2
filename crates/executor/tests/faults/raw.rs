//! A client of the launcher that keeps to no rule: it holds the sockets themselves, and sends what it likes.
//!
//! The frames are declared here once more, so that a change of what travels is seen.

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use runner::protocol::{MAX_FRAME, decode, encode};
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, SocketFlags, SocketType,
};
use sandbox::{Exit, FileKind, Hit, LauncherConfig, Limits, SandboxError, Usage};
use serde::{Deserialize, Serialize};

use crate::left::Owner;

/// How long the launcher may take to answer or to close: longer than the limits of any box here and setting one up.
const PATIENCE: Duration = Duration::from_secs(20);

/// The most descriptors one packet carries here.
const MOST_FDS: usize = 100;

/// From the client.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Request {
    /// Make a box.
    Spawn(Spawn),
    /// Kill it.
    Kill(Hit),
    /// Make a box, and let it wait.
    Prepare(Prepare),
    /// Use it.
    Use(Use),
}

/// A box ahead of its use.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Prepare {
    /// By index.
    pub template: usize,
    /// At most the template's.
    pub limits: Limits,
}

/// What a box that waits is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Use {
    /// At most the box's.
    pub cpu_time: Duration,
    /// At most the box's.
    pub wall_time: Duration,
    /// Further words for the command line.
    pub args: Vec<String>,
    /// By name.
    pub files: Vec<(String, FileKind)>,
}

/// What a client may choose.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Spawn {
    /// By index.
    pub template: usize,
    /// At most the template's.
    pub limits: Limits,
    /// Further words for the command line.
    pub args: Vec<String>,
    /// By name.
    pub files: Vec<(String, FileKind)>,
}

/// From the launcher.
#[derive(Debug, Clone, Deserialize)]
pub enum Reply {
    /// The program ran.
    Ended {
        /// How it ended.
        exit: Exit,
        /// The first limit that was hit.
        hit: Option<Hit>,
        /// What it used.
        usage: Usage,
        /// Was it there before its files?
        warm: bool,
    },
    /// It did not.
    Failed(SandboxError),
    /// What was prepared waits.
    Waits,
    /// What was prepared is gone.
    Unused(SandboxError),
}

/// A launcher of our own, and its slots.
pub struct RawLauncher {
    process: Child,
    /// What it has on the host.
    pub owner: Owner,
    /// One socket each.
    pub slots: Vec<OwnedFd>,
    _control: OwnedFd,
}

/// What was heard on a socket.
#[derive(Debug)]
pub enum Heard {
    /// A reply.
    Reply(Reply),
    /// The other side has closed it.
    Closed,
}

impl RawLauncher {
    /// This program again, as the launcher.
    pub fn start(config: &LauncherConfig) -> Result<Self, String> {
        let text = |error: io::Error| error.to_string();
        let flags = SocketFlags::CLOEXEC;
        let pair = rustix::net::socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, flags, None);
        let (control, theirs) = pair.map_err(|error| error.to_string())?;
        // A shell puts the socket where the launcher looks for it.
        let program = std::env::current_exe().map_err(text)?;
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "exec \"$0\" launcher 3<&0 0</dev/null"]).arg(program).env_clear();
        let process = command.stdin(Stdio::from(theirs)).spawn().map_err(text)?;
        drop(command);
        let bytes = serde_json::to_vec(config).map_err(|error| error.to_string())?;
        let content = crate::odd::memory_file(&bytes)?;
        let start = encode(&u64::try_from(bytes.len()).unwrap_or(u64::MAX)).map_err(text)?;
        send(&control, &start, &[content.as_fd()]).map_err(text)?;
        let (ready, slots) = receive(&control)?;
        decode::<Result<(), SandboxError>>(&ready).map_err(text)?.map_err(|error| error.to_string())?;
        let owner = Owner::of(process.id())?;
        Ok(Self { process, owner, slots, _control: control })
    }

    /// Closes the slots, after which the launcher has to end well and leave nothing.
    pub fn end(mut self) -> Result<(), String> {
        self.slots.clear();
        let status = self.process.wait().map_err(|error| error.to_string())?;
        if !status.success() {
            return Err(format!("the launcher ended with {status}"));
        }
        self.owner.must_be_gone()
    }
}

/// One packet.
pub fn send(socket: &OwnedFd, bytes: &[u8], fds: &[BorrowedFd<'_>]) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_FDS))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !fds.is_empty() && !control.push(SendAncillaryMessage::ScmRights(fds)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    rustix::net::sendmsg(socket, &[IoSlice::new(bytes)], &mut control, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// What the launcher says next.
pub fn hear(slot: &OwnedFd) -> Result<Heard, String> {
    let (bytes, _) = receive(slot)?;
    if bytes.is_empty() {
        return Ok(Heard::Closed);
    }
    decode(&bytes).map(Heard::Reply).map_err(|error| format!("a reply that is none: {error}"))
}

fn receive(socket: &OwnedFd) -> Result<(Vec<u8>, Vec<OwnedFd>), String> {
    let mut polled = [PollFd::new(socket, PollFlags::IN)];
    let timeout = Timespec::try_from(PATIENCE).map_err(|error| error.to_string())?;
    let ready = rustix::io::retry_on_intr(|| rustix::event::poll(&mut polled, Some(&timeout)));
    if ready.map_err(|error| error.to_string())? == 0 {
        return Err("the launcher says nothing".to_owned());
    }
    let mut buffer = vec![0; MAX_FRAME];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_FDS))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut into = [io::IoSliceMut::new(&mut buffer)];
    let length = match rustix::net::recvmsg(socket, &mut into, &mut control, RecvFlags::CMSG_CLOEXEC) {
        Ok(received) => received.bytes,
        // It closed without having read all that we sent.
        Err(rustix::io::Errno::CONNRESET) => 0,
        Err(error) => return Err(error.to_string()),
    };
    let rights = control.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(fds) => Some(fds),
        _ => None,
    });
    let fds = rights.flatten().collect();
    buffer.truncate(length);
    Ok((buffer, fds))
}

/// What a launcher is told that knows three kinds of boxes: one that echoes a line, one that leaves an answer, and one
/// whose program can wait, at the gate, for the line.
pub fn config(slots: u16, ceiling: &Limits) -> Result<LauncherConfig, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let folder = program.parent().and_then(std::path::Path::parent).ok_or("lies in target/…/deps")?;
    let usr =
        sandbox::Bind { source: PathBuf::from("/usr"), target: "/usr".to_owned(), is_folder: true, writable: false };
    let links = ["bin", "lib", "lib64"].map(|name| (format!("/{name}"), format!("/usr/{name}")));
    let root = sandbox::Root { binds: vec![usr], links: links.to_vec(), ..sandbox::Root::default() };
    let argv = |script: &str| ["/usr/bin/sh", "-c", script, "sh"].map(str::to_owned).to_vec();
    let template = |script: &str, product: Option<&str>| sandbox::Template {
        name: "test".to_owned(),
        root: root.clone(),
        argv: argv(script),
        env: Vec::new(),
        product: product.map(str::to_owned),
        fake_locks: false,
        ceiling: ceiling.clone(),
        warm: None,
    };
    let echo = "read -r line; echo \"$line\"";
    let warm = sandbox::Warm {
        kind: sandbox::WarmKind::Process,
        argv: argv(&format!("read -r byte </code/gate; {echo}")),
        files: Vec::new(),
    };
    let templates = vec![
        template(echo, None),
        template("echo answer >/answer", Some("/answer")),
        sandbox::Template { warm: Some(warm), ..template(echo, None) },
    ];
    let ground = sandbox::Ground::take().map_err(|error| error.to_string())?;
    Ok(LauncherConfig {
        templates,
        slots,
        runner: folder.join("code-runner-runner"),
        zygote: None,
        strict: false,
        folder: ground.folder().to_owned(),
        holes: sandbox::Holes::default(),
    })
}
