//! The way before a server that sends back what it is sent.

use super::*;

/// A server that sends back what it is sent, and a connection to it by a way.
fn echo() -> (Way, TcpStream) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let way = Way::to(server.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in server.incoming().map_while(Result::ok) {
            let mut copy = stream.try_clone().unwrap();
            std::thread::spawn(move || io::copy(&mut stream, &mut copy));
        }
    });
    let near = TcpStream::connect(way.address).unwrap();
    near.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    (way, near)
}

fn answers(near: &mut TcpStream) -> bool {
    near.write_all(b"word").is_ok() && near.read_exact(&mut [0; 4]).is_ok()
}

#[test]
fn what_is_held_comes_later_in_either_direction() {
    for direction in [Direction::There, Direction::Back] {
        let (way, mut near) = echo();
        assert!(answers(&mut near));
        way.hold(direction);
        near.write_all(b"word").unwrap();
        near.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        near.read(&mut [0; 4]).unwrap_err();
        near.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        way.let_go();
        near.read_exact(&mut [0; 4]).unwrap();
        assert!(answers(&mut near));
    }
}

#[test]
fn what_is_cut_is_at_its_end_and_what_is_mended_is_new() {
    let (way, mut near) = echo();
    assert!(answers(&mut near));
    way.cut();
    assert!(!answers(&mut near));
    way.mend();
    assert!(answers(&mut TcpStream::connect(way.address).unwrap()));
}

#[test]
fn a_delay_is_for_each_direction_and_a_loss_ends_a_connection() {
    let (way, mut near) = echo();
    way.delay(Duration::from_millis(50));
    let asked = Instant::now();
    assert!(answers(&mut near));
    assert!(asked.elapsed() >= Duration::from_millis(100));
    way.delay(Duration::ZERO);
    way.lose(50, 7);
    assert!((0..64).any(|_| !answers(&mut near)), "one of them is lost");
}

#[test]
fn a_connection_that_is_silent_stays_so_and_others_are_not() {
    let (way, mut near) = echo();
    assert!(answers(&mut near));
    way.silence();
    near.write_all(b"word").unwrap();
    near.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    near.read(&mut [0; 4]).unwrap_err();
    assert!(answers(&mut TcpStream::connect(way.address).unwrap()));
}
