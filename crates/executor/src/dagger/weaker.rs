//! What a box promises and a container of an engine does not, each in a sentence for operators. `docs/dagger.md` has more.

use crate::Weaker;

/// Whatever the engine.
pub const WEAKER: &[Weaker] = &[
    Weaker {
        name: "isolation",
        there: "the engine is privileged root; who gets out of a container is root on its host",
    },
    Weaker { name: "network", there: "refused by the system call filter alone; the container has an interface" },
    Weaker {
        name: "memory",
        there: "looked at every 5 ms and summed, not bounded by a cgroup; what the kernel holds for a program is not counted",
    },
    Weaker {
        name: "cpu_time",
        there: "looked at every 5 ms; what lives for less and is waited for by nobody is not counted",
    },
    Weaker { name: "processors", there: "no weight: a program competes with whatever runs on the engine's host" },
    Weaker {
        name: "inputs",
        there: "all inputs of a submission share one container, emptied and with nobody alive between them",
    },
    Weaker {
        name: "traces",
        there: "code and inputs are part of what the engine keeps on its disk until it prunes them",
    },
];

/// Where the runner is no root.
pub const SAME_USER: Weaker = Weaker {
    name: "user",
    there: "programs are the same user as the runner, and only kept out of it by the kernel's rules for PID 1",
};

/// Where the container's kernel has no Landlock.
pub const NO_LANDLOCK: Weaker =
    Weaker { name: "landlock", there: "there is none: what is writable for everybody in the image can be written" };
