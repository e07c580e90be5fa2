//! Takes the server's privileges away before it reads its first request.
//!
//! What it keeps: the listening socket, its sockets to the launcher, and the data and log folders,
//! which are made its own, and the two files that say who knows names, where it has a database to find. Everything else of the
//! host is out of its sight; what it has to know of it is read before ([`crate::callbacks::outside`], [`crate::stores`]). It can
//! connect to others, which it does for callbacks and for a database alone.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, lchown};
use std::path::{Path, PathBuf};

use rustix::process::{Gid, Uid};
use sandbox::{Confinement, Ground, SandboxError, confine_self};

use crate::config::{Config, StoreChoice};

/// Where the C library looks up where a database is, for each connection (resolver(3), hosts(5)).
const NAMES: [&str; 2] = ["/etc/hosts", "/etc/resolv.conf"];

/// Why the server did not become harmless. It does not go on then.
#[derive(Debug, thiserror::Error)]
pub enum PrivilegeError {
    /// A folder can not be made or given to the server's uid.
    #[error("{what} {folder} can not be used: {source}")]
    Folder {
        /// What the folder is for.
        what: &'static str,
        /// The folder.
        folder: String,
        /// Why.
        source: io::Error,
    },
    /// The process can not be this user, or not for good.
    #[error("the server can not run as the user {uid}: {source}")]
    User {
        /// Which user.
        uid: u32,
        /// Why.
        source: io::Error,
    },
    /// The kernel refused a step.
    #[error(transparent)]
    Sandbox(#[from] sandbox::SandboxError),
}

/// Makes the folders, gives them to the uid the server will have, and becomes that. The settings
/// then name the folders by absolute paths, under which they are still found.
///
/// # Errors
/// [`PrivilegeError`]; the process must not listen then.
pub fn give_up(config: &mut Config, ground: &Ground) -> Result<(), PrivilegeError> {
    config.data_dir = prepare("the data directory", &config.data_dir)?;
    config.log_dir = prepare("the log directory", &config.log_dir)?;
    let uid = match config.service_user {
        Some(uid) => uid,
        None => owner_or_default(&config.data_dir)?,
    };
    for (what, folder) in [("the data directory", &config.data_dir), ("the log directory", &config.log_dir)] {
        hand_over(folder, uid).map_err(|source| folder_error(what, folder, source))?;
    }
    let folders = vec![config.data_dir.clone(), config.log_dir.clone()];
    let files = match config.store {
        StoreChoice::Sqlite => Vec::new(),
        // The server has read both anyway. Without the one or the other, less is known.
        StoreChoice::Postgres(_) => NAMES.map(PathBuf::from).into_iter().filter(|file| file.is_file()).collect(),
    };
    confine_self(&Confinement { uid, folders, files }, ground)?;
    Ok(())
}

/// The same for a server that makes no boxes and so needs no privileges to begin with: where it is started as root it becomes the
/// user that [`give_up`] would make it, and nothing it starts gets any back. It goes on seeing the host.
///
/// # Errors
/// [`PrivilegeError`]; the process must not listen then.
pub fn become_ordinary(config: &mut Config) -> Result<(), PrivilegeError> {
    config.data_dir = prepare("the data directory", &config.data_dir)?;
    config.log_dir = prepare("the log directory", &config.log_dir)?;
    if rustix::process::geteuid().is_root() {
        let uid = match config.service_user {
            Some(uid) => uid,
            None => owner_or_default(&config.data_dir)?,
        };
        for (what, folder) in [("the data directory", &config.data_dir), ("the log directory", &config.log_dir)] {
            hand_over(folder, uid).map_err(|source| folder_error(what, folder, source))?;
        }
        become_user(uid).map_err(|source| PrivilegeError::User { uid, source: source.into() })?;
    }
    rustix::thread::set_no_new_privs(true)
        .map_err(|source| PrivilegeError::User { uid: rustix::process::getuid().as_raw(), source: source.into() })
}

/// Only this thread becomes it, which is the only one.
fn become_user(uid: u32) -> rustix::io::Result<()> {
    let (user, group) = (Uid::from_raw(uid), Gid::from_raw(uid));
    rustix::thread::set_thread_groups(&[])?;
    rustix::thread::set_thread_res_gid(group, group, group)?;
    rustix::thread::set_thread_res_uid(user, user, user)
}

/// Makes the folder, for its owner only, and finds its one true path.
fn prepare(what: &'static str, folder: &Path) -> Result<PathBuf, PrivilegeError> {
    let make = || {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        fs::canonicalize(folder)
    };
    make().map_err(|source| folder_error(what, folder, source))
}

fn folder_error(what: &'static str, folder: &Path, source: io::Error) -> PrivilegeError {
    PrivilegeError::Folder { what, folder: folder.display().to_string(), source }
}

/// An operator who made the folder for a user meant that user.
fn owner_or_default(folder: &Path) -> Result<u32, SandboxError> {
    let owner = fs::symlink_metadata(folder).map_or(0, |data| data.uid());
    if owner == 0 { Confinement::default_uid() } else { Ok(owner) }
}

/// Gives the folder and the files in it that are ours by name to `uid`, and nothing else: not what
/// links point to, not what others keep there.
fn hand_over(folder: &Path, uid: u32) -> io::Result<()> {
    lchown(folder, Some(uid), Some(uid))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let data = entry.metadata()?;
        if data.is_file() && data.nlink() == 1 && is_ours(&entry.file_name().to_string_lossy()) {
            lchown(entry.path(), Some(uid), Some(uid))?;
        }
    }
    Ok(())
}

fn is_ours(name: &str) -> bool {
    name.starts_with(crate::commands::serve::DATABASE) || name == crate::keys::FILE || is_daily_log(name)
}

/// `YYYY-MM-DD.log`.
fn is_daily_log(name: &str) -> bool {
    let pattern = b"0000-00-00.log";
    name.len() == pattern.len()
        && name.bytes().zip(pattern).all(|(c, p)| if *p == b'0' { c.is_ascii_digit() } else { c == *p })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_ours_are_handed_over() {
        for name in ["code-runner.sqlite", "code-runner.sqlite-wal", "api-token", "2026-01-31.log"] {
            assert!(is_ours(name), "{name}");
        }
        for name in ["passwd", "2026-01-31.log.gz", "x2026-01-31.log", "id_rsa", "code-runner.toml"] {
            assert!(!is_ours(name), "{name}");
        }
    }
}
