//! Puts the files of a submission into the box.
//!
//! `/code` is a mount the program can only read. The runner has the same folder in a form that can be written, as a
//! descriptor that no program gets.

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};

use runner::protocol::{FileKind, GATE, Go};
use runner::sys::{self, Fork};
use rustix::fs::{AtFlags, CWD, Mode, OFlags};

/// The most that one sendfile(2) moves.
const SENDFILE_BYTES: usize = 0x7fff_f000;

/// Copies every file to `/code`, and those that are data to `/box` as well, where they are `uid`'s.
///
/// # Errors
/// Of the operating system; with how many descriptors came if they are not as many as the files.
pub fn place(code: BorrowedFd<'_>, go: &Go, contents: &[OwnedFd], uid: u32) -> io::Result<()> {
    let Go { args: _, files } = go;
    if files.len() != contents.len() {
        return Err(io::Error::other(format!("{} descriptors for {} files", contents.len(), files.len())));
    }
    let files = || files.iter().zip(contents);
    for ((name, kind), content) in files() {
        let mode = if *kind == FileKind::Executable { 0o555 } else { 0o444 };
        copy(content, code, name, mode)?;
    }
    if files().any(|((_, kind), _)| *kind == FileKind::Data) {
        as_user(uid, || {
            files()
                .filter(|((_, kind), _)| *kind == FileKind::Data)
                .try_for_each(|((name, _), content)| copy(content, CWD, &format!("/box/{name}"), 0o644))
        })?;
    }
    Ok(())
}

/// The descriptor's own position is neither used nor moved: other boxes read the same file.
fn copy(content: &OwnedFd, folder: BorrowedFd<'_>, name: &str, mode: u32) -> io::Result<()> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let target = rustix::fs::openat(folder, name, flags, Mode::from_raw_mode(mode))?;
    let mut offset = 0;
    while rustix::fs::sendfile(&target, content, Some(&mut offset), SENDFILE_BYTES)? > 0 {}
    // open(2) subtracts the umask.
    rustix::fs::fchmod(&target, Mode::from_raw_mode(mode))?;
    Ok(())
}

/// Does this in a process of that user's, because the folder is that user's alone.
fn as_user(uid: u32, action: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    match sys::fork()? {
        Fork::Child => {
            let done = sys::become_user(uid).and_then(|()| action());
            let code = done.err().map_or(0, |error| error.raw_os_error().unwrap_or(libc::EIO));
            std::process::exit(code)
        }
        Fork::Parent(child) => {
            let options = rustix::process::WaitOptions::empty();
            let ended = rustix::io::retry_on_intr(|| rustix::process::waitpid(Some(child), options))?;
            match ended.and_then(|(_, status)| status.exit_status()) {
                Some(0) => Ok(()),
                Some(code) => Err(io::Error::from_raw_os_error(code)),
                None => Err(io::Error::other("the copying process was killed")),
            }
        }
    }
}

/// The gate, which everybody may open to read, and PID 1 to write. It is gone when the program goes through.
pub struct Gate<'a> {
    code: BorrowedFd<'a>,
}

impl<'a> Gate<'a> {
    /// Makes it.
    ///
    /// # Errors
    /// As mknod(2).
    pub fn make(code: BorrowedFd<'a>) -> io::Result<Self> {
        let mode = Mode::from_raw_mode(0o644);
        rustix::fs::mknodat(code, GATE, rustix::fs::FileType::Fifo, mode, 0)?;
        // mknod(2) subtracts the umask.
        rustix::fs::chmodat(code, GATE, mode, AtFlags::empty())?;
        Ok(Self { code })
    }

    /// Waits until somebody has opened it to read. A child's death interrupts.
    ///
    /// # Errors
    /// As open(2).
    pub fn wait(&self) -> io::Result<Entrance> {
        let open = |flags| rustix::fs::openat(self.code, GATE, flags | OFlags::CLOEXEC, Mode::empty());
        let writer = open(OFlags::WRONLY)?;
        Ok(Entrance { writer, reader: open(OFlags::RDONLY | OFlags::NONBLOCK)? })
    }

    /// Takes its name away, before the files come.
    ///
    /// # Errors
    /// As unlink(2).
    pub fn remove(self) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(self.code, GATE, AtFlags::empty())?)
    }
}

/// A gate with somebody before it.
pub struct Entrance {
    writer: OwnedFd,
    reader: OwnedFd,
}

impl Entrance {
    /// Lets whoever waits there go on.
    ///
    /// # Errors
    /// As write(2).
    pub fn open(self) -> io::Result<Passage> {
        rustix::io::write(&self.writer, b"g")?;
        Ok(Passage { reader: self.reader })
    }
}

/// A gate that was opened. Nobody else can read from it any more than whoever waited there: it has no name.
pub struct Passage {
    reader: OwnedFd,
}

impl Passage {
    /// Has somebody gone through? Who has not was never the program, and how it ended is not the program's doing.
    ///
    /// # Errors
    /// As `FIONREAD`.
    pub fn is_used(&self) -> io::Result<bool> {
        Ok(rustix::io::ioctl_fionread(&self.reader)? == 0)
    }
}
