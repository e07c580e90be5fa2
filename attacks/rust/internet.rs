//: what     TCP, UDP, ICMP and a question for a name, to addresses of both versions: all fail at once
//: id       A-107
//: control  network+seccomp+landlock
//: expect   ok
//: output   held
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs, UdpSocket};
use std::time::{Duration, Instant};

extern "C" {
    fn socket(family: i32, kind: i32, protocol: i32) -> i32;
}

// Whether something left the box, or waits for an answer.
fn reaches(kind: &str, address: &str) -> bool {
    let target: SocketAddr = address.parse().unwrap();
    match kind {
        "tcp" => match TcpStream::connect_timeout(&target, Duration::from_millis(200)) {
            Ok(_) => true,
            Err(error) => error.kind() == ErrorKind::TimedOut || error.kind() == ErrorKind::ConnectionRefused,
        },
        _ => {
            let own = if target.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
            UdpSocket::bind(own).and_then(|socket| socket.send_to(b"question", target)).is_ok()
        }
    }
}

fn main() {
    // Addresses of documentation, where nobody is, and datagrams to the loopback address, which every network carries.
    let targets = [
        ("tcp", "198.51.100.7:80"),
        ("tcp", "[2001:db8::7]:443"),
        ("udp", "198.51.100.7:53"),
        ("udp", "[2001:db8::7]:53"),
        ("udp", "127.0.0.1:9"),
    ];
    let mut held = true;
    for (kind, address) in targets {
        // The quickest of three: a busy machine is no network.
        let mut quickest = Duration::MAX;
        let mut reached = false;
        for _ in 0..3 {
            let start = Instant::now();
            reached |= reaches(kind, address);
            quickest = quickest.min(start.elapsed());
        }
        if reached || quickest > Duration::from_millis(50) {
            println!("ESCAPED {kind} to {address}, {quickest:?}");
            held = false;
        }
    }
    // ICMP, for both versions; the standard library has no sockets for it.
    for (family, kind, protocol) in [(2, 2, 1), (2, 3, 1), (10, 2, 58), (10, 3, 58)] {
        if unsafe { socket(family, kind, protocol) } >= 0 {
            println!("ESCAPED a socket for ICMP");
            held = false;
        }
    }
    if ("example.invalid", 80).to_socket_addrs().is_ok() {
        println!("ESCAPED a name");
        held = false;
    }
    if held {
        println!("held");
    }
}
