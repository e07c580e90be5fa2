//: what     allocates and touches memory until stopped
//: id       A-015
//: control  memory
//: limits   memory_kib=65536
//: expect   memory_limit
//: peak_kib 68812
fn main() {
    let mut blocks = Vec::new();
    while blocks.len() < 1 << 20 {
        blocks.push(vec![1_u8; 1 << 20]);
    }
    println!("{}", blocks[5][5]);
}
