//: what     counts its calls in memory and in files and leaves a process, for the next input to find
//: id       A-124
//: control  shared_scratch
//: mode     function
//: inputs   1;2;3
//: expect   ok
//: output   held
use std::fs;
use std::path::Path;
use std::process::{self, Command};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

static CALLS: AtomicU32 = AtomicU32::new(0);

fn solve(input_str: &str) -> &'static str {
    if CALLS.fetch_add(1, SeqCst) != 0 {
        return "ESCAPED memory of another input";
    }
    for path in ["/tmp/calls", "/box/calls"] {
        if Path::new(path).exists() {
            return "ESCAPED a file of another input";
        }
        if fs::write(path, input_str).is_err() {
            return "no file";
        }
    }
    for entry in fs::read_dir("/proc").unwrap() {
        let name = entry.unwrap().file_name();
        if name.to_str().unwrap().parse::<u32>().map_or(false, |pid| pid != process::id()) {
            return "ESCAPED a process of another input";
        }
    }
    // A process that does nothing but stay.
    if Command::new("sh").args(["-c", "kill -STOP $$"]).spawn().is_err() {
        return "no process";
    }
    "held"
}
