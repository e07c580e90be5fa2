//: what     recursion ten thousand deep: benign
//: id       G-05
//: mode     function
//: expect   ok
//: output   10000
fn depth(n: u32) -> u32 {
    let frame = [n; 50];
    // Not to be optimised away.
    let n = unsafe { std::ptr::read_volatile(&frame[49]) };
    if n == 0 { 0 } else { 1 + depth(n - 1) }
}

fn solve(_input_str: &str) -> u32 {
    depth(10_000)
}
