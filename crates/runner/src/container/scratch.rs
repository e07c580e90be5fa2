//! What each program finds: its files in `/code`, copies of some in `/box`, and nothing of the one before it.

use std::ffi::CString;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, RenameFlags};
use rustix::process::WaitOptions;

use super::ground::Ground;
use super::wire::{self, Bytes, Stream};
use crate::sys::{self, Fork};

const CODE: &str = "/code";

/// The artifact, in a file without a name that only the runner has open.
pub struct Artifact {
    /// Its name in `/code`.
    pub name: String,
    content: File,
}

/// Makes `/code` and the scratch space what they are to be before a program starts. Nobody else may run.
pub fn prepare(ground: &Ground, files: &[wire::File], artifact: Option<&Artifact>) -> io::Result<()> {
    for folder in &ground.folders {
        as_program(ground, || empty(folder))?;
    }
    empty(CODE)?;
    if ground.uid.is_some() {
        // Nobody but us: the mount came open to all.
        rustix::fs::chmod(CODE, Mode::from_raw_mode(0o755))?;
    }
    for wire::File { name, is_data: _, content } in files {
        write(CODE, name, &content.0, 0o444)?;
    }
    if let Some(Artifact { name, content }) = artifact {
        let mut target = create(CODE, name, 0o555)?;
        let mut content = content;
        content.seek(SeekFrom::Start(0))?;
        io::copy(&mut content, &mut target)?;
    }
    if files.iter().any(|file| file.is_data) {
        as_program(ground, || {
            let data = || files.iter().filter(|file| file.is_data);
            data().try_for_each(|file| write("/box", &file.name, &file.content.0, 0o644))
        })?;
    }
    Ok(())
}

fn write(folder: &str, name: &str, content: &[u8], mode: u32) -> io::Result<()> {
    create(folder, name, mode)?.write_all(content)
}

fn create(folder: &str, name: &str, mode: u32) -> io::Result<File> {
    if name.is_empty() || name.contains('/') || name.starts_with('.') {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("`{name}` is no file name")));
    }
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = rustix::fs::open(format!("{folder}/{name}"), flags, Mode::from_raw_mode(mode))?;
    // open(2) subtracts the umask.
    rustix::fs::fchmod(&file, Mode::from_raw_mode(mode))?;
    Ok(file.into())
}

/// The file a program may leave something in, empty.
pub fn empty_product(path: &str) -> io::Result<File> {
    let file = File::from(rustix::fs::open(path, OFlags::RDWR | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?);
    if FileType::from_raw_mode(rustix::fs::fstat(&file)?.st_mode) != FileType::RegularFile {
        return Err(io::Error::other(format!("{path} is no plain file")));
    }
    file.set_len(0)?;
    Ok(file)
}

/// What was left there, up to `cap` bytes.
pub fn read_product(file: &mut File, cap: u64) -> io::Result<Stream> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    (&*file).take(cap).read_to_end(&mut bytes)?;
    let truncated = file.metadata()?.len() > cap;
    Ok(Stream { bytes: Bytes(bytes), truncated })
}

/// Takes what was left there away, to where no program gets.
pub fn keep_artifact(file: &mut File, name: &str) -> io::Result<Artifact> {
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let mut content = File::from(rustix::fs::open(CODE, flags, Mode::from_raw_mode(0o600))?);
    file.seek(SeekFrom::Start(0))?;
    io::copy(file, &mut content)?;
    file.set_len(0)?;
    Ok(Artifact { name: name.to_owned(), content })
}

/// Removes everything in a folder, however deep it is and whatever its modes say. Needs two descriptors: what is deep is
/// first moved up.
fn empty(folder: &str) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let top = rustix::fs::open(folder, flags, Mode::empty())?;
    let mut moved = 0_u64;
    loop {
        let names = names(top.as_fd())?;
        if names.is_empty() {
            return Ok(());
        }
        for name in names {
            remove(top.as_fd(), &name, &mut moved)?;
        }
    }
}

fn names(folder: BorrowedFd<'_>) -> io::Result<Vec<CString>> {
    let entries = Dir::read_from(folder)?;
    let names = entries.map(|entry| entry.map(|entry| entry.file_name().to_owned()));
    let names =
        names.filter(|name| !name.as_ref().is_ok_and(|name| [b".".as_slice(), b".."].contains(&name.to_bytes())));
    Ok(names.collect::<Result<_, _>>()?)
}

/// A folder's folders go to the top, where their turn comes.
fn remove(top: BorrowedFd<'_>, name: &CString, moved: &mut u64) -> io::Result<()> {
    let is_folder = |at: BorrowedFd<'_>, name: &CString| -> io::Result<bool> {
        let stat = rustix::fs::statat(at, name, AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(FileType::from_raw_mode(stat.st_mode) == FileType::Directory)
    };
    if !is_folder(top, name)? {
        return Ok(rustix::fs::unlinkat(top, name, AtFlags::empty())?);
    }
    rustix::fs::chmodat(top, name, Mode::from_raw_mode(0o700), AtFlags::empty())?;
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder: OwnedFd = rustix::fs::openat(top, name, flags, Mode::empty())?;
    for inner in names(folder.as_fd())? {
        if is_folder(folder.as_fd(), &inner)? {
            // To move a folder its own entry `..` has to be written.
            rustix::fs::chmodat(&folder, &inner, Mode::from_raw_mode(0o700), AtFlags::empty())?;
            move_up(folder.as_fd(), &inner, top, moved)?;
        } else {
            rustix::fs::unlinkat(&folder, &inner, AtFlags::empty())?;
        }
    }
    Ok(rustix::fs::unlinkat(top, name, AtFlags::REMOVEDIR)?)
}

/// Under a name that nothing has there: the program may have foreseen the first that is tried.
fn move_up(folder: BorrowedFd<'_>, name: &CString, top: BorrowedFd<'_>, moved: &mut u64) -> io::Result<()> {
    loop {
        *moved += 1;
        let new = format!(".code-runner-{moved}");
        match rustix::fs::renameat_with(folder, name, top, new, RenameFlags::NOREPLACE) {
            Err(rustix::io::Errno::EXIST) => {}
            other => return Ok(other?),
        }
    }
}

/// Does this in a process of the programs' user, because the files are that user's.
fn as_program(ground: &Ground, action: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    let Some(uid) = ground.uid else { return action() };
    match sys::fork()? {
        Fork::Child => {
            let done = sys::become_user(uid).and_then(|()| action());
            let code = done.err().map_or(0, |error| error.raw_os_error().unwrap_or(libc::EIO));
            std::process::exit(code)
        }
        Fork::Parent(child) => {
            let ended = rustix::io::retry_on_intr(|| rustix::process::waitpid(Some(child), WaitOptions::empty()))?;
            match ended.and_then(|(_, status)| status.exit_status()) {
                Some(0) => Ok(()),
                Some(code) => Err(io::Error::from_raw_os_error(code)),
                None => Err(io::Error::other("the process that did it was killed")),
            }
        }
    }
}
