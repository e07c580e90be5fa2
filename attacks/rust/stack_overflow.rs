//: what     recursion without end
//: id       A-021
//: expect   runtime_error
//: error    overflowed its stack
#[allow(unconditional_recursion)]
#[inline(never)]
fn deeper(above: &[u8; 4096]) -> u8 {
    let mut here = *above;
    here[0] = here[0].wrapping_add(1);
    deeper(&here).wrapping_add(here[1])
}

fn main() {
    println!("{}", deeper(&[0; 4096]));
}
