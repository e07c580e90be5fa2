//: what     a child that shares memory with its parent: benign
//: id       G-24
//: expect   ok
//: output   42
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

extern "C" {
    fn mmap(at: *mut u8, length: usize, protection: i32, flags: i32, file: i32, offset: i64) -> *mut u8;
    fn fork() -> i32;
    fn waitpid(pid: i32, status: *mut i32, options: i32) -> i32;
    fn _exit(status: i32) -> !;
}

fn main() {
    // Readable, writable; shared, anonymous.
    let shared = unsafe { &*(mmap(std::ptr::null_mut(), 4096, 3, 0x21, -1, 0) as *const AtomicU32) };
    unsafe {
        let child = fork();
        if child == 0 {
            shared.store(42, SeqCst);
            _exit(0);
        }
        waitpid(child, std::ptr::null_mut(), 0);
    }
    println!("{}", shared.load(SeqCst));
}
