//! A name server that knows one name, on an address of loopback that is this process's alone, and the view of a host that asks it.

use std::net::{Ipv4Addr, UdpSocket};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

/// The name that it knows.
pub const NAME: &str = "db.school.example";

/// Bytes of the header of a message (RFC 1035, 4.1.1).
const HEADER: usize = 12;
/// The type of a question for an IPv4 address (RFC 1035, 3.2.2).
const A: u16 = 1;

/// The name server.
pub struct Names {
    server: Ipv4Addr,
    answer: Arc<Mutex<Ipv4Addr>>,
}

impl Names {
    /// One that says that the name is here. Needs root, for the port that name servers have.
    pub fn new(here: Ipv4Addr) -> Self {
        static COUNT: AtomicU8 = AtomicU8::new(0);
        let [_, high, middle, low] = std::process::id().to_be_bytes();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let server = Ipv4Addr::new(127, 128 | (count << 4) | (high & 0xf), middle, low);
        let socket = UdpSocket::bind((server, 53)).expect("the port of name servers");
        let answer = Arc::new(Mutex::new(here));
        let shared = Arc::clone(&answer);
        std::thread::spawn(move || {
            let mut question = [0; 512];
            while let Ok((length, client)) = socket.recv_from(&mut question) {
                let here = *shared.lock().expect("nobody panicked");
                socket.send_to(&reply(&question[..length], here), client).expect("can be sent");
            }
        });
        Self { server, answer }
    }

    /// From now on it is there.
    pub fn move_to(&self, there: Ipv4Addr) {
        *self.answer.lock().expect("nobody panicked") = there;
    }

    /// The command on a host that asks this server, with files in this folder, and knows nothing by itself.
    pub fn seen_by(&self, command: &Command, folder: &Path) -> Command {
        let files = [
            ("hosts", "127.0.0.1 localhost\n".to_owned()),
            ("resolv.conf", format!("nameserver {}\n", self.server)),
            // Libraries of the host come first, as on many.
            (
                "nsswitch.conf",
                "hosts: mymachines resolve [!UNAVAIL=return] files dns\npasswd: systemd files\n".to_owned(),
            ),
        ];
        let mut script = String::new();
        for (name, content) in files {
            std::fs::write(folder.join(name), content).expect("can be written");
            script += &format!("mount --bind \"$1/{name}\" /etc/{name} && ");
        }
        script += "shift && exec \"$@\"";
        let mut seen = Command::new("unshare");
        seen.args(["--mount", "sh", "-ec", &script, "sh"]).arg(folder);
        seen.arg(command.get_program()).args(command.get_args());
        seen.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        seen.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        if let Some(current) = command.get_current_dir() {
            seen.current_dir(current);
        }
        seen
    }
}

/// The answer to a question: an address for the name, if it is one of IPv4 that is asked for, and none for all others.
fn reply(question: &[u8], here: Ipv4Addr) -> Vec<u8> {
    let mut labels = Vec::new();
    let mut rest = &question[HEADER..];
    while rest[0] != 0 {
        let (label, after) = rest[1..].split_at(usize::from(rest[0]));
        labels.push(label);
        rest = after;
    }
    let asks_for_a = rest[1..3] == A.to_be_bytes();
    let is_known = labels.join(&b'.').eq_ignore_ascii_case(NAME.as_bytes());
    let end = question.len() - rest.len() + 5;
    let mut reply = question[..end].to_vec();
    let answers = u8::from(asks_for_a && is_known);
    // It is an answer, with authority, of a server that would ask others; there is no such name, or there is one (RFC 1035, 4.1.1).
    (reply[2], reply[3]) = (0x85, if is_known { 0x80 } else { 0x83 });
    reply[4..HEADER].copy_from_slice(&[0, 1, 0, answers, 0, 0, 0, 0]);
    if answers == 1 {
        // The name of the question, an address, of the internet, for no time, of four bytes.
        reply.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
        reply.extend(here.octets());
    }
    reply
}
