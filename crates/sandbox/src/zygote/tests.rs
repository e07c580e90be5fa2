//! A template that was taken over can say anything, and gains nothing by it: not a crash, not the failure of a box it has
//! no part in.

use std::process::{Child, Command, Stdio};

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// The boxes that the template was told to fork into; others were not.
const TOLD: [u64; 3] = [3, 5, 8];

/// Those of another template, which says nothing.
const OF_ANOTHER: [u64; 2] = [4, 7];

/// What a template sends, one packet each.
#[derive(Debug, Clone)]
enum Said {
    /// With the number of descriptors beside it.
    Forked(Forked, usize),
    Bytes(Vec<u8>),
}

fn said() -> impl Strategy<Value = Said> {
    let serial = prop_oneof![4 => 0..10_u64, 1 => any::<u64>()];
    let failed = (serial, any::<String>(), any::<String>());
    let failed = failed.prop_map(|(serial, call, cause)| Forked::Failed { serial, call, cause });
    prop_oneof![
        2 => (prop_oneof![1 => Just(Forked::Warm), 3 => failed], 0_usize..4).prop_map(|(said, fds)| Said::Forked(said, fds)),
        1 => vec(any::<u8>(), 0..64).prop_map(Said::Bytes),
    ]
}

/// A process that ends when its standard input does, in the place of an interpreter; and the other end of its socket.
fn template(id: u64, told: &[u64], warm: bool) -> (Zygote, Child, OwnedFd) {
    let process = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("cat is there");
    let pid = Pid::from_raw(process.id().cast_signed()).expect("is a pid");
    let (socket, theirs) = socket_pair().expect("a pair");
    let (pidfd, started) = (pidfd(pid).expect("it lives"), Instant::now());
    let kind = usize::try_from(id).expect("is small");
    let told = told.to_vec();
    (Zygote { id, kind, pidfd, socket, started, warm, retired: false, leaves: false, forks: 0, told }, process, theirs)
}

fn send(socket: &OwnedFd, said: &Said) {
    match said {
        Said::Forked(forked, count) => {
            let fds: Vec<_> = std::iter::repeat_n(socket.as_fd(), *count).collect();
            wire::send(socket, forked, &fds).expect("fits");
        }
        Said::Bytes(bytes) => {
            rustix::net::send(socket, bytes, rustix::net::SendFlags::NOSIGNAL).expect("fits");
        }
    }
}

/// Which boxes fail of what it says, in their order, and whether it is kept, by the rules.
fn expected(said: &[Said], warm: bool) -> (Vec<u64>, bool) {
    let (mut told, mut warm, mut failed) = (TOLD.to_vec(), warm, Vec::new());
    for said in said {
        let forked = match said {
            Said::Forked(forked, _) => Some(forked.clone()),
            Said::Bytes(bytes) => runner::protocol::decode(bytes).ok(),
        };
        match forked {
            Some(Forked::Warm) if !warm => warm = true,
            Some(Forked::Failed { serial, .. }) if told.contains(&serial) => {
                told.retain(|other| *other != serial);
                failed.push(serial);
            }
            _ => {
                failed.append(&mut told);
                return (failed, false);
            }
        }
    }
    (failed, true)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn a_hostile_template_can_say_anything(said in vec(said(), 0..12), warm in any::<bool>(), hangs_up in any::<bool>()) {
        let (hostile, mut process, theirs) = template(1, &TOLD, warm);
        let (other, mut quiet, _silent) = template(2, &OF_ANOTHER, true);
        let mut zygotes = Zygotes { living: vec![hostile, other], ..Zygotes::default() };
        said.iter().for_each(|said| send(&theirs, said));
        if hangs_up {
            // To close it would not be enough while another test starts a process, which has a copy until it executes.
            rustix::net::shutdown(&theirs, rustix::net::Shutdown::Both).expect("is connected");
        }
        let (mut wanted, is_kept) = expected(&said, warm);
        if is_kept && hangs_up {
            wanted.extend(TOLD.iter().filter(|serial| !wanted.contains(serial)).copied().collect::<Vec<_>>());
        }
        let failed: Vec<u64> = zygotes.advance().into_iter().map(|(serial, _)| serial).collect();
        prop_assert_eq!(failed, wanted);
        let ids: Vec<u64> = zygotes.living.iter().map(|zygote| zygote.id).collect();
        let expected = if is_kept && !hangs_up { vec![1, 2] } else { vec![2] };
        prop_assert_eq!(ids, expected);
        // Nothing is said twice.
        prop_assert!(zygotes.advance().is_empty());
        zygotes.clear();
        drop(theirs);
        // They have been waited for, by their descriptors.
        for process in [&mut process, &mut quiet] {
            let _ = process.wait();
        }
    }
}

#[test]
fn a_template_of_which_a_box_has_failed_is_used_no_more() {
    let (zygote, mut process, theirs) = template(1, &TOLD, true);
    let mut zygotes = Zygotes { living: vec![zygote], ..Zygotes::default() };
    let failed = Forked::Failed { serial: TOLD[0], call: "setns".to_owned(), cause: "no".to_owned() };
    send(&theirs, &Said::Forked(failed, 0));
    assert_eq!(zygotes.advance().len(), 1);
    assert!(zygotes.living[0].retired);
    zygotes.clear();
    let _ = process.wait();
}

#[test]
fn a_template_that_was_replaced_ends_without_failing_what_it_has_done() {
    for leaves in [true, false] {
        let (mut zygote, mut process, theirs) = template(1, &TOLD, true);
        if leaves {
            zygote.tell_no_more();
        }
        drop(theirs);
        let mut failed = Vec::new();
        assert!(!zygote.hear(&mut failed), "it is gone");
        assert_eq!(failed.len(), if leaves { 0 } else { TOLD.len() });
        zygote.end();
        let _ = process.wait();
    }
}
