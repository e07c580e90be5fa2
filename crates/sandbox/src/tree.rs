//! The part of a file tree that all boxes of one kind share, made once: the view of the host, `/dev`, small files.
//!
//! It is kept as a mount namespace that no process is in. A box begins with a copy of it, which costs the kernel far
//! less than the mounts do. Nobody can change it: every mount in it is read-only.

use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use runner::holes::Holes;
use serde::{Deserialize, Serialize};

use crate::error::{At, SandboxError, Step};
use crate::root::Stage;
use crate::spec::{Template, WarmKind};
use crate::sys::{self, Fork};
use crate::{boxed, wire};

/// What stands in a tree under the name of a file of the host.
#[derive(Debug, PartialEq, Eq)]
struct Source {
    path: PathBuf,
    /// Device and inode: a package manager replaces a file by another of the same name.
    identity: Option<(u64, u64)>,
}

impl Source {
    fn of(path: &Path) -> Self {
        let identity = std::fs::metadata(path).map(|stat| (stat.dev(), stat.ino())).ok();
        Self { path: path.to_owned(), identity }
    }
}

/// What a tree has of a kind of box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What its boxes see.
    OfBox,
    /// That, and the files of a template process.
    WithWarm,
}

/// How the process that builds a tree says that it has.
#[derive(Serialize, Deserialize)]
struct Built(Result<(), SandboxError>);

/// A finished tree.
#[derive(Debug)]
pub struct Tree {
    namespace: OwnedFd,
    sources: Vec<Source>,
}

impl Tree {
    /// Builds the tree of this kind of box. `folder` is where new trees are put together.
    pub fn build(template: &Template, extent: Extent, folder: &Path, holes: &Holes) -> Result<Self, SandboxError> {
        let step = Step::Setup;
        let sources = template.root.binds.iter().map(|bind| Source::of(&bind.source)).collect();
        let (ours, theirs) = boxed::socket_pair()?;
        let builder = match sys::fork().at(step, || "fork(tree)".to_owned())? {
            Fork::Child => {
                let built = build(template, extent, folder, holes);
                let fds: Vec<_> = built.iter().map(AsFd::as_fd).collect();
                // If the launcher is gone there is nobody left to tell.
                let _ = wire::send(&theirs, &Built(built.as_ref().map(drop).map_err(Clone::clone)), &fds);
                std::process::exit(0)
            }
            Fork::Parent(pid) => pid,
        };
        drop(theirs);
        let answer = wire::receive::<Built>(&ours);
        let options = rustix::process::WaitOptions::empty();
        let waited = rustix::io::retry_on_intr(|| rustix::process::waitpid(Some(builder), options));
        waited.at(step, || "waitpid(tree)".to_owned())?;
        let answer = answer.at(step, || "receive(tree)".to_owned())?;
        let (Built(built), mut fds) = answer.ok_or_else(|| SandboxError::new(step, "tree", "its builder died"))?;
        built?;
        let namespace = fds.pop().ok_or_else(|| SandboxError::new(step, "tree", "no namespace came"))?;
        Ok(Self { namespace, sources })
    }

    /// Is what it shows of the host still what the host has under these names? Folders show what is in them; a file
    /// that was replaced is still the old one.
    pub fn is_current(&self) -> bool {
        self.sources.iter().all(|source| *source == Source::of(&source.path))
    }

    /// Gives this process a copy of the tree, as its root.
    pub fn enter_copy(namespace: BorrowedFd<'_>) -> Result<(), SandboxError> {
        let step = Step::Setup;
        runner::sys::enter_namespaces(namespace, libc::CLONE_NEWNS).at(step, || "setns(tree)".to_owned())?;
        sys::unshare(libc::CLONE_NEWNS).at(step, || "unshare(CLONE_NEWNS)".to_owned())
    }

    /// For [`Tree::enter_copy`].
    pub fn namespace(&self) -> BorrowedFd<'_> {
        self.namespace.as_fd()
    }
}

fn build(template: &Template, extent: Extent, folder: &Path, holes: &Holes) -> Result<OwnedFd, SandboxError> {
    let step = Step::Setup;
    sys::unshare(libc::CLONE_NEWNS).at(step, || "unshare(CLONE_NEWNS)".to_owned())?;
    let namespace = File::open("/proc/self/ns/mnt").at(step, || "open(/proc/self/ns/mnt)".to_owned())?;
    let stage = Stage::begin(step, folder, 0, holes)?;
    stage.populate(&template.root)?;
    if let Some(warm) = &template.warm
        && (extent == Extent::WithWarm || warm.kind == WarmKind::Process)
    {
        stage.files(&warm.files)?;
    }
    stage.devices()?;
    stage.mount_points(template.product.as_deref())?;
    stage.enter()?;
    Ok(namespace.into())
}
