//! A file tree: that of the server, and what all boxes of one kind share. Built on a tmpfs, then made the root.
//!
//! Everything happens in a mount namespace of its own, so that nothing of it can be seen or left
//! behind on the host. What each box has for itself is added by `interior`.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use runner::holes::{Hole, Holes};
use rustix::fs::{CWD, FileType, Mode, StatVfsMountFlags};
use rustix::mount::{MountFlags, MountPropagationFlags, UnmountFlags};
use serde::{Deserialize, Serialize};

use crate::error::{At, SandboxError, Step};
use crate::ground::is_initial;
use crate::spec::Root;

mod holes;

/// Room on the root tmpfs beside the files that are copied there: folders and links.
const ROOT_SPARE_BYTES: u64 = 1024 * 1024;

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
    pub fn populate(&self, root: &Root) -> Result<(), SandboxError> {
        let Root { binds, links, files, own_files } = root;
        binds.iter().try_for_each(|bind| self.bind(bind))?;
        for (path, target) in links {
            self.parent_folders(path)?;
            std::os::unix::fs::symlink(target, self.at(path)).at(self.step, || format!("symlink({path})"))?;
        }
        self.files(files)?;
        // Each box covers these with its own.
        own_files.iter().try_for_each(|(path, _)| self.file(path, b""))
    }

    /// Adds small files: path, content.
    pub fn files(&self, files: &[(String, String)]) -> Result<(), SandboxError> {
        files.iter().try_for_each(|(path, content)| self.file(path, content.as_bytes()))
    }

    /// The empty places that each box mounts its own things on. Where this process is root of a part of the host alone,
    /// `/proc` is not empty: there nobody may mount a new one who does not see one already (`mount_too_revealing` of the
    /// kernel's namespace.c).
    pub fn mount_points(&self, product: Option<&str>) -> Result<(), SandboxError> {
        self.folder("/proc", 0o555)?;
        if !is_initial(self.step)? {
            rustix::mount::mount_bind_recursive("/proc", self.at("/proc"))
                .at(self.step, || "mount(host's /proc)".to_owned())?;
        }
        ["/code", "/box", "/tmp", "/dev/shm"].into_iter().try_for_each(|path| self.folder(path, 0o755))?;
        self.shared_scratch()?;
        product.map_or(Ok(()), |path| self.file(path, b""))
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

    fn permissions(&self, path: &Path, mode: u32) -> Result<(), SandboxError> {
        std::fs::set_permissions(path, Permissions::from_mode(mode))
            .at(self.step, || format!("chmod({})", path.display()))
    }
}

fn read_only(step: Step, path: &str, flags: MountFlags) -> Result<(), SandboxError> {
    rustix::mount::mount_remount(path, flags | MountFlags::BIND | MountFlags::RDONLY, c"")
        .at(step, || format!("mount({path}, read-only)"))
}
