//: what     random numbers of the system, of the device and of hash maps: benign
//: id       G-21
//: expect   ok
//: output   3 true
use std::collections::{hash_map::RandomState, HashSet};
use std::hash::{BuildHasher, Hasher};
use std::io::Read;

extern "C" {
    fn getrandom(at: *mut u8, length: usize, flags: u32) -> isize;
}

fn main() {
    let mut fresh = HashSet::new();
    let mut bytes = [0; 8];
    let length = unsafe { getrandom(bytes.as_mut_ptr(), 8, 0) };
    fresh.insert(u64::from_ne_bytes(bytes));
    std::fs::File::open("/dev/urandom").unwrap().read_exact(&mut bytes).unwrap();
    fresh.insert(u64::from_ne_bytes(bytes));
    fresh.insert(RandomState::new().build_hasher().finish());
    println!("{} {}", fresh.len(), length == 8);
}
