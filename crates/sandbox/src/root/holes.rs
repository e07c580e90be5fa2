//! Holes in the file tree, for tests that show that probes of it fire. In every other build nothing is done here.

use std::path::Path;

use super::Stage;
use crate::error::SandboxError;

#[cfg(not(feature = "holes"))]
impl Stage {
    pub(super) fn open_holes(&self) -> Result<(), SandboxError> {
        Ok(())
    }

    pub(super) fn shared_scratch(&self) -> Result<(), SandboxError> {
        Ok(())
    }

    pub(super) fn throw_away_changes(&self, _: &Path, target: &str) -> Result<(), SandboxError> {
        Err(SandboxError::new(self.step, target, "there are no holes"))
    }
}

#[cfg(feature = "holes")]
mod open {
    use std::fs::{DirBuilder, Permissions};
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};

    use runner::holes::Hole;
    use rustix::mount::MountFlags;

    use super::*;
    use crate::error::At;

    /// What no program should see of the host.
    const HOST_FOLDERS: [&str; 7] = ["/etc", "/home", "/root", "/var", "/run", "/sys", "/sys/fs/cgroup"];

    /// Folders that all boxes share when they share their scratch space.
    const SHARED: &str = "/run/code-runner-holes";

    impl Stage {
        /// Shows the host's folders, as root's and read-only where they are no kernel's.
        pub(in crate::root) fn open_holes(&self) -> Result<(), SandboxError> {
            if !self.holes.has(Hole::HostFiles) {
                return Ok(());
            }
            for folder in HOST_FOLDERS {
                self.folder(folder, 0o755)?;
                let describe = || format!("mount(host's {folder})");
                if folder == "/sys/fs/cgroup" {
                    rustix::mount::mount_bind_recursive(folder, self.at(folder)).at(self.step, describe)?;
                    continue;
                }
                rustix::mount::mount_bind(folder, self.at(folder)).at(self.step, describe)?;
                let flags = MountFlags::BIND | MountFlags::RDONLY | MountFlags::NOSUID | MountFlags::NODEV;
                rustix::mount::mount_remount(self.at(folder), flags, c"").at(self.step, describe)?;
            }
            Ok(())
        }

        /// Shows folders of the host to all boxes, when they share one scratch space.
        pub(in crate::root) fn shared_scratch(&self) -> Result<(), SandboxError> {
            if !self.holes.has(Hole::SharedScratch) {
                return Ok(());
            }
            for (name, target) in [("box", "/box"), ("tmp", "/tmp"), ("shm", "/dev/shm")] {
                let folder = Path::new(SHARED).join(name);
                let make = || {
                    DirBuilder::new().recursive(true).mode(0o755).create(&folder)?;
                    std::fs::set_permissions(&folder, Permissions::from_mode(0o777))
                };
                make().at(self.step, || format!("mkdir({})", folder.display()))?;
                rustix::mount::mount_bind(&folder, self.at(target)).at(self.step, || format!("mount({target})"))?;
            }
            Ok(())
        }

        /// Shows a folder of the host as if it could be written: what is written goes to the tmpfs of the box.
        pub(in crate::root) fn throw_away_changes(&self, source: &Path, target: &str) -> Result<(), SandboxError> {
            let name = target.replace('/', "_");
            let (upper, work) = (format!("/.holes/{name}/upper"), format!("/.holes/{name}/work"));
            self.folder(&upper, 0o755)?;
            self.folder(&work, 0o755)?;
            let options = format!(
                "lowerdir={},upperdir={},workdir={}",
                source.display(),
                self.at(&upper).display(),
                self.at(&work).display()
            );
            let data = std::ffi::CString::new(options).map_err(std::io::Error::from);
            let data = data.at(self.step, || target.to_owned())?;
            rustix::mount::mount("overlay", self.at(target), "overlay", MountFlags::empty(), data.as_c_str())
                .at(self.step, || format!("mount(overlay on {target})"))
        }
    }
}
