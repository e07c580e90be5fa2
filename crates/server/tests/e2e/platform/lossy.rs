//! A way to Code Runner on which the first answer to a submission is lost: it has been accepted, and whoever sent it does not know.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Hands connections on to `port` of this host. Gives its own address, and how many submissions went through.
pub fn way_to(port: u16) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    // Ends with the test program.
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let count = Arc::clone(&count);
            thread::spawn(move || pass(client, port, &count));
        }
    });
    (address, sent)
}

/// Each connection is for one request.
fn pass(mut client: TcpStream, port: u16, sent: &AtomicUsize) -> io::Result<()> {
    let mut server = TcpStream::connect(("127.0.0.1", port))?;
    let mut start = [0; 9];
    client.read_exact(&mut start)?;
    let is_lost = &start == b"POST /run" && sent.fetch_add(1, Ordering::SeqCst) == 0;
    server.write_all(&start)?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    let requests = thread::spawn(move || io::copy(&mut from_client, &mut to_server));
    if is_lost {
        // It says that it has been accepted, to nobody.
        let mut answer = Vec::new();
        server.read_to_end(&mut answer)?;
        assert!(answer.starts_with(b"HTTP/1.1 202"), "{}", String::from_utf8_lossy(&answer));
    } else {
        io::copy(&mut server, &mut client)?;
    }
    client.shutdown(Shutdown::Both)?;
    let _ = requests.join();
    Ok(())
}
