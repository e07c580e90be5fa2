//: what     64 MiB of live data, and mappings that come and go: benign
//: id       G-04 G-12
//: limits   memory_kib=131072
//: expect   ok
//: output   67108864 1000
extern "C" {
    fn mmap(at: *mut u8, length: usize, protection: i32, flags: i32, file: i32, offset: i64) -> *mut u8;
    fn munmap(at: *mut u8, length: usize) -> i32;
}

fn main() {
    let block = vec![1u8; 64 << 20];
    let mut mapped = 0;
    for round in 0..1000 {
        // Readable, writable; private, anonymous.
        unsafe {
            let page = mmap(std::ptr::null_mut(), 1 << 16, 3, 0x22, -1, 0);
            *page.add(round) = 1;
            mapped += (munmap(page, 1 << 16) == 0) as usize;
        }
    }
    println!("{} {}", block.iter().map(|&byte| byte as usize).sum::<usize>(), mapped);
}
