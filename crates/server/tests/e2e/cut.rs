//! A way to a TCP server that can be cut and mended, in the place of a network that fails.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The way. What uses it connects to [`Cut::address`].
pub struct Cut {
    /// Where it begins.
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    is_cut: bool,
    open: Vec<TcpStream>,
}

impl Cut {
    /// A way to there, whole.
    pub fn to(target: SocketAddr) -> Self {
        Self::from("127.0.0.1:0".parse().expect("an address"), target)
    }

    /// One that begins here.
    pub fn from(here: SocketAddr, target: SocketAddr) -> Self {
        let listener = TcpListener::bind(here).expect("a port");
        let (address, state) = (listener.local_addr().expect("an address"), Arc::<Mutex<State>>::default());
        let shared = state.clone();
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let mut state = shared.lock().expect("nobody panicked");
                // Dropped, it is closed.
                if state.is_cut {
                    continue;
                }
                let far = TcpStream::connect(target).expect("the server is there");
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (from, to) = (from.try_clone().expect("a copy"), to.try_clone().expect("a copy"));
                    state.open.push(from.try_clone().expect("a copy"));
                    std::thread::spawn(move || drop(carry(from, to)));
                }
            }
        });
        Self { address, state }
    }

    /// Ends every connection, and each new one at once.
    pub fn cut(&self) {
        let mut state = self.state.lock().expect("nobody panicked");
        state.is_cut = true;
        // One that has ended can not be ended again.
        state.open.drain(..).for_each(|stream| drop(stream.shutdown(Shutdown::Both)));
    }

    /// New connections go through again.
    pub fn mend(&self) {
        self.state.lock().expect("nobody panicked").is_cut = false;
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream) -> io::Result<()> {
    let mut bytes = [0; 16 * 1024];
    loop {
        match from.read(&mut bytes)? {
            0 => return to.shutdown(Shutdown::Both),
            count => to.write_all(&bytes[..count])?,
        }
    }
}
