use std::io::{self, BufRead};

fn main() {
    let sum: i64 = io::stdin()
        .lock()
        .lines()
        .map(|line| line.unwrap().trim().parse::<i64>().unwrap())
        .sum();
    println!("{}", sum);
}
