//! The file tree of a box, and of the server itself: built on a tmpfs, then made the root.
//!
//! Everything happens in a mount namespace of its own, so that nothing of it can be seen or left
//! behind on the host.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use runner::holes::{Hole, Holes};
use rustix::fs::{CWD, FileType, Mode, StatVfsMountFlags};
use rustix::mount::{MountFlags, MountPropagationFlags, UnmountFlags};
use serde::{Deserialize, Serialize};

use crate::error::{At, SandboxError, Step};
use crate::spec::{FileForBox, FileKind, Root};

mod holes;

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
    /// Where the new root is put together: a folder in which nothing lies that a new root could want to
    /// show. It is covered in our own mount namespace only.
    folder: PathBuf,
    holes: Holes,
}

impl Stage {
    /// Detaches this process's mounts from the host's and begins an empty tree in `folder`, with room for
    /// `bytes` of files.
    pub fn begin(step: Step, folder: &Path, bytes: u64, holes: &Holes) -> Result<Self, SandboxError> {
        let private = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
        rustix::mount::mount_change("/", private).at(step, || "mount(/, private)".to_owned())?;
        let stage = Self { step, folder: folder.to_owned(), holes: holes.clone() };
        let spare = ROOT_SPARE_BYTES * u64::from(holes.times(Hole::Readonly, 256));
        let size = bytes.saturating_add(spare);
        let mode = stage.folder_mode(0o755);
        stage.tmpfs("", stage.nosuid(MountFlags::NODEV), &format!("size={size},mode={mode:04o}"))?;
        Ok(stage)
    }

    /// Adds the read-only view of the host, the links and the small files.
    /// `{uid}` in a small file becomes `uid`.
    pub fn populate(&self, root: &Root, uid: u32) -> Result<(), SandboxError> {
        let Root { binds, links, files } = root;
        binds.iter().try_for_each(|bind| self.bind(bind))?;
        for (path, target) in links {
            self.parent_folders(path)?;
            std::os::unix::fs::symlink(target, self.at(path)).at(self.step, || format!("symlink({path})"))?;
        }
        files
            .iter()
            .try_for_each(|(path, content)| self.file(path, content.replace("{uid}", &uid.to_string()).as_bytes()))
    }

    /// `/dev` with its five nodes.
    pub fn devices(&self) -> Result<(), SandboxError> {
        self.folder("/dev", 0o755)?;
        if self.holes.has(Hole::Devices) {
            return rustix::mount::mount_bind("/dev", self.at("/dev")).at(self.step, || "mount(/dev)".to_owned());
        }
        self.tmpfs("/dev", MountFlags::NOSUID | MountFlags::NOEXEC, "size=64k,mode=0755")?;
        for (name, major, minor) in DEVICES {
            let device = rustix::fs::makedev(major, minor);
            let path = self.at(&format!("/dev/{name}"));
            match rustix::fs::mknodat(CWD, &path, FileType::CharacterDevice, Mode::from_raw_mode(0o666), device) {
                // mknod(2) subtracts the umask.
                Ok(()) => self.permissions(&path, 0o666)?,
                // Nobody makes nodes in a user namespace (user_namespaces(7)); there the host's are shown.
                Err(rustix::io::Errno::PERM) => self.host_device(name)?,
                Err(error) => return Err(error).at(self.step, || format!("mknod({name})")),
            }
        }
        for (name, target) in DEVICE_LINKS {
            std::os::unix::fs::symlink(target, self.at(&format!("/dev/{name}")))
                .at(self.step, || format!("symlink({name})"))?;
        }
        self.folder("/dev/shm", 0o755)
    }

    fn host_device(&self, name: &str) -> Result<(), SandboxError> {
        let path = format!("/dev/{name}");
        self.file(&path, b"")?;
        rustix::mount::mount_bind(&path, self.at(&path)).at(self.step, || format!("mount({path})"))?;
        let flags = MountFlags::BIND | MountFlags::RDONLY | MountFlags::NOSUID | MountFlags::NOEXEC;
        rustix::mount::mount_remount(self.at(&path), flags, c"").at(self.step, || format!("mount({path}, read-only)"))
    }

    /// The only writable places: `/box`, `/tmp` and `/dev/shm`, on one tmpfs of `bytes`, and, if
    /// asked for, the file `product`, whose descriptor is returned.
    pub fn scratch(&self, bytes: u64, uid: u32, product: Option<&str>) -> Result<Option<OwnedFd>, SandboxError> {
        let mut flags = self.nosuid(MountFlags::NODEV | MountFlags::NOSYMFOLLOW);
        flags.set(MountFlags::NOSYMFOLLOW, !self.holes.has(Hole::Symlinks));
        flags.set(MountFlags::NODEV, !self.holes.has(Hole::Devices));
        let inodes = SCRATCH_INODES * self.holes.times(Hole::Files, 16);
        let options = format!("size={bytes},nr_inodes={inodes},mode=0755");
        self.folder("/scratch", 0o755)?;
        self.tmpfs("/scratch", flags, &options)?;
        for (name, target) in [("box", "/box"), ("tmp", "/tmp"), ("shm", "/dev/shm")] {
            let source = format!("/scratch/{name}");
            self.folder(&source, 0o700)?;
            self.own(&self.at(&source), uid)?;
            self.folder(target, 0o755)?;
            let source = self.shared_scratch(name)?.unwrap_or_else(|| self.at(&source));
            rustix::mount::mount_bind(source, self.at(target)).at(self.step, || format!("mount({target})"))?;
        }
        let product = product.map(|path| self.product_file(path, uid)).transpose()?;
        rustix::mount::unmount(self.at("/scratch"), UnmountFlags::DETACH)
            .at(self.step, || "umount(/scratch)".to_owned())?;
        std::fs::remove_dir(self.at("/scratch")).at(self.step, || "rmdir(/scratch)".to_owned())?;
        Ok(product)
    }

    /// A file that can be written but not replaced: it is a mount point in a read-only folder.
    fn product_file(&self, target: &str, uid: u32) -> Result<OwnedFd, SandboxError> {
        let path = self.at("/scratch/product");
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path);
        let file = file.at(self.step, || format!("open({target})"))?;
        self.own(&path, uid)?;
        self.file(target, b"")?;
        rustix::mount::mount_bind(&path, self.at(target)).at(self.step, || format!("mount({target})"))?;
        Ok(file.into())
    }

    /// `/proc` of this pid namespace: processes only, and of those only one's own.
    pub fn proc(&self) -> Result<(), SandboxError> {
        self.folder("/proc", 0o555)?;
        let flags = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
        let options = if self.holes.has(Hole::Proc) { c"" } else { c"subset=pid,hidepid=invisible" };
        rustix::mount::mount("proc", self.at("/proc"), "proc", flags, options)
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
                FileKind::Executable => self.permissions(&self.at(&path), 0o555)?,
                FileKind::Data => {
                    let copy = format!("/box/{name}");
                    self.copy(content, &copy)?;
                    self.permissions(&self.at(&copy), 0o644)?;
                    self.own(&self.at(&copy), uid)?;
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
        self.open_holes()?;
        rustix::process::chdir(&self.folder).at(step, || format!("chdir({})", self.folder.display()))?;
        rustix::process::pivot_root(".", ".").at(step, || "pivot_root".to_owned())?;
        rustix::mount::unmount(".", UnmountFlags::DETACH).at(step, || "umount(old root)".to_owned())?;
        rustix::process::chdir("/").at(step, || "chdir(/)".to_owned())?;
        if self.holes.has(Hole::Readonly) {
            return Ok(());
        }
        read_only(step, "/", self.nosuid(MountFlags::NODEV))?;
        if !self.holes.has(Hole::Devices) {
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
        if self.holes.has(Hole::Readonly) && *is_folder {
            return self.throw_away_changes(source, target);
        }
        rustix::mount::mount_bind(source, self.at(target)).at(self.step, describe)?;
        let mut flags = MountFlags::BIND | self.nosuid(MountFlags::NODEV) | self.kept_flags(target)?;
        flags.set(MountFlags::RDONLY, !writable);
        rustix::mount::mount_remount(self.at(target), flags, c"").at(self.step, describe)
    }

    /// The flags a mount has already: a user namespace may add to those of the host and take none away
    /// (mount_namespaces(7), "Restrictions on mount namespaces").
    fn kept_flags(&self, target: &str) -> Result<MountFlags, SandboxError> {
        let kept = [
            (StatVfsMountFlags::NOSUID, MountFlags::NOSUID),
            (StatVfsMountFlags::NODEV, MountFlags::NODEV),
            (StatVfsMountFlags::NOEXEC, MountFlags::NOEXEC),
        ];
        let stat = rustix::fs::statvfs(self.at(target)).at(self.step, || format!("statvfs({target})"))?;
        Ok(kept.into_iter().filter(|(has, _)| stat.f_flag.contains(*has)).map(|(_, flag)| flag).collect())
    }

    /// These flags and, unless a test wants otherwise, NOSUID.
    fn nosuid(&self, flags: MountFlags) -> MountFlags {
        if self.holes.has(Hole::Nosuid) { flags } else { flags | MountFlags::NOSUID }
    }

    /// The mode of a folder of the read-only tree.
    fn folder_mode(&self, mode: u32) -> u32 {
        if self.holes.has(Hole::Readonly) && mode == 0o755 { 0o777 } else { mode }
    }

    fn tmpfs(&self, path: &str, flags: MountFlags, options: &str) -> Result<(), SandboxError> {
        let data = std::ffi::CString::new(options).map_err(std::io::Error::from).at(self.step, || path.to_owned())?;
        rustix::mount::mount("tmpfs", self.at(path), "tmpfs", flags, data.as_c_str())
            .at(self.step, || format!("mount(tmpfs on {path}/)"))
    }

    fn folder(&self, path: &str, mode: u32) -> Result<(), SandboxError> {
        self.parent_folders(path)?;
        match DirBuilder::new().mode(mode).create(self.at(path)) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            other => other.at(self.step, || format!("mkdir({path})")),
        }?;
        // mkdir(2) subtracts the umask.
        if self.holes.has(Hole::Readonly) { self.permissions(&self.at(path), self.folder_mode(mode)) } else { Ok(()) }
    }

    fn parent_folders(&self, path: &str) -> Result<(), SandboxError> {
        let parent = self.at(path).parent().map(Path::to_owned).unwrap_or_default();
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
            .open(self.at(path))
            .at(self.step, || format!("create({path})"))
    }

    /// A path of the new tree, on the stage.
    fn at(&self, path: &str) -> PathBuf {
        self.folder.join(path.trim_start_matches('/'))
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
