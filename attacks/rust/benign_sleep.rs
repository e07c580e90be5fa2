//: what     sleeps for half of its time: benign
//: id       G-10
//: limits   wall_time_ms=2000 cpu_time_ms=300
//: expect   ok
//: output   slept
use std::{thread, time::Duration};

fn main() {
    thread::sleep(Duration::from_secs(1));
    println!("slept");
}
