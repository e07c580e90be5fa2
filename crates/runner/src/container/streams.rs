//! The three pipes of a program: fed and emptied without ever waiting, and kept up to a cap.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::event::{PollFd, PollFlags};
use rustix::fs::OFlags;
use rustix::pipe::{PipeFlags, pipe_with};

use super::wire::{Bytes, Stream};

/// What is read at a time, in bytes.
const CHUNK: usize = 64 * 1024;

/// Our ends.
pub struct Streams<'a> {
    stdin: Option<(OwnedFd, &'a [u8])>,
    stdout: Collector,
    stderr: Collector,
}

struct Collector {
    pipe: Option<OwnedFd>,
    kept: Vec<u8>,
    cap: usize,
    truncated: bool,
}

impl<'a> Streams<'a> {
    /// New pipes: ours, and the program's three. `cap` is what is kept of each output, in bytes.
    pub fn new(stdin: &'a [u8], cap: u64) -> io::Result<(Self, [OwnedFd; 3])> {
        let pipe = || pipe_with(PipeFlags::CLOEXEC);
        let ((in_end, in_ours), (out_ours, out_end), (err_ours, err_end)) = (pipe()?, pipe()?, pipe()?);
        for ours in [&in_ours, &out_ours, &err_ours] {
            rustix::fs::fcntl_setfl(ours, OFlags::NONBLOCK)?;
        }
        let cap = usize::try_from(cap).unwrap_or(usize::MAX);
        let collector = |pipe| Collector { pipe: Some(pipe), kept: Vec::new(), cap, truncated: false };
        let streams = Self { stdin: Some((in_ours, stdin)), stdout: collector(out_ours), stderr: collector(err_ours) };
        Ok((streams, [in_end, out_end, err_end]))
    }

    /// What to wait for.
    pub fn poll_fds(&self) -> Vec<PollFd<'_>> {
        let mut fds = Vec::with_capacity(3);
        if let Some((pipe, _)) = &self.stdin {
            fds.push(PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::OUT));
        }
        let outputs = [&self.stdout, &self.stderr].into_iter().filter_map(|collector| collector.pipe.as_ref());
        fds.extend(outputs.map(|pipe| PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::IN)));
        fds
    }

    /// Moves what can be moved now.
    pub fn pump(&mut self) {
        self.feed();
        self.stdout.read();
        self.stderr.read();
    }

    /// Was more written than is kept?
    pub fn overflowed(&self) -> bool {
        self.stdout.truncated || self.stderr.truncated
    }

    /// Everything, when nobody writes any more.
    pub fn finish(mut self) -> [Stream; 2] {
        self.stdin = None;
        [self.stdout, self.stderr].map(|mut collector| {
            collector.read();
            Stream { bytes: Bytes(collector.kept), truncated: collector.truncated }
        })
    }

    fn feed(&mut self) {
        let Some((pipe, rest)) = &mut self.stdin else { return };
        while !rest.is_empty() {
            match rustix::io::write(pipe.as_fd(), &rest[..rest.len().min(CHUNK)]) {
                Ok(written) => *rest = &rest[written..],
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => return,
                // Nobody reads it, which is the program's business.
                Err(_) => break,
            }
        }
        self.stdin = None;
    }
}

impl Collector {
    /// Until the pipe is empty, or more was there than is kept.
    fn read(&mut self) {
        let mut buffer = [0; CHUNK];
        while !self.truncated
            && let Some(pipe) = &self.pipe
        {
            match read(pipe.as_fd(), &mut buffer) {
                Some(0) => self.pipe = None,
                Some(count) => {
                    let room = self.cap - self.kept.len();
                    self.kept.extend_from_slice(&buffer[..count.min(room)]);
                    self.truncated = count > room;
                }
                None => return,
            }
        }
    }
}

/// How many bytes there were; `None` if there are none now.
fn read(pipe: BorrowedFd<'_>, buffer: &mut [u8]) -> Option<usize> {
    loop {
        match rustix::io::read(pipe, &mut *buffer) {
            Ok(count) => return Some(count),
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return None,
        }
    }
}
