//: what     thirty thousand statements in thirty functions to compile, written with few words: benign
//: id       G-23
//: set      full
//: expect   ok
//: output   30000
macro_rules! ten {
    ($($w:tt)*) => { $($w)* $($w)* $($w)* $($w)* $($w)* $($w)* $($w)* $($w)* $($w)* $($w)* };
}
macro_rules! functions {
    ($($name:ident)*) => {
        $(fn $name(mut x: u32) -> u32 {
            ten! { ten! { ten! { x += 1; } } }
            x
        })*
        fn all(mut x: u32) -> u32 {
            $(x = $name(x);)*
            x
        }
    };
}

functions!(a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 c0 c1 c2 c3 c4 c5 c6 c7 c8 c9);

fn main() {
    println!("{}", all(0));
}
