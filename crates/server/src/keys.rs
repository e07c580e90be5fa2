//! The first API key: which one applies at the start.
//!
//! It is held no longer than the start takes; it is shown once, when it was made here, and never again. Further keys
//! are in the store; whether a request has one of them is for `keyring` to say.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::net::IpAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use axum::http::HeaderName;

use crate::config::{Config, Secret};
use crate::secrets::random_digits;

/// The header that carries the key.
pub const HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// The name of the key a server starts with; the owner of what is submitted with it.
pub const FIRST_OWNER: &str = "default";

/// The file in the data directory that keeps a generated key.
pub const FILE: &str = "api-token";

const LEAST_LENGTH: usize = 16;
/// A key must have that many different characters; `aaaaaaaaaaaaaaaa` is none.
const LEAST_DISTINCT: usize = 6;
const MOST_FILE_BYTES: u64 = 4096;

/// Parts of keys that stand in examples, without case and without anything but letters and digits.
const EXAMPLES: &[&str] = &[
    "changeme",
    "changethis",
    "replaceme",
    "replacewith",
    "example",
    "placeholder",
    "yourapikey",
    "yourapitoken",
    "yourkey",
    "yourtoken",
    "yoursecret",
    "mysecret",
    "secretkey",
    "secrettoken",
    "password",
    "insertkey",
    "testkey",
    "testtoken",
    "0123456789",
    "1234567890",
    "abcdefghij",
    "qwertyuiop",
];

/// The key a server starts with, and where it is from.
#[derive(Debug)]
pub enum FirstKey {
    /// The operator set it.
    Given(Secret),
    /// An earlier start made it.
    Kept(Secret),
    /// This start made it; it has to be shown.
    Made(Secret),
}

impl FirstKey {
    /// The key.
    pub fn secret(&self) -> &Secret {
        match self {
            Self::Given(key) | Self::Kept(key) | Self::Made(key) => key,
        }
    }
}

/// Why there is no key to start with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A public address needs a chosen key.
    #[error(
        "API_TOKEN is not set, and {0} can be reached from other hosts; set API_TOKEN (or API_TOKEN_FILE) to a \
         secret of at least 16 characters, such as the output of `openssl rand -hex 32`, or listen on 127.0.0.1"
    )]
    Needed(IpAddr),
    /// The key that was set is bad. It is not shown.
    #[error("{place} {problem}; set it to a secret such as the output of `openssl rand -hex 32`")]
    Bad {
        /// Where it was set.
        place: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Two places disagree.
    #[error("both API_TOKEN and API_TOKEN_FILE are set; set one of them")]
    Twice,
    /// A key file can not be used.
    #[error("the key file {} can not be used: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A generated key that others can read is no secret any more.
    #[error("other users can read the key file {}; remove it (a new key is made) or run `chmod 600` on it", .0.display())]
    Public(PathBuf),
}

/// The key to start with on this address: the one that was set, or on loopback the generated one.
///
/// # Errors
/// [`KeyError`], with the remedy.
pub fn first_key(config: &Config, address: IpAddr) -> Result<FirstKey, KeyError> {
    match given(config)? {
        Some(key) => Ok(FirstKey::Given(key)),
        None if address.to_canonical().is_loopback() => generated(&config.data_dir),
        None => Err(KeyError::Needed(address)),
    }
}

/// The key that was set, if one was.
///
/// # Errors
/// [`KeyError`], with the remedy.
fn given(config: &Config) -> Result<Option<Secret>, KeyError> {
    match (&config.api_token, &config.api_token_file) {
        (Some(_), Some(_)) => Err(KeyError::Twice),
        (Some(key), None) => good(key.expose(), "API_TOKEN").map(Some),
        (None, Some(path)) => good(&read(path)?, &format!("the key in {}", path.display())).map(Some),
        (None, None) => Ok(None),
    }
}

/// Reads the file with the key that was set, if it was set so: it may lie where the server sees nothing later.
///
/// # Errors
/// [`KeyError`], with the remedy.
pub fn take_from_file(config: &mut Config) -> Result<(), KeyError> {
    if let Some(key) = given(config)? {
        (config.api_token, config.api_token_file) = (Some(key), None);
    }
    Ok(())
}

/// Accepts a key that can be sent in a header and that nobody guesses at once.
fn good(key: &str, place: &str) -> Result<Secret, KeyError> {
    let bare: String = key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let mut distinct: Vec<char> = key.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    let problem = if key.is_empty() {
        "is empty"
    } else if key.chars().any(|c| !c.is_ascii_graphic()) {
        "has characters other than visible ASCII"
    } else if key.len() < LEAST_LENGTH {
        "is shorter than 16 characters"
    } else if distinct.len() < LEAST_DISTINCT {
        "repeats a few characters"
    } else if EXAMPLES.iter().any(|example| bare.contains(example)) {
        "is an example key"
    } else {
        return Ok(Secret::new(key));
    };
    Err(KeyError::Bad { place: place.to_owned(), problem })
}

/// The key in the data directory; made if there is none.
fn generated(data_dir: &Path) -> Result<FirstKey, KeyError> {
    let path = data_dir.join(FILE);
    let failed = |source| KeyError::File { path: path.clone(), source };
    match fs::symlink_metadata(&path) {
        Ok(meta) if meta.permissions().mode() & 0o077 != 0 => Err(KeyError::Public(path)),
        Ok(_) => good(&read(&path)?, &format!("the key in {}", path.display())).map(FirstKey::Kept),
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(data_dir, &path).map_err(failed),
        Err(error) => Err(failed(error)),
    }
}

/// Writes a fresh key beside its final name first: a crash must not leave half a key behind.
fn make(data_dir: &Path, path: &Path) -> io::Result<FirstKey> {
    DirBuilder::new().recursive(true).mode(0o700).create(data_dir)?;
    // 256 bits.
    let key = Secret::new(random_digits::<32>()?);
    let fresh = path.with_extension("new");
    // A leftover of a start that was interrupted here.
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    writeln!(file, "{}", key.expose())?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    File::open(data_dir)?.sync_all()?;
    Ok(FirstKey::Made(key))
}

/// The text of a key file without the line end that editors put there.
fn read(path: &Path) -> Result<String, KeyError> {
    let failed = |source| KeyError::File { path: path.to_owned(), source };
    let mut text = String::new();
    let file = File::open(path).map_err(failed)?;
    file.take(MOST_FILE_BYTES).read_to_string(&mut text).map_err(failed)?;
    Ok(text.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).unwrap_or(&text).to_owned())
}
