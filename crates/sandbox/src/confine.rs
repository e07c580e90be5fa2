//! Takes all privileges away from the process that is about to read requests from the network.
//!
//! Afterwards it runs as a uid of its own without capabilities, and sees a file tree that holds the
//! folders and files it was given and nothing else of the host. This can not be undone.

use std::path::PathBuf;

use runner::holes::Holes;
use rustix::process::{Resource, Rlimit};
use rustix::thread::{CapabilitySet, CapabilitySets};

use crate::error::{At, SandboxError, Step};
use crate::ground::{Ground, first_uid};
use crate::instance::server_uid;
use crate::root::{Bind, Stage};
use crate::spec::Root;
use crate::sys;

/// What the process keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confinement {
    /// Who it becomes, never 0. Its folders must belong to this uid already.
    pub uid: u32,
    /// Folders of the host it may change, absolute and without symbolic links. It finds them where
    /// they were.
    pub folders: Vec<PathBuf>,
    /// Files of the host it may read, by absolute paths, under which it finds them. What a symbolic link leads to now is what it
    /// sees: a file that is replaced later, and not written anew, stays what it was.
    pub files: Vec<PathBuf>,
}

impl Confinement {
    /// The uid a server takes when none is configured.
    ///
    /// # Errors
    /// When this user namespace has none to give.
    pub fn default_uid() -> Result<u32, SandboxError> {
        first_uid().map(server_uid)
    }
}

/// Confines this process, which stands on `ground`. It must have one thread, and the privileges it is to lose.
///
/// # Errors
/// [`SandboxError`] with the step; the process must not go on then.
pub fn confine_self(confinement: &Confinement, ground: &Ground) -> Result<(), SandboxError> {
    let step = Step::Confine;
    let Confinement { uid, folders, files } = confinement;
    if *uid == 0 {
        return Err(SandboxError::new(step, "uid", "root can not be confined"));
    }
    sys::unshare(libc::CLONE_NEWNS).at(step, || "unshare(CLONE_NEWNS)".to_owned())?;
    // The way to the folders is passed by another user than the one who makes it, whatever that one wants of new files.
    let of_files = rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o022));
    let stage = Stage::begin(step, &ground.folder, 0, &Holes::default())?;
    let mut binds = Vec::new();
    for folder in folders {
        let target = folder.display().to_string();
        binds.push(Bind { source: folder.clone(), target, is_folder: true, writable: true });
    }
    for file in files {
        let target = file.display().to_string();
        let source = file.canonicalize().at(step, || target.clone())?;
        binds.push(Bind { source, target, is_folder: false, writable: false });
    }
    stage.populate(&Root { binds, ..Root::default() })?;
    // Libraries look for random numbers and for somewhere to write nothing.
    stage.devices()?;
    stage.enter()?;
    rustix::process::umask(of_files);

    let none = Rlimit { current: Some(0), maximum: Some(0) };
    rustix::process::setrlimit(Resource::Core, none).at(step, || "setrlimit(Core)".to_owned())?;
    keep_in_bounding_set(CapabilitySet::all(), CapabilitySet::empty(), step)?;
    sys::become_user(*uid).at(step, || format!("setresuid({uid})"))?;
    let empty = CapabilitySet::empty();
    rustix::thread::set_capabilities(None, CapabilitySets { effective: empty, permitted: empty, inheritable: empty })
        .at(step, || "capset".to_owned())?;
    rustix::thread::set_no_new_privs(true).at(step, || "prctl(PR_SET_NO_NEW_PRIVS)".to_owned())?;
    sys::not_dumpable().at(step, || "prctl(PR_SET_DUMPABLE)".to_owned())
}

/// Makes every capability of `bounds`, which are all that this process may have, but these impossible to get back through exec.
pub fn keep_in_bounding_set(bounds: CapabilitySet, keep: CapabilitySet, step: Step) -> Result<(), SandboxError> {
    for capability in bounds.difference(keep).iter() {
        match rustix::thread::remove_capability_from_bounding_set(capability) {
            // Newer than this kernel.
            Err(rustix::io::Errno::INVAL) => {}
            other => other.at(step, || format!("prctl(PR_CAPBSET_DROP, {capability:?})"))?,
        }
    }
    Ok(())
}
