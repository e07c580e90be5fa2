//! What can fail on the way to a running program, each named by its step.

use std::fmt;
use std::io;

use serde::{Deserialize, Serialize};

/// The stages of making a box, in order. With the detail in [`SandboxError`] they say what failed
/// and with what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Starting the launcher, or finding what it needs.
    Launcher,
    /// Taking the instance's lock and its block of uids.
    Instance,
    /// Checking a request of the client.
    Request,
    /// Making the cgroups and writing their limits.
    Cgroup,
    /// clone3(2) with the namespaces.
    Clone,
    /// Everything between clone and exec of the runner: mounts, names, capabilities.
    Setup,
    /// Everything between fork and exec of the program.
    Program,
    /// Reading the counters and removing the cgroups.
    Teardown,
    /// Taking privileges away from the server.
    Confine,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Launcher => "launcher",
            Self::Instance => "instance",
            Self::Request => "request",
            Self::Cgroup => "cgroup",
            Self::Clone => "clone",
            Self::Setup => "box set-up",
            Self::Program => "program start",
            Self::Teardown => "teardown",
            Self::Confine => "confinement",
        })
    }
}

/// Code Runner failed to do its part. Never the student's fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{step}: {detail}: {cause}")]
pub struct SandboxError {
    /// The stage.
    pub step: Step,
    /// The call and its argument, such as `mount(/proc)`.
    pub detail: String,
    /// The error of the operating system, in its words.
    pub cause: String,
}

impl SandboxError {
    /// An error of this step.
    pub fn new(step: Step, detail: impl Into<String>, cause: impl fmt::Display) -> Self {
        Self { step, detail: detail.into(), cause: cause.to_string() }
    }
}

/// Adds step and call to an error of the operating system.
pub(crate) trait At<T> {
    /// `detail` is the call with its argument.
    fn at(self, step: Step, detail: impl FnOnce() -> String) -> Result<T, SandboxError>;
}

impl<T, E: Into<io::Error>> At<T> for Result<T, E> {
    fn at(self, step: Step, detail: impl FnOnce() -> String) -> Result<T, SandboxError> {
        self.map_err(|error| SandboxError::new(step, detail(), error.into()))
    }
}
