//: what     is a shell script as well, which the linker is told to start its parts with: code that runs in the compiling box
//: id       A-062
//: control  host_files
//: compile_options -C link-arg=-wrapper -C link-arg=/usr/bin/sh,/code/solution.rs
//: expect   ok
//: output   held
/*
rustc --edition 2021 -C linker=gcc -o /tmp/probe /code/solution.rs &&
    REPORT=$(/tmp/probe probe) rustc --edition 2021 -C linker=gcc -o /tmp/solution /code/solution.rs
exit
*/
use std::fs::File;
use std::io::ErrorKind::{NotFound, PermissionDenied};
use std::net::UdpSocket;

fn main() {
    if std::env::args().len() == 1 {
        return println!("{}", option_env!("REPORT").unwrap_or("was not wrapped"));
    }
    let mut escaped = Vec::new();
    for path in ["/made", "/code/made", "/usr/lib/made", "/etc/made"] {
        match File::create(path) {
            Err(error) if matches!(error.raw_os_error(), Some(13 | 30)) => {}
            other => escaped.push(format!("ESCAPED wrote {path}: {other:?}")),
        }
    }
    for path in ["/var/tmp/code-runner-canary", "/root/code-runner-canary", "/etc/shadow", "/proc/1/environ"] {
        match File::open(path) {
            Err(error) if error.kind() == NotFound => {}
            other => escaped.push(format!("ESCAPED opened {path}: {other:?}")),
        }
    }
    match UdpSocket::bind("127.0.0.1:0") {
        Err(error) if error.kind() == PermissionDenied => {}
        other => escaped.push(format!("ESCAPED a socket: {other:?}")),
    }
    println!("{}", if escaped.is_empty() { "held".to_owned() } else { escaped.join("\n") });
}
