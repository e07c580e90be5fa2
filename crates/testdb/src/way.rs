//! A way to a TCP server that fails as networks do: it is cut, lets nothing through in one direction, is slow, loses
//! messages, goes silent for ever, or leads to another server from now on.
//!
//! ```text
//!  client --near--> thread that reads --line, with the time at which each piece is due--> thread that writes --far--> server
//!         <-------- the same the other way, another pair of threads <-------------------------------------------------
//! ```
//!
//! It knows no protocol. What is held in a direction waits, the end of a connection as well, and goes on when the way is let
//! go, as what is sent again does in a network that was divided.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// Pieces of a connection that are on their way in a direction; who sends more waits.
const MOST_PIECES: usize = 256;
/// The longest of them, in bytes.
const MOST_BYTES: usize = 16 * 1024;

/// A direction of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the server.
    There,
    /// From the server to the client.
    Back,
}

/// The way. What uses it connects to [`Way::address`].
pub struct Way {
    /// Where it begins.
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    target: SocketAddr,
    is_cut: bool,
    held: [bool; 2],
    /// When a client has sent this, the direction back is held.
    held_after: Option<&'static [u8]>,
    delay: Duration,
    /// Of a hundred pieces to the server, how many end their connection; and the state of chance.
    loss: (u64, u64),
    /// Connections before this one are silent for ever.
    silent_before: usize,
    /// Connections before this one are ended.
    ended_before: usize,
    made: usize,
    open: Vec<(usize, TcpStream)>,
}

/// What comes of a piece.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Arrives,
    /// It arrives, and its connection ends.
    IsTheLast,
    /// Its connection ends before.
    IsLost,
}

impl Default for State {
    fn default() -> Self {
        Self {
            target: SocketAddr::from(([127, 0, 0, 1], 0)),
            is_cut: false,
            held: [false; 2],
            held_after: None,
            delay: Duration::ZERO,
            loss: (0, 1),
            silent_before: 0,
            ended_before: 0,
            made: 0,
            open: Vec::new(),
        }
    }
}

impl Way {
    /// A way to there, whole.
    pub fn to(target: SocketAddr) -> Self {
        Self::from(SocketAddr::from(([127, 0, 0, 1], 0)), target)
    }

    /// One that begins here.
    pub fn from(here: SocketAddr, target: SocketAddr) -> Self {
        let listener = TcpListener::bind(here).expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::<Shared>::default();
        shared.state().target = target;
        let of_thread = Arc::clone(&shared);
        std::thread::spawn(move || {
            listener.incoming().map_while(Result::ok).for_each(|near| of_thread.connect(&near));
        });
        Self { address, shared }
    }

    /// A way to the database at `postgres://USER@HOST:PORT/NAME`, and the address of that by this way.
    pub fn to_database(address: &str) -> (Self, String) {
        let (user, rest) = address.split_once('@').expect("a user");
        let (host, name) = rest.split_once('/').expect("a database");
        let way = Self::to(host.parse().expect("a host and a port"));
        let by_this_way = format!("{user}@{}/{name}", way.address);
        (way, by_this_way)
    }

    /// Ends every connection, and each new one at once, until [`Way::mend`].
    pub fn cut(&self) {
        let mut state = self.shared.state();
        state.is_cut = true;
        state.end_all();
        self.shared.changed.notify_all();
    }

    /// New connections go through again.
    pub fn mend(&self) {
        self.shared.state().is_cut = false;
    }

    /// Lets nothing through in this direction, on old connections and new ones.
    pub fn hold(&self, direction: Direction) {
        self.shared.state().held[direction as usize] = true;
    }

    /// Holds what comes back, once a client has sent something with these bytes in it.
    pub fn hold_back_after(&self, sent: &'static [u8]) {
        self.shared.state().held_after = Some(sent);
    }

    /// Is this direction held?
    pub fn is_held(&self, direction: Direction) -> bool {
        self.shared.state().held[direction as usize]
    }

    /// Lets everything through in both directions, what was held first.
    pub fn let_go(&self) {
        self.shared.state().held = [false; 2];
        self.shared.changed.notify_all();
    }

    /// Has everything take this long in each direction.
    pub fn delay(&self, delay: Duration) {
        self.shared.state().delay = delay;
    }

    /// Of a hundred pieces to the server, so many end their connection, half of them when they have arrived. Chance begins with this
    /// seed.
    pub fn lose(&self, of_a_hundred: u64, seed: u64) {
        self.shared.state().loss = (of_a_hundred, seed.max(1));
    }

    /// The connections there are never carry anything again, and nobody is told; new ones work.
    pub fn silence(&self) {
        let mut state = self.shared.state();
        state.silent_before = state.made;
    }

    /// Ends every connection; new ones lead to there.
    pub fn lead_to(&self, target: SocketAddr) {
        let mut state = self.shared.state();
        state.target = target;
        state.end_all();
        self.shared.changed.notify_all();
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        self.cut();
    }
}

impl State {
    fn end_all(&mut self) {
        self.ended_before = self.made;
        // One that has ended can not be ended again.
        self.open.drain(..).for_each(|(_, stream)| drop(stream.shutdown(Shutdown::Both)));
    }

    /// What chance wants of the next piece to the server.
    fn fate(&mut self) -> Fate {
        let (of_a_hundred, chance) = &mut self.loss;
        // xorshift64
        *chance ^= *chance << 13;
        *chance ^= *chance >> 7;
        *chance ^= *chance << 17;
        match *chance % 200 / 2 < *of_a_hundred {
            false => Fate::Arrives,
            true if *chance % 2 == 0 => Fate::IsTheLast,
            true => Fate::IsLost,
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panicked")
    }

    /// Carries what comes and goes on this connection, if there is a server.
    fn connect(self: &Arc<Self>, near: &TcpStream) {
        let mut state = self.state();
        // Dropped, it is closed.
        if state.is_cut {
            return;
        }
        let Ok(far) = TcpStream::connect(state.target) else { return };
        let number = state.made;
        state.made += 1;
        for (direction, from, to) in [(Direction::There, near, &far), (Direction::Back, &far, near)] {
            let copy = |stream: &TcpStream| stream.try_clone().expect("a copy");
            let (from, to, shared) = (copy(from), copy(to), Arc::clone(self));
            state.open.push((number, copy(&from)));
            to.set_nodelay(true).expect("is a connection");
            let (line, pieces) = sync_channel(MOST_PIECES);
            let of_reader = Arc::clone(self);
            std::thread::spawn(move || drop(of_reader.read(from, &line)));
            std::thread::spawn(move || drop(shared.write(number, direction, to, &pieces)));
        }
    }

    fn read(&self, mut from: TcpStream, line: &SyncSender<(Instant, Vec<u8>)>) -> io::Result<()> {
        let mut bytes = [0; MOST_BYTES];
        loop {
            let length = from.read(&mut bytes)?;
            let due = Instant::now() + self.state().delay;
            if length == 0 || line.send((due, bytes[..length].to_vec())).is_err() {
                return Ok(());
            }
        }
    }

    /// Writes what is due until the line or the connection ends.
    fn write(
        &self,
        number: usize,
        direction: Direction,
        mut to: TcpStream,
        pieces: &Receiver<(Instant, Vec<u8>)>,
    ) -> io::Result<()> {
        while let Ok((due, piece)) = pieces.recv() {
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            let fate = self.pass(number, direction, &piece);
            if fate != Fate::IsLost {
                to.write_all(&piece)?;
            }
            if fate != Fate::Arrives {
                self.end(number);
                return Ok(());
            }
        }
        self.pass(number, direction, &[]);
        to.shutdown(Shutdown::Both)
    }

    /// Ends one connection, on both sides.
    fn end(&self, number: usize) {
        // One that has ended can not be ended again.
        self.state()
            .open
            .iter()
            .filter(|(of, _)| *of == number)
            .for_each(|(_, one)| drop(one.shutdown(Shutdown::Both)));
    }

    /// Returns when this may go on in this direction, and what comes of it.
    fn pass(&self, number: usize, direction: Direction, piece: &[u8]) -> Fate {
        let mut state = self
            .changed
            .wait_while(self.state(), |state| {
                let is_silent = state.held[direction as usize] || number < state.silent_before;
                is_silent && number >= state.ended_before
            })
            .expect("nobody panicked");
        if direction == Direction::Back || piece.is_empty() {
            return Fate::Arrives;
        }
        if state.held_after.is_some_and(|bytes| piece.windows(bytes.len()).any(|part| part == bytes)) {
            state.held_after = None;
            state.held[Direction::Back as usize] = true;
        }
        state.fate()
    }
}

#[cfg(test)]
mod tests;
