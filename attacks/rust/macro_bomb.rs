//: what     a macro that doubles what it is given and starts again, with the compiler's own limit raised
//: id       A-054
//: set      full
//: expect   compile_error
//: error    of memory|of CPU time|longer than
#![recursion_limit = "1000000"]

macro_rules! double {
    ($($token:tt)*) => { double!($($token)* $($token)*) };
}

fn main() {
    double!(1 +);
}
