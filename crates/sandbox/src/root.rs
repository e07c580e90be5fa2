//! The file tree of a box, and of the server itself: built on a tmpfs, then made the root.
//!
//! Everything happens in a mount namespace of its own, so that nothing of it can be seen or left
//! behind on the host.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode};
use rustix::mount::{MountFlags, MountPropagationFlags, UnmountFlags};
use serde::{Deserialize, Serialize};

use crate::error::{At, SandboxError, Step};
use crate::spec::{FileForBox, FileKind, Root};

/// Where a new root is put together: a folder in which nothing lies that a new root could want to
/// show. It is covered in our own mount namespace only.
const STAGE: &str = crate::instance::FOLDER;

/// Room on the root tmpfs beside the files that are copied there: folders and links.
const ROOT_SPARE_BYTES: u64 = 1024 * 1024;

/// The most that one sendfile(2) moves.
const SENDFILE_BYTES: usize = 0x7fff_f000;

/// Entries of the scratch space. Enough for a thousand files (which a lesson may need) and too few
/// to hurt.
const SCRATCH_INODES: u32 = 8192;

/// The five nodes a program may expect: name, major, minor (the kernel's admin-guide/devices.txt).
const DEVICES: [(&str, u32, u32); 5] =
    [("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9)];

const DEVICE_LINKS: [(&str, &str); 4] = [
    ("fd", "/proc/self/fd"),
    ("stdin", "/proc/self/fd/0"),
    ("stdout", "/proc/self/fd/1"),
    ("stderr", "/proc/self/fd/2"),
];

/// A file or folder of the host that is seen at the same or another place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bind {
    /// On the host; no symbolic link.
    pub source: PathBuf,
    /// The absolute path in the new tree.
    pub target: String,
    /// A folder, or else a file.
    pub is_folder: bool,
    /// May it be changed through this mount?
    pub writable: bool,
}

/// The tree while it is being made. Paths are inside the new root until [`Stage::enter`].
pub struct Stage {
    step: Step,
}

impl Stage {
    /// Detaches this process's mounts from the host's and begins an empty tree with room for
    /// `bytes` of files.
    pub fn begin(step: Step, bytes: u64) -> Result<Self, SandboxError> {
        let private = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
        rustix::mount::mount_change("/", private).at(step, || "mount(/, private)".to_owned())?;
        let stage = Self { step };
        let size = bytes.saturating_add(ROOT_SPARE_BYTES);
        stage.tmpfs("", MountFlags::NOSUID | MountFlags::NODEV, &format!("size={size},mode=0755"))?;
        Ok(stage)
    }

    /// Adds the read-only view of the host, the links and the small files.
    /// `{uid}` in a small file becomes `uid`.
    pub fn populate(&self, root: &Root, uid: u32) -> Result<(), SandboxError> {
        let Root { binds, links, files } = root;
        binds.iter().try_for_each(|bind| self.bind(bind))?;
        for (path, target) in links {
            self.parent_folders(path)?;
            std::os::unix::fs::symlink(target, at(path)).at(self.step, || format!("symlink({path})"))?;
        }
        files
            .iter()
            .try_for_each(|(path, content)| self.file(path, content.replace("{uid}", &uid.to_string()).as_bytes()))
    }

    /// `/dev` with its five nodes.
    pub fn devices(&self) -> Result<(), SandboxError> {
        self.folder("/dev", 0o755)?;
        self.tmpfs("/dev", MountFlags::NOSUID | MountFlags::NOEXEC, "size=64k,mode=0755")?;
        for (name, major, minor) in DEVICES {
            let device = rustix::fs::makedev(major, minor);
            let path = at(&format!("/dev/{name}"));
            rustix::fs::mknodat(CWD, &path, FileType::CharacterDevice, Mode::from_raw_mode(0o666), device)
                .at(self.step, || format!("mknod({name})"))?;
            // mknod(2) subtracts the umask.
            self.permissions(&path, 0o666)?;
        }
        for (name, target) in DEVICE_LINKS {
            std::os::unix::fs::symlink(target, at(&format!("/dev/{name}")))
                .at(self.step, || format!("symlink({name})"))?;
        }
        self.folder("/dev/shm", 0o755)
    }

    /// The only writable places: `/box`, `/tmp` and `/dev/shm`, on one tmpfs of `bytes`, and, if
    /// asked for, the file `product`, whose descriptor is returned.
    pub fn scratch(&self, bytes: u64, uid: u32, product: Option<&str>) -> Result<Option<OwnedFd>, SandboxError> {
        let flags = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOSYMFOLLOW;
        let options = format!("size={bytes},nr_inodes={SCRATCH_INODES},mode=0755");
        self.folder("/scratch", 0o755)?;
        self.tmpfs("/scratch", flags, &options)?;
        for (name, target) in [("box", "/box"), ("tmp", "/tmp"), ("shm", "/dev/shm")] {
            let source = format!("/scratch/{name}");
            self.folder(&source, 0o700)?;
            self.own(&at(&source), uid)?;
            self.folder(target, 0o755)?;
            rustix::mount::mount_bind(at(&source), at(target)).at(self.step, || format!("mount({target})"))?;
        }
        let product = product.map(|path| self.product_file(path, uid)).transpose()?;
        rustix::mount::unmount(at("/scratch"), UnmountFlags::DETACH).at(self.step, || "umount(/scratch)".to_owned())?;
        std::fs::remove_dir(at("/scratch")).at(self.step, || "rmdir(/scratch)".to_owned())?;
        Ok(product)
    }

    /// A file that can be written but not replaced: it is a mount point in a read-only folder.
    fn product_file(&self, target: &str, uid: u32) -> Result<OwnedFd, SandboxError> {
        let path = at("/scratch/product");
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path);
        let file = file.at(self.step, || format!("open({target})"))?;
        self.own(&path, uid)?;
        self.file(target, b"")?;
        rustix::mount::mount_bind(&path, at(target)).at(self.step, || format!("mount({target})"))?;
        Ok(file.into())
    }

    /// `/proc` of this pid namespace: processes only, and of those only one's own.
    pub fn proc(&self) -> Result<(), SandboxError> {
        self.folder("/proc", 0o555)?;
        let flags = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
        rustix::mount::mount("proc", at("/proc"), "proc", flags, c"subset=pid,hidepid=invisible")
            .at(self.step, || "mount(/proc)".to_owned())
    }

    /// Copies the student's files to `/code`, and those that are data to `/box` as well.
    pub fn code(&self, files: &[FileForBox], uid: u32) -> Result<(), SandboxError> {
        self.folder("/code", 0o755)?;
        for FileForBox { name, kind, content } in files {
            let path = format!("/code/{name}");
            self.copy(content, &path)?;
            match kind {
                FileKind::Code => {}
                FileKind::Executable => self.permissions(&at(&path), 0o555)?,
                FileKind::Data => {
                    let copy = format!("/box/{name}");
                    self.copy(content, &copy)?;
                    self.permissions(&at(&copy), 0o644)?;
                    self.own(&at(&copy), uid)?;
                }
            }
        }
        Ok(())
    }

    /// The descriptor's own position is neither used nor moved: other boxes read the same file.
    fn copy(&self, content: &OwnedFd, path: &str) -> Result<(), SandboxError> {
        let target = self.create(path)?;
        let mut offset = 0;
        while rustix::fs::sendfile(&target, content, Some(&mut offset), SENDFILE_BYTES)
            .at(self.step, || format!("write({path})"))?
            > 0
        {}
        Ok(())
    }

    /// Makes the tree the root of this process, read-only, and lets go of the host's.
    pub fn enter(self) -> Result<(), SandboxError> {
        let step = self.step;
        rustix::process::chdir(STAGE).at(step, || format!("chdir({STAGE})"))?;
        rustix::process::pivot_root(".", ".").at(step, || "pivot_root".to_owned())?;
        rustix::mount::unmount(".", UnmountFlags::DETACH).at(step, || "umount(old root)".to_owned())?;
        rustix::process::chdir("/").at(step, || "chdir(/)".to_owned())?;
        read_only(step, "/", MountFlags::NOSUID | MountFlags::NODEV)?;
        if Path::new("/dev").exists() {
            read_only(step, "/dev", MountFlags::NOSUID | MountFlags::NOEXEC)?;
        }
        Ok(())
    }

    /// Shows a file or folder of the host.
    pub fn bind(&self, bind: &Bind) -> Result<(), SandboxError> {
        let Bind { source, target, is_folder, writable } = bind;
        let describe = || format!("mount({} on {target})", source.display());
        if *is_folder {
            self.folder(target, 0o755)?;
        } else {
            self.file(target, b"")?;
        }
        rustix::mount::mount_bind(source, at(target)).at(self.step, describe)?;
        let mut flags = MountFlags::BIND | MountFlags::NOSUID | MountFlags::NODEV;
        flags.set(MountFlags::RDONLY, !writable);
        rustix::mount::mount_remount(at(target), flags, c"").at(self.step, describe)
    }

    fn tmpfs(&self, path: &str, flags: MountFlags, options: &str) -> Result<(), SandboxError> {
        let data = std::ffi::CString::new(options).map_err(std::io::Error::from).at(self.step, || path.to_owned())?;
        rustix::mount::mount("tmpfs", at(path), "tmpfs", flags, data.as_c_str())
            .at(self.step, || format!("mount(tmpfs on {path}/)"))
    }

    fn folder(&self, path: &str, mode: u32) -> Result<(), SandboxError> {
        self.parent_folders(path)?;
        match DirBuilder::new().mode(mode).create(at(path)) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            other => other.at(self.step, || format!("mkdir({path})")),
        }
    }

    fn parent_folders(&self, path: &str) -> Result<(), SandboxError> {
        let parent = at(path).parent().map(Path::to_owned).unwrap_or_default();
        DirBuilder::new().recursive(true).mode(0o755).create(&parent).at(self.step, || format!("mkdir({path}/..)"))
    }

    fn file(&self, path: &str, content: &[u8]) -> Result<(), SandboxError> {
        self.parent_folders(path)?;
        self.create(path)?.write_all(content).at(self.step, || format!("write({path})"))
    }

    fn create(&self, path: &str) -> Result<File, SandboxError> {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o444)
            .open(at(path))
            .at(self.step, || format!("create({path})"))
    }

    fn own(&self, path: &Path, uid: u32) -> Result<(), SandboxError> {
        std::os::unix::fs::chown(path, Some(uid), Some(uid)).at(self.step, || format!("chown({})", path.display()))
    }

    fn permissions(&self, path: &Path, mode: u32) -> Result<(), SandboxError> {
        std::fs::set_permissions(path, Permissions::from_mode(mode))
            .at(self.step, || format!("chmod({})", path.display()))
    }
}

fn read_only(step: Step, path: &str, flags: MountFlags) -> Result<(), SandboxError> {
    rustix::mount::mount_remount(path, flags | MountFlags::BIND | MountFlags::RDONLY, c"")
        .at(step, || format!("mount({path}, read-only)"))
}

/// A path of the new tree, on the stage.
fn at(path: &str) -> PathBuf {
    PathBuf::from(format!("{STAGE}{path}"))
}
