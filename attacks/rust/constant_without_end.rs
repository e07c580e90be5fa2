//: what     a constant that takes for ever
//: id       A-059
//: expect   compile_error
//: error    any use of this value will cause an error|evaluation of constant value failed|constant evaluation is taking a long time
const fn count() -> u64 {
    let mut number = 0;
    loop {
        number ^= 1;
    }
}

const VALUE: u64 = count();

fn main() {
    println!("{VALUE}");
}
