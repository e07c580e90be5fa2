//! A runner that was taken over can say anything, and gains nothing by it: not a crash, not an outcome of a box that
//! did not run.

use std::process::{Command, Stdio};

use proptest::collection::vec;
use proptest::prelude::*;
use rustix::process::{Pid, PidfdFlags};

use super::*;

/// What the runner sends, one packet each.
#[derive(Debug, Clone)]
enum Said {
    Event(Event),
    Bytes(Vec<u8>),
    /// With the number of descriptors beside it.
    Built(usize),
}

fn said() -> impl Strategy<Value = Said> {
    let ended = (any::<i32>(), any::<Duration>())
        .prop_map(|(status, wall_time)| Event::Ended { exit: protocol::Exit::Status(status), wall_time });
    let failed = (any::<String>(), any::<String>()).prop_map(|(call, cause)| Event::Failed {
        stage: Stage::Program,
        call,
        cause,
    });
    let started = any::<Duration>().prop_map(|used| Event::Started { used });
    let not_executable = any::<String>().prop_map(|cause| Event::NotExecutable { cause });
    prop_oneof![
        prop_oneof![started, Just(Event::Gate), Just(Event::Ready), ended, failed, not_executable,]
            .prop_map(Said::Event),
        vec(any::<u8>(), 0..64).prop_map(Said::Bytes),
        (0_usize..5).prop_map(Said::Built),
    ]
}

/// The files a cgroup v2 has, in an ordinary folder.
fn cgroup(folder: &std::path::Path) -> BoxCgroup {
    let directory = folder.join("code-runner-0/0-1");
    std::fs::create_dir_all(&directory).expect("a folder");
    let files = ["memory.max", "memory.oom.group", "pids.max", "cgroup.procs"].map(|name| (name, ""));
    let counters = [("cpu.stat", "usage_usec 1000\n"), ("memory.peak", "4096\n"), ("memory.events", "oom_kill 0\n")];
    for (name, content) in files.into_iter().chain(counters) {
        std::fs::write(directory.join(name), content).expect("can be written");
    }
    let limits = CgroupLimits { memory_bytes: 1 << 20, tasks: 2 };
    let hierarchy = Hierarchy::V2(folder.to_owned());
    let place = Place { hierarchy: &hierarchy, instance: "code-runner-0", slot: 0, serial: 1, keeps: true };
    let cgroup = BoxCgroup::create(place, limits, None).expect("all files are there");
    // Nobody can be killed here.
    std::fs::remove_file(directory.join("cgroup.procs")).expect("is there");
    cgroup
}

fn live(cgroup: BoxCgroup, channel: OwnedFd, pidfd: OwnedFd, start: Start) -> LiveBox {
    let limits = Limits {
        cpu_time: Duration::from_secs(1),
        wall_time: Duration::from_secs(1),
        memory_kib: 1024,
        processes: 1,
        output_bytes: 1,
        file_bytes: 4096,
        open_files: 8,
    };
    let now = Instant::now();
    LiveBox {
        serial: 1,
        pidfd,
        channel,
        channel_open: true,
        cgroup,
        out_of_memory: None,
        limits,
        processors: 1,
        start,
        to_fork: None,
        has_gate: false,
        ready: None,
        used: Some(now),
        deadline: Some(now + SETUP_TIME),
        started: None,
        cpu_before: None,
        next_look: None,
        hit: None,
        ended: None,
        failed: None,
        product: None,
        is_artifact: false,
        holes: Holes::default(),
    }
}

#[test]
fn a_runner_whose_program_is_forked_is_told_of_none() {
    let confinement = Confinement {
        cwd: "/box".to_owned(),
        uid: 1,
        rlimits: Rlimits { cpu_seconds: 1, file_bytes: 1, open_files: 1, processes: 1, stack_bytes: 1 },
        seccomp: vec![vec![1, 2]],
        is_narrowed: true,
        writable: vec!["/box".to_owned()],
        landlock: true,
        holes: Holes::default(),
    };
    let (argv, env) = (vec!["/bin/true".to_owned()], vec!["A=B".to_owned()]);
    let job = Job { argv, env, start: Start::Forked, confinement: confinement.clone() };
    let (told, of_template) = without_program(job);
    assert_eq!(of_template, Some(confinement.clone()), "all is for the template");
    assert!(told.argv.is_empty() && told.env.is_empty());
    assert_eq!(told.confinement, Confinement { seccomp: Vec::new(), ..confinement });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_hostile_runner_can_say_anything(
        said in vec(said(), 0..12),
        start in prop::sample::select(vec![Start::OnGo, Start::Ahead, Start::Forked]),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        // Ends when its standard input does.
        let mut process = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("cat is there");
        let pid = Pid::from_raw(process.id().cast_signed()).expect("is a pid");
        let pidfd = rustix::process::pidfd_open(pid, PidfdFlags::empty()).expect("it lives");
        let (ours, theirs) = socket_pair().expect("a pair");
        let mut live = live(cgroup(folder.path()), ours, pidfd, start);
        let mut says_that_it_ended = false;
        let mut is_heard = true;
        for said in &said {
            match said {
                Said::Event(event) => {
                    says_that_it_ended |= is_heard && matches!(event, Event::Ended { .. });
                    wire::send(&theirs, event, &[]).expect("fits");
                }
                Said::Bytes(bytes) => {
                    // What is no event ends the conversation.
                    is_heard &= protocol::decode::<Event>(bytes).is_ok();
                    says_that_it_ended |= is_heard && matches!(protocol::decode(bytes), Ok(Event::Ended { .. }));
                    rustix::net::send(&theirs, bytes, rustix::net::SendFlags::NOSIGNAL).expect("fits");
                }
                Said::Built(count) => {
                    let fds: Vec<_> = std::iter::repeat_n(theirs.as_fd(), *count).collect();
                    wire::send(&theirs, &Event::Built, &fds).expect("fits");
                }
            }
        }
        drop(theirs);
        assert!(!live.advance().expect("the counters can be read"), "it lives");
        live.kill_init();
        while !live.advance().expect("the counters can be read") {
            std::thread::yield_now();
        }
        assert_eq!(live.ended.is_some(), says_that_it_ended);
        let (reply, _) = live.conclude();
        assert_eq!(matches!(reply, Reply::Ended { .. }), says_that_it_ended);
        // The folder is no cgroup and stays.
        live.remove().expect_err("is told");
        let _ = process.wait();
    }
}
