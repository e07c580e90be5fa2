//! Which layers of the wall this host offers, one by one, with what to do about those it lacks.
//!
//! These are questions to the kernel that change nothing. That the layers also hold together is
//! shown by running something in a box, which is the caller's next step.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rustix::thread::CapabilitySet;

use crate::cgroup::Hierarchy;
use crate::ground::Ground;
use crate::seccomp::{filters, reachable};
use crate::sys;

/// The oldest kernel with everything a box uses: `nosymfollow` came with 5.10, the rest earlier
/// (`subset=pid` of proc with 5.8, close_range with 5.9, clone3 and pidfd with 5.3).
const OLDEST_KERNEL: (u32, u32) = (5, 11);

const RUNNER_REMEDY: &str =
    "build it (`make build`) and keep it beside `code-runner`, or name it in CODE_RUNNER_RUNNER";
const PROBE_REMEDY: &str = "build it (`make build`) and keep it beside the runner";

/// One layer and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Its name.
    pub name: &'static str,
    /// Present or not.
    pub state: LayerState,
}

/// How a layer stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LayerState {
    /// It is there; with what was found.
    Present(String),
    /// It is not there, and boxes can do without: they have other layers.
    Optional {
        /// What was found instead.
        found: String,
        /// How to get it.
        remedy: String,
    },
    /// It is not there, and nothing is run without it.
    Missing {
        /// What was found instead.
        found: String,
        /// How to get it.
        remedy: String,
    },
}

/// Asks for every layer. `runner` and `probe` are where the static programs of boxes should be.
pub fn probe_layers(ground: &Ground, runner: &Path, probe: &Path) -> Vec<Layer> {
    vec![
        Layer { name: "kernel", state: kernel() },
        Layer { name: "users", state: ground.users.clone() },
        Layer { name: "privileges", state: privileges() },
        Layer { name: "namespaces", state: namespaces() },
        Layer { name: "cgroups", state: cgroups() },
        Layer { name: "seccomp", state: seccomp() },
        Layer { name: "landlock", state: landlock() },
        Layer { name: "runner", state: static_program(runner, RUNNER_REMEDY) },
        Layer { name: "probe", state: static_program(probe, PROBE_REMEDY) },
    ]
}

/// Those without which nothing is run.
pub fn missing_layers(layers: &[Layer]) -> Vec<&Layer> {
    layers.iter().filter(|layer| matches!(layer.state, LayerState::Missing { .. })).collect()
}

fn missing(found: impl Into<String>, remedy: impl Into<String>) -> LayerState {
    LayerState::Missing { found: found.into(), remedy: remedy.into() }
}

fn kernel() -> LayerState {
    let uname = rustix::system::uname();
    let release = uname.release().to_string_lossy().into_owned();
    let machine = uname.machine().to_string_lossy().into_owned();
    let (major, minor) = OLDEST_KERNEL;
    if machine != "x86_64" {
        return missing(machine, "run on an x86-64 machine: the system call filter is written for it");
    }
    let mut numbers = release.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<u32>().ok());
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version < OLDEST_KERNEL {
        return missing(format!("Linux {release}"), format!("install Linux {major}.{minor} or newer"));
    }
    LayerState::Present(format!("Linux {release}, {machine}"))
}

fn privileges() -> LayerState {
    let needed = CapabilitySet::SYS_ADMIN
        | CapabilitySet::SETUID
        | CapabilitySet::SETGID
        | CapabilitySet::SETPCAP
        | CapabilitySet::CHOWN
        | CapabilitySet::DAC_OVERRIDE
        | CapabilitySet::FOWNER
        | CapabilitySet::SYS_CHROOT
        | CapabilitySet::KILL;
    let have = rustix::thread::capabilities(None).map_or(CapabilitySet::empty(), |sets| sets.effective);
    let lacking = needed.difference(have);
    if lacking.is_empty() {
        return LayerState::Present(
            "those of root over these users; the server itself gives them up before it reads a request".to_owned(),
        );
    }
    let names: Vec<String> = lacking.iter_names().map(|(name, _)| format!("CAP_{name}")).collect();
    missing(
        format!("without {}", names.join(", ")),
        "start as root (`sudo code-runner serve`; the server gives them up before it reads a request), or as an \
         ordinary user where layer `users` can be had; in a container they are needed inside it only: \
         `--cap-add=SYS_ADMIN`, or a user namespace (docs/unprivileged.md)",
    )
}

fn namespaces() -> LayerState {
    let kinds = ["pid", "mnt", "net", "ipc", "uts", "cgroup"];
    let absent: Vec<&str> = kinds.into_iter().filter(|kind| !Path::new("/proc/self/ns").join(kind).exists()).collect();
    if absent.is_empty() {
        return LayerState::Present(kinds.join(", "));
    }
    missing(
        format!("no {}", absent.join(", ")),
        "use a kernel with these namespaces (CONFIG_NAMESPACES), and mount /proc",
    )
}

fn cgroups() -> LayerState {
    match Hierarchy::discover() {
        Ok(hierarchy) => LayerState::Present(hierarchy.describe()),
        Err(error) => missing(format!("{}: {}", error.detail, error.cause), crate::cgroup::how_to_get_one()),
    }
}

fn seccomp() -> LayerState {
    if !sys::seccomp_filters_available() {
        return missing("the kernel refuses filters", "use a kernel with CONFIG_SECCOMP_FILTER");
    }
    match filters() {
        Ok(_) => {
            let reachable = reachable();
            let (calls, families) = (reachable.calls.len(), reachable.families.len());
            LayerState::Present(format!("allow-list of {calls} system calls and {families} socket family"))
        }
        Err(error) => missing(error.to_string(), "this build is broken: install another"),
    }
}

/// Has this kernel Landlock, so that every box is held by it?
pub fn has_landlock() -> bool {
    sys::landlock_abi() > 0
}

fn landlock() -> LayerState {
    match sys::landlock_abi() {
        0 => LayerState::Optional {
            found: "the kernel has none".to_owned(),
            remedy: "use Linux 5.13 or newer with `landlock` in the boot parameter `lsm=`".to_owned(),
        },
        abi => LayerState::Present(format!("ABI {abi}")),
    }
}

fn static_program(path: &Path, remedy: &str) -> LayerState {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(4096).read_to_end(&mut head));
    match read {
        Err(error) => missing(format!("{}: {error}", path.display()), remedy),
        Ok(_) if !is_static_elf(&head) => missing(format!("{} is not a static program", path.display()), remedy),
        Ok(_) => LayerState::Present(path.display().to_string()),
    }
}

/// A 64-bit ELF file whose program headers name no interpreter (elf(5)).
fn is_static_elf(head: &[u8]) -> bool {
    const PROGRAM_INTERPRETER: u32 = 3;
    let number = |offset: usize, size: usize| -> Option<u64> {
        let bytes = head.get(offset..offset + size)?;
        Some(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    };
    let is_elf = head.starts_with(b"\x7fELF\x02\x01");
    let (Some(table), Some(size), Some(count)) = (number(32, 8), number(54, 2), number(56, 2)) else { return false };
    let kinds = (0..count).map(|index| {
        let offset = usize::try_from(table + index * size).ok()?;
        number(offset, 4)
    });
    is_elf && kinds.into_iter().all(|kind| kind.is_some_and(|kind| kind != u64::from(PROGRAM_INTERPRETER)))
}
