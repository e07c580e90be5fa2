//! How many of the process's descriptors connections may take.
//!
//! Whoever can connect could otherwise take all of them, without a key and without a word, and there would be none left
//! to make a box with: self-tests would fail, and a language be refused that works.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// As many as the server can make use of.
const MOST: u64 = 1 << 16;

/// What the server has open when nobody does anything: the store, logs, the launcher, the runtime.
const ALWAYS: u64 = 64;

/// What a submission needs while it runs: pipes, files and an artifact.
const FOR_A_WORKER: u64 = 40;

/// What a box that waits needs.
const FOR_A_BOX: u64 = 2;

/// Lets this process have as many as its host allows. Others that it started before keep what they have.
pub fn raise() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.unwrap_or(MOST).min(MOST);
    if current.is_some_and(|current| current < wanted) {
        // Where that is refused there are fewer connections.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
    }
}

/// How many connections may be open at the same time: as many as were asked for, if that leaves enough for so many workers
/// and boxes. A quarter of all descriptors is always for connections.
pub fn connections(asked: usize, workers: usize, boxes: usize) -> usize {
    let Some(all) = getrlimit(Resource::Nofile).current else { return asked };
    let most = room(all, workers as u64, boxes as u64);
    if (asked as u64) <= most {
        return asked;
    }
    tracing::warn!(
        connections = most,
        descriptors = all,
        "fewer connections than max_connections: this process may not have more descriptors"
    );
    usize::try_from(most).unwrap_or(asked)
}

fn room(all: u64, workers: u64, boxes: u64) -> u64 {
    all.saturating_sub(ALWAYS + FOR_A_WORKER * workers + FOR_A_BOX * boxes).max(all / 4).max(1)
}

#[cfg(test)]
mod tests {
    use super::room;

    #[test]
    fn what_is_kept_for_boxes_grows_with_them_and_leaves_a_quarter() {
        assert_eq!(room(1024, 2, 24), 1024 - 64 - 80 - 48);
        assert_eq!(room(1024, 64, 120), 256);
        assert_eq!(room(0, 1, 0), 1);
    }
}
