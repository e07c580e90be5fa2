//! What each box has for itself in the file tree it shares with others of its kind: its code, its scratch space, its
//! `/proc`.
//!
//! It is put together on a file system that covers `/proc` for that time.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use runner::holes::{Hole, Holes};
use rustix::mount::{MountFlags, UnmountFlags};

use crate::error::{At, SandboxError, Step};

/// Entries of the scratch space. Enough for a thousand files (which a lesson may need) and too few
/// to hurt.
const SCRATCH_INODES: u32 = 8192;

/// Where things are before they are in their place.
const STAGE: &str = "/proc";

/// In small files this becomes the uid of the box.
const UID_PLACE: &str = "{uid}";

const STEP: Step = Step::Setup;

/// What is wanted.
pub struct Interior<'a> {
    /// Whose box it is.
    pub uid: u32,
    /// Small files that name the uid: path, content. The tree has empty ones in their places.
    pub own_files: &'a [(String, String)],
    /// Bytes of scratch space.
    pub scratch_bytes: u64,
    /// The one file that outlives the box, if there is one.
    pub product: Option<&'a str>,
    /// Is this process root of the whole host?
    pub is_initial: bool,
    /// What a test takes away.
    pub holes: &'a Holes,
}

/// What is handed on.
pub struct Made {
    /// `/code`, in a form that can be written.
    pub code: OwnedFd,
    /// The product, open.
    pub product: Option<OwnedFd>,
}

impl Interior<'_> {
    /// Adds it to the tree in which this process is. Its mount namespace must be its own.
    pub fn make(&self) -> Result<Made, SandboxError> {
        self.proc()?;
        let code = self.code()?;
        let product = self.scratch()?;
        Ok(Made { code, product })
    }

    /// `/code`, empty and read-only, and the small files with the uid. What is returned is the same folder before it is
    /// read-only.
    fn code(&self) -> Result<OwnedFd, SandboxError> {
        let flags = self.nosuid(MountFlags::NODEV);
        // No bound: what comes here is what the launcher was given, and it counts as memory of the box.
        tmpfs(flags, "size=0,nr_inodes=0,mode=0755")?;
        folder(&format!("{STAGE}/code"), if self.holes.has(Hole::Readonly) { 0o777 } else { 0o755 })?;
        let code = File::open(format!("{STAGE}/code")).at(STEP, || "open(code)".to_owned())?;
        self.show("/code", flags)?;
        let mut parents = Vec::new();
        // The host's own, where a test wants it to be seen.
        for (path, content) in self.own_files.iter().filter(|_| !self.holes.has(Hole::HostFiles)) {
            let staged = format!("{STAGE}{path}");
            let parent = Path::new(&staged).parent().unwrap_or(Path::new(STAGE)).to_owned();
            if !parents.contains(&parent) {
                DirBuilder::new()
                    .recursive(true)
                    .mode(0o755)
                    .create(&parent)
                    .at(STEP, || format!("mkdir({path}/..)"))?;
                parents.push(parent);
            }
            let content = content.replace(UID_PLACE, &self.uid.to_string());
            let file = OpenOptions::new().write(true).create_new(true).mode(0o444).open(&staged);
            file.and_then(|mut file| file.write_all(content.as_bytes())).at(STEP, || format!("write({path})"))?;
            self.show(path, flags)?;
        }
        leave_stage()?;
        Ok(code.into())
    }

    /// The only writable places: `/box`, `/tmp` and `/dev/shm`, on one small tmpfs, and the product.
    fn scratch(&self) -> Result<Option<OwnedFd>, SandboxError> {
        let mut flags = self.nosuid(MountFlags::NODEV | MountFlags::NOSYMFOLLOW);
        flags.set(MountFlags::NOSYMFOLLOW, !self.holes.has(Hole::Symlinks));
        flags.set(MountFlags::NODEV, !self.holes.has(Hole::Devices));
        let inodes = SCRATCH_INODES * self.holes.times(Hole::Files, 16);
        tmpfs(flags, &format!("size={},nr_inodes={inodes},mode=0755", self.scratch_bytes))?;
        for (name, target) in [("box", "/box"), ("tmp", "/tmp"), ("shm", "/dev/shm")] {
            // Then the tree has all three already.
            if self.holes.has(Hole::SharedScratch) {
                break;
            }
            let source = format!("{STAGE}/{name}");
            folder(&source, 0o700)?;
            self.own(&source)?;
            rustix::mount::mount_bind(source, target).at(STEP, || format!("mount({target})"))?;
        }
        let product = self.product.map(|path| self.product_file(path)).transpose()?;
        leave_stage()?;
        Ok(product)
    }

    /// A file that can be written but not replaced: it is a mount point in a read-only folder.
    fn product_file(&self, target: &str) -> Result<OwnedFd, SandboxError> {
        let path = format!("{STAGE}/product");
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path);
        let file = file.at(STEP, || format!("open({target})"))?;
        self.own(&path)?;
        rustix::mount::mount_bind(&path, target).at(STEP, || format!("mount({target})"))?;
        Ok(file.into())
    }

    /// `/proc` of this pid namespace: processes only, and of those only one's own.
    fn proc(&self) -> Result<(), SandboxError> {
        let flags = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
        let options = if self.holes.has(Hole::Proc) { c"" } else { c"subset=pid,hidepid=invisible" };
        let mount = |place: &str| rustix::mount::mount("proc", place, "proc", flags, options);
        if self.is_initial {
            return mount(STAGE).at(STEP, || "mount(/proc)".to_owned());
        }
        // There is the host's, which only allows a new one to be made, and goes.
        const ASIDE: &str = "/tmp";
        mount(ASIDE).at(STEP, || "mount(/proc)".to_owned())?;
        rustix::mount::unmount(STAGE, UnmountFlags::DETACH).at(STEP, || "umount(host's /proc)".to_owned())?;
        rustix::mount::mount_move(ASIDE, STAGE).at(STEP, || "mount(/proc, move)".to_owned())
    }

    /// Shows what is on the stage under this path where the path says, read-only.
    fn show(&self, path: &str, flags: MountFlags) -> Result<(), SandboxError> {
        let describe = || format!("mount({path})");
        rustix::mount::mount_bind(format!("{STAGE}{path}"), path).at(STEP, describe)?;
        if self.holes.has(Hole::Readonly) {
            return Ok(());
        }
        rustix::mount::mount_remount(path, flags | MountFlags::BIND | MountFlags::RDONLY, c"").at(STEP, describe)
    }

    /// These flags and, unless a test wants otherwise, NOSUID.
    fn nosuid(&self, flags: MountFlags) -> MountFlags {
        if self.holes.has(Hole::Nosuid) { flags } else { flags | MountFlags::NOSUID }
    }

    fn own(&self, path: &str) -> Result<(), SandboxError> {
        std::os::unix::fs::chown(path, Some(self.uid), Some(self.uid)).at(STEP, || format!("chown({path})"))
    }
}

/// Covers the stage with an empty file system.
fn tmpfs(flags: MountFlags, options: &str) -> Result<(), SandboxError> {
    let data = std::ffi::CString::new(options).map_err(std::io::Error::from).at(STEP, || options.to_owned())?;
    rustix::mount::mount("tmpfs", STAGE, "tmpfs", flags, data.as_c_str()).at(STEP, || "mount(tmpfs)".to_owned())
}

/// Uncovers it; what was shown elsewhere stays.
fn leave_stage() -> Result<(), SandboxError> {
    rustix::mount::unmount(STAGE, UnmountFlags::DETACH).at(STEP, || "umount(stage)".to_owned())
}

fn folder(path: &str, mode: u32) -> Result<(), SandboxError> {
    DirBuilder::new().mode(mode).create(path).at(STEP, || format!("mkdir({path})"))?;
    // mkdir(2) subtracts the umask.
    std::fs::set_permissions(Path::new(path), Permissions::from_mode(mode)).at(STEP, || format!("chmod({path})"))
}
