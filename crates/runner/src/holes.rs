//! Layers of the wall that a test takes away, to see that a probe aimed at them can fire.
//!
//! Only a test build (cargo feature `holes`, refused in release builds) can have any: in every other build
//! [`Holes`] holds nothing and [`Holes::has`] is always false, so that what it guards is not even compiled
//! conditionally, and reads in one place.

use serde::{Deserialize, Serialize};

#[cfg(all(feature = "holes", not(debug_assertions)))]
compile_error!("a release binary must not be able to open a hole in the wall");

/// A layer that can be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hole {
    /// Nobody looks at the CPU time.
    CpuTime,
    /// Nobody looks at the clock.
    WallTime,
    /// Four times the memory.
    Memory,
    /// 64 times the tasks.
    Processes,
    /// Four times the output.
    Output,
    /// 16 times the bytes and entries of files.
    Files,
    /// 16 times the descriptors.
    OpenFiles,
    /// Core files are allowed.
    Core,
    /// The smaller limits of setrlimit(2) are not set.
    Rlimits,
    /// No system call filter.
    Seccomp,
    /// No Landlock.
    Landlock,
    /// The tree can be written; changes to the host's folders are thrown away.
    Readonly,
    /// The program is the host's uid 0, without capabilities.
    Uid,
    /// The bounding set is not emptied.
    Capabilities,
    /// exec may give privileges.
    NoNewPrivs,
    /// The host's pid namespace.
    PidNamespace,
    /// The host's network.
    Network,
    /// The host's IPC namespace.
    Ipc,
    /// The host's name.
    Uts,
    /// The host's view of cgroups.
    CgroupNamespace,
    /// All of `/proc`.
    Proc,
    /// The host's `/dev`.
    Devices,
    /// Folders of the host that no program should see.
    HostFiles,
    /// Symbolic links in the scratch space are followed.
    Symlinks,
    /// Mounts honour set-uid bits.
    Nosuid,
    /// One more variable in the environment.
    Environment,
    /// The runner's channel and a folder of the host are inherited.
    Descriptors,
    /// All boxes share one scratch space.
    SharedScratch,
    /// What the main process leaves behind lives on.
    Teardown,
}

/// What is open: nothing, except in a test build.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holes(#[cfg(feature = "holes")] Vec<Hole>);

impl Holes {
    /// Is this layer left out?
    #[cfg(not(feature = "holes"))]
    #[must_use]
    pub const fn has(&self, _: Hole) -> bool {
        false
    }

    /// Is this layer left out?
    #[cfg(feature = "holes")]
    #[must_use]
    pub fn has(&self, hole: Hole) -> bool {
        self.0.contains(&hole)
    }

    /// Is anything left out?
    #[must_use]
    pub fn any(&self) -> bool {
        *self != Self::default()
    }

    /// `factor` where the layer is left out, else 1.
    #[must_use]
    pub fn times(&self, hole: Hole, factor: u32) -> u32 {
        if self.has(hole) { factor } else { 1 }
    }

    /// The holes of these names, joined by `+`.
    ///
    /// # Errors
    /// The name that is none.
    #[cfg(feature = "holes")]
    pub fn named(names: &str) -> Result<Self, String> {
        use serde::de::IntoDeserializer;
        use serde::de::value::{Error, StrDeserializer};
        let hole = |name: &str| {
            let deserializer: StrDeserializer<'_, Error> = name.into_deserializer();
            Hole::deserialize(deserializer).map_err(|error| error.to_string())
        };
        names.split('+').map(str::trim).filter(|name| !name.is_empty()).map(hole).collect::<Result<_, _>>().map(Self)
    }
}
