//: what     a pipeline of other programs, a shell, and twenty children that are waited for: benign
//: id       G-02 G-03
//: expect   ok
//: output   b 190
use std::process::{Command, Stdio};

fn main() {
    let mut first = Command::new("sh").args(["-c", "echo a; echo b"]).stdout(Stdio::piped()).spawn().unwrap();
    let second = Command::new("sh")
        .args(["-c", "read a; cat"])
        .stdin(first.stdout.take().unwrap())
        .output()
        .unwrap();
    first.wait().unwrap();
    let children: Vec<_> =
        (0..20).map(|number| Command::new("sh").args(["-c", &format!("exit {}", number)]).spawn().unwrap()).collect();
    let total: i32 = children.into_iter().map(|mut child| child.wait().unwrap().code().unwrap()).sum();
    println!("{} {}", String::from_utf8(second.stdout).unwrap().trim(), total);
}
