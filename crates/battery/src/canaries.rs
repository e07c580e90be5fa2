//! Texts that no submission may ever get to see, and the places they are planted in.
//!
//! Each is random, so that finding one means that it was read and not guessed. Dropping removes the files again.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The environment variable of the server that holds one.
pub const VARIABLE: &str = "CODE_RUNNER_CANARY";

/// A file that everybody on the host may read.
const OPEN_FILE: &str = "/var/tmp/code-runner-canary";

/// A file that only root may read.
const ROOT_FILE: &str = "/root/code-runner-canary";

/// What the test-only build adds to the environment of programs when that hole is open.
const OF_THE_HOLE: &str = "canary-environment";

/// All texts that are planted.
pub struct Canaries {
    /// In the server's environment.
    pub environment: String,
    /// In the code of a submission that runs beside.
    pub code: String,
    /// In an input of a submission that runs beside.
    pub input: String,
    /// The key of the API is one too.
    pub key: String,
    open_file: String,
    root_file: String,
}

impl Canaries {
    /// Plants the files.
    pub fn plant() -> Result<Self, String> {
        let canaries = Self {
            environment: random("canary-variable-")?,
            code: random("canary-code-")?,
            input: random("canary-input-")?,
            key: random("key-")?,
            open_file: random("canary-file-")?,
            root_file: random("canary-root-")?,
        };
        write(OPEN_FILE, 0o644, &canaries.open_file)?;
        // Without the right to write there, the server is not root either, and has no such file to give away.
        if rustix::process::geteuid().is_root() {
            write(ROOT_FILE, 0o600, &canaries.root_file)?;
        }
        Ok(canaries)
    }

    /// The first of them that this text holds, by where it was planted.
    pub fn found_in(&self, text: &str) -> Option<&'static str> {
        let Self { environment, code, input, key, open_file, root_file } = self;
        let places = [
            ("the server's environment", environment.as_str()),
            ("the environment a hole adds", OF_THE_HOLE),
            ("another submission's code", code),
            ("another submission's input", input),
            ("the API's key", key),
            (OPEN_FILE, open_file),
            (ROOT_FILE, root_file),
        ];
        places.into_iter().find(|(_, canary)| text.contains(canary)).map(|(place, _)| place)
    }
}

impl Drop for Canaries {
    fn drop(&mut self) {
        for path in [OPEN_FILE, ROOT_FILE] {
            let _ = fs::remove_file(path);
        }
    }
}

fn write(path: &str, mode: u32, text: &str) -> Result<(), String> {
    let _ = fs::remove_file(path);
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).mode(mode).open(Path::new(path));
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| format!("{path}: {error}"))
}

/// The prefix and 32 random hexadecimal digits.
fn random(prefix: &str) -> Result<String, String> {
    let bytes = fs::File::open("/dev/urandom").and_then(|mut file| {
        let mut bytes = [0_u8; 16];
        std::io::Read::read_exact(&mut file, &mut bytes).map(|()| bytes)
    });
    let bytes = bytes.map_err(|error| format!("/dev/urandom: {error}"))?;
    Ok(bytes.iter().fold(prefix.to_owned(), |text, byte| format!("{text}{byte:02x}")))
}
