//: what     prints for ever
//: id       A-026
//: control  output
//: limits   output_bytes=100000
//: expect   output_limit
//: length   100000
//: wall_ms  3000
fn main() {
    loop {
        println!("{}", "x".repeat(1000));
    }
}
