fn main() {
    let text = "five";
    let number: i64 = text;
    println!("{}", number);
}
