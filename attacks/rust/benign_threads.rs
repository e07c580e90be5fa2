//: what     eight threads sum what they share out, and speak over a channel: benign
//: id       G-01
//: expect   ok
//: output   499999500000
use std::sync::mpsc;
use std::thread;

fn main() {
    let (sender, receiver) = mpsc::channel();
    let threads: Vec<_> = (0..8u64)
        .map(|index| {
            let sender = sender.clone();
            thread::spawn(move || sender.send((index..1_000_000).step_by(8).sum::<u64>()).unwrap())
        })
        .collect();
    drop(sender);
    println!("{}", receiver.iter().sum::<u64>());
    for thread in threads {
        thread.join().unwrap();
    }
}
