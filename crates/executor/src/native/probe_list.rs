//! What is tried of the wall, in which box, and what must come of it: plain data and its judgement.

use std::time::Duration;

use probe::{Expected, Task};
use sandbox::{BoxOutcome, Exit, Hit, Limits, Root, Template};

/// The whole environment of a probe: enough to see one that is missing and one that is too many.
const ENV: [&str; 2] = ["HOME=/box", "LANG=C.UTF-8"];

/// What a probe's box must come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// The probe has tried, and says by its exit status that it was refused.
    Refused,
    /// The box was killed at this limit.
    Hit(Hit),
}

/// One thing that is tried.
#[derive(Debug)]
pub struct Probe {
    /// What it is called in messages.
    pub name: &'static str,
    /// What it shows when it passes.
    pub shows: &'static str,
    task: Task,
    proof: Proof,
}

/// What all boxes of probes may use. Where a limit is to be reached it is lower, so that it takes no time. The times are a
/// hundred times what a probe takes: a host that is slow or busy must not look like one without a wall (on an emulated
/// processor beside others that computed, filling memory took over five seconds).
const ROOMY: Limits = Limits {
    cpu_time: Duration::from_secs(30),
    wall_time: Duration::from_secs(60),
    memory_kib: 64 * 1024,
    processes: 8,
    output_bytes: 64 * 1024,
    file_bytes: 2 * 1024 * 1024,
    open_files: 32,
};

/// Everything that is tried, in this order. The first is the others up to the limits in one box: what there is
/// time for before the server listens.
pub const PROBES: [Probe; 11] = [
    Probe { name: "walls", shows: "the four that follow, in one box", task: Task::Walls, proof: Proof::Refused },
    Probe {
        name: "identity",
        shows: "a uid of its own, no group, no capability, no new privileges, filtered calls",
        task: Task::Identity,
        proof: Proof::Refused,
    },
    Probe {
        name: "view",
        shows: "no foreign process, host path, network or descriptor; environment and limits as given",
        task: Task::View,
        proof: Proof::Refused,
    },
    Probe {
        name: "files",
        shows: "nothing can be changed but the scratch space; no set-uid, device or link of use",
        task: Task::Files,
        proof: Proof::Refused,
    },
    Probe {
        name: "calls",
        shows: "no call that leads out of a box, and no socket but a local one, reaches the kernel",
        task: Task::Calls,
        proof: Proof::Refused,
    },
    Probe { name: "cpu_time", shows: "computing ends at its limit", task: Task::Spin, proof: Proof::Hit(Hit::CpuTime) },
    Probe {
        name: "wall_time",
        shows: "waiting ends at its limit",
        task: Task::Sleep,
        proof: Proof::Hit(Hit::WallTime),
    },
    Probe { name: "memory", shows: "memory ends at its limit", task: Task::Memory, proof: Proof::Hit(Hit::Memory) },
    Probe { name: "processes", shows: "no more processes than allowed", task: Task::Fork, proof: Proof::Refused },
    Probe {
        name: "file_bytes",
        shows: "no more bytes and files than allowed",
        task: Task::Fill,
        proof: Proof::Refused,
    },
    Probe {
        name: "output_bytes",
        shows: "output ends at its limit",
        task: Task::Flood,
        proof: Proof::Hit(Hit::Output),
    },
];

impl Probe {
    /// What its box may use.
    pub fn limits(&self) -> Limits {
        match self.task {
            // The limit that is tried is far from the one on the clock, which a host under load must not reach first.
            Task::Spin => Limits { cpu_time: Duration::from_millis(100), ..ROOMY },
            Task::Sleep => Limits { wall_time: Duration::from_millis(100), ..ROOMY },
            Task::Memory => Limits { memory_kib: 32 * 1024, ..ROOMY },
            _ => ROOMY,
        }
    }

    /// Its box.
    pub fn template(&self) -> Template {
        let Limits { memory_kib, processes, file_bytes, open_files, .. } = self.limits();
        let env: Vec<String> = ENV.map(str::to_owned).into();
        let expected = Expected {
            memory_kib,
            processes: processes.into(),
            file_bytes,
            open_files: open_files.into(),
            landlock: sandbox::has_landlock(),
            env: env.clone(),
        };
        let program = format!("/code/{}", probe::PROGRAM);
        let argv = std::iter::once(program).chain(probe::words(self.task, &expected)).collect();
        let root = Root { own_files: vec![(probe::UID_FILE.to_owned(), "{uid}".to_owned())], ..Root::default() };
        let name = format!("probe {}", self.name);
        Template { name, root, argv, env, product: None, fake_locks: false, ceiling: self.limits(), warm: None }
    }

    /// What the facts say; the reason if they do not say what they must.
    pub fn judge(&self, outcome: &BoxOutcome) -> Result<(), String> {
        let BoxOutcome { exit, hit, usage, stdout, stderr: _, warm: _, product: _ } = outcome;
        // A limit that is reached too late holds as little as one that is not there.
        let Limits { memory_kib, output_bytes, .. } = self.limits();
        if usage.memory_kib > memory_kib + memory_kib / 20 {
            return Err(format!("it had {} KiB of memory, and {memory_kib} were allowed", usage.memory_kib));
        }
        if u64::try_from(stdout.bytes.len()).unwrap_or(u64::MAX) > output_bytes {
            return Err(format!("{} bytes of output were kept, and {output_bytes} were allowed", stdout.bytes.len()));
        }
        match (self.proof, exit, hit) {
            (Proof::Refused, Exit::Status(0), None) => return Ok(()),
            (Proof::Hit(expected), _, Some(hit)) if *hit == expected => return Ok(()),
            _ => {}
        }
        let ended = hit.map_or_else(|| format!("it ended with {exit:?}"), |hit| format!("it hit {hit:?}"));
        let ended = match self.proof {
            Proof::Hit(expected) => format!("{ended} and not {expected:?}"),
            Proof::Refused if *exit == Exit::Status(probe::BROKEN.into()) => String::new(),
            Proof::Refused => ended,
        };
        // What a flood prints is no news.
        let said =
            if self.task == Task::Flood { String::new() } else { String::from_utf8_lossy(&stdout.bytes).into_owned() };
        let lines = said.lines().map(model::text::one_line);
        let parts: Vec<String> = std::iter::once(ended).chain(lines).filter(|part| !part.is_empty()).collect();
        Err(parts.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use sandbox::{Collected, Usage};

    use super::*;

    fn probe(name: &str) -> &'static Probe {
        PROBES.iter().find(|probe| probe.name == name).expect("is one of them")
    }

    fn outcome(exit: Exit, hit: Option<Hit>, said: &str) -> BoxOutcome {
        let stdout = Collected { bytes: said.as_bytes().to_vec(), truncated: false };
        BoxOutcome {
            exit,
            hit,
            usage: Usage::default(),
            stdout,
            stderr: Collected::default(),
            warm: false,
            product: None,
        }
    }

    #[test]
    fn the_exit_status_counts_and_not_what_is_printed() {
        assert_eq!(probe("calls").judge(&outcome(Exit::Status(0), None, "flock reaches the kernel")), Ok(()));
        let said = "mount reaches the kernel\nbpf reaches the kernel\n";
        let broken = probe("calls").judge(&outcome(Exit::Status(1), None, said));
        assert_eq!(broken, Err(said.trim().to_owned()));
        for bad in [
            outcome(Exit::Status(2), None, "all is well"),
            outcome(Exit::Signal(31), None, ""),
            outcome(Exit::Killed, Some(Hit::WallTime), ""),
            outcome(Exit::Status(0), Some(Hit::Output), ""),
        ] {
            assert!(probe("calls").judge(&bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_limit_holds_when_it_was_the_one_that_was_hit() {
        assert_eq!(probe("cpu_time").judge(&outcome(Exit::Killed, Some(Hit::CpuTime), "")), Ok(()));
        assert_eq!(probe("memory").judge(&outcome(Exit::Signal(9), Some(Hit::Memory), "")), Ok(()));
        for bad in [
            outcome(Exit::Killed, Some(Hit::WallTime), ""),
            outcome(Exit::Status(0), None, ""),
            outcome(Exit::Signal(24), None, ""),
        ] {
            let reason = probe("cpu_time").judge(&bad).expect_err("another end");
            assert!(reason.ends_with("and not CpuTime"), "{reason}");
        }
    }
}
