fn main() {
    let words: Vec<&str> = "no number".split(' ').collect();
    let number: i64 = words[1].parse().unwrap();
    println!("{}", number);
}
