//! Descriptors of every kind that a client can send.

use std::fs::File;
use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};

use rustix::event::EventfdFlags;
use rustix::fs::{CWD, MemfdFlags, Mode, OFlags};
use rustix::net::{AddressFamily, SocketFlags, SocketType};

/// A kind of descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// What is expected: a file in memory.
    Memory,
    /// One that says it is as long as a file can be.
    Endless,
    /// The reading end of a pipe nobody writes to any more.
    PipeOut,
    /// The writing end of a pipe nobody reads any more.
    PipeIn,
    /// A folder.
    Folder,
    /// A socket whose other side is gone.
    Socket,
    /// A counter.
    Event,
    /// A device that is never at its end.
    Zero,
    /// A place in the file tree that is not open.
    Path,
    /// The very socket it is sent on.
    Slot,
}

impl Odd {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Memory,
        Self::Endless,
        Self::PipeOut,
        Self::PipeIn,
        Self::Folder,
        Self::Socket,
        Self::Event,
        Self::Zero,
        Self::Path,
        Self::Slot,
    ];

    /// A new one.
    pub fn open(self, slot: &OwnedFd) -> Result<OwnedFd, String> {
        let open = |path: &str, flags: OFlags| rustix::fs::openat(CWD, path, flags | OFlags::CLOEXEC, Mode::empty());
        let flags = SocketFlags::CLOEXEC;
        let opened = match self {
            Self::Memory => return memory_file(b"content"),
            Self::Endless => {
                let file = memory_file(b"")?;
                rustix::fs::ftruncate(&file, i64::MAX.cast_unsigned()).map(|()| file)
            }
            Self::PipeOut => rustix::pipe::pipe().map(|(out, _)| out),
            Self::PipeIn => rustix::pipe::pipe().map(|(_, into)| into),
            Self::Folder => open("/", OFlags::DIRECTORY),
            Self::Socket => {
                rustix::net::socketpair(AddressFamily::UNIX, SocketType::STREAM, flags, None).map(|(one, _)| one)
            }
            Self::Event => rustix::event::eventfd(0, EventfdFlags::CLOEXEC),
            Self::Zero => open("/dev/zero", OFlags::RDWR),
            Self::Path => open("/etc/passwd", OFlags::PATH),
            Self::Slot => rustix::io::fcntl_dupfd_cloexec(slot.as_fd(), 0),
        };
        opened.map_err(|error| format!("{self:?}: {error}"))
    }
}

/// A file in memory with this content, at its beginning.
pub fn memory_file(content: &[u8]) -> Result<OwnedFd, String> {
    let make = || -> std::io::Result<OwnedFd> {
        let mut file = File::from(rustix::fs::memfd_create("test", MemfdFlags::CLOEXEC)?);
        file.write_all(content)?;
        std::io::Seek::rewind(&mut file)?;
        Ok(file.into())
    };
    make().map_err(|error| error.to_string())
}
