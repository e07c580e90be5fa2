//! Uses up what the box was given. Whether the right limit put an end to it is not ours to say, where the box
//! is killed; where the program goes on, it must have been told no in the right place.

use std::fs::{File, OpenOptions};
use std::hint::black_box;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use probe::Expected;

use crate::breaches::Breaches;
use crate::sys;

/// Longer than any wall limit of a probe.
const LONG: Duration = Duration::from_secs(60);

const CHUNK: usize = 64 * 1024;

/// More entries than a scratch space may have.
const MANY_FILES: u32 = 20_000;

/// Until the CPU time is up.
pub fn spin() -> io::Result<()> {
    let mut number = 0_u64;
    loop {
        number = black_box(number.wrapping_add(1));
    }
}

/// Until the clock is up.
pub fn sleep() -> io::Result<()> {
    std::thread::sleep(LONG);
    Err(io::Error::other(format!("nobody ended it within {LONG:?}")))
}

/// Until the box is killed: four times its memory is enough to know that it is not.
pub fn memory(expected: &Expected, breaches: &mut Breaches) -> io::Result<()> {
    let bytes = usize::try_from(expected.memory_kib * 1024 * 4).map_err(io::Error::other)?;
    let mut taken = Vec::new();
    while taken.len() * CHUNK < bytes {
        let mut chunk = Vec::new();
        if chunk.try_reserve_exact(CHUNK).is_err() {
            return Err(io::Error::other("the kernel gives no memory"));
        }
        chunk.resize(CHUNK, 1_u8);
        taken.push(black_box(chunk));
    }
    breaches.add(format!("{} KiB of memory could be used where {} are allowed", bytes / 1024, expected.memory_kib));
    Ok(())
}

/// Until no more processes can be had. They end with this one, whose end is the box's.
pub fn fork(expected: &Expected, breaches: &mut Breaches) -> io::Result<()> {
    let mut processes = 1;
    loop {
        match sys::start_sleeper() {
            Ok(()) => processes += 1,
            Err(error) if error.raw_os_error() == Some(libc::EAGAIN) => return Ok(()),
            Err(error) => return Err(error),
        }
        if processes > expected.processes {
            breaches.add(format!("there are {processes} processes where {} are allowed", expected.processes));
            return Ok(());
        }
    }
}

/// One file that grows until it is refused, a second one beside it, and then as many as can be made.
pub fn fill(expected: &Expected, breaches: &mut Breaches) -> io::Result<()> {
    sys::ignore_file_size_signal();
    let first = grow("/box/first", expected.file_bytes * 2)?;
    let second = grow("/dev/shm/second", expected.file_bytes * 2)?;
    if first > expected.file_bytes {
        breaches.add(format!("one file has {first} bytes where {} are allowed", expected.file_bytes));
    }
    if first + second > expected.file_bytes {
        breaches.add(format!("two files have {} bytes where {} are allowed", first + second, expected.file_bytes));
    }
    for number in 0..MANY_FILES {
        match File::create(Path::new("/tmp").join(number.to_string())) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::StorageFull => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    breaches.add(format!("{MANY_FILES} files could be made"));
    Ok(())
}

/// How many bytes of `most` a new file takes.
fn grow(path: &str, most: u64) -> io::Result<u64> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let chunk = [1; CHUNK];
    let mut length = 0;
    while length < most {
        match file.write(&chunk) {
            Ok(more) => length += u64::try_from(more).map_err(io::Error::other)?,
            Err(error) if matches!(error.raw_os_error(), Some(libc::ENOSPC | libc::EFBIG)) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// Until nobody wants to hear more.
pub fn flood() -> io::Result<()> {
    let chunk = [b'x'; CHUNK];
    loop {
        io::stdout().write_all(&chunk)?;
        io::stderr().write_all(&chunk)?;
    }
}
