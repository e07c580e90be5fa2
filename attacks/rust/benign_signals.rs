//: what     an alarm and its handler, which writes to a pipe of sockets that is read: benign
//: id       G-11 G-13
//: expect   ok
//: output   woken x
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::os::unix::io::{FromRawFd, IntoRawFd};
use std::sync::atomic::{AtomicI32, Ordering::SeqCst};

extern "C" {
    fn signal(number: i32, handler: extern "C" fn(i32)) -> usize;
    fn ualarm(soon: u32, every: u32) -> u32;
}

static WRITER: AtomicI32 = AtomicI32::new(-1);

extern "C" fn wake(_: i32) {
    let mut writer = unsafe { UnixStream::from_raw_fd(WRITER.load(SeqCst)) };
    let _ = writer.write(b"x");
    let _ = writer.into_raw_fd();
}

fn main() {
    let (mut reader, writer) = UnixStream::pair().unwrap();
    WRITER.store(writer.into_raw_fd(), SeqCst);
    unsafe {
        signal(14, wake);
        ualarm(50_000, 0);
    }
    let mut letter = [0];
    while reader.read(&mut letter).is_err() {}
    println!("woken {}", letter[0] as char);
}
