//! What the server says to those who run it: metrics, log files and messages. No canary may be in them, and no byte
//! that a terminal would obey.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use crate::canaries::Canaries;
use crate::finding::Finding;
use crate::server::Server;

/// Reads on where it stopped, so that each line is looked at once.
#[derive(Default)]
pub struct Texts {
    read: BTreeMap<PathBuf, u64>,
}

impl Texts {
    /// What is wrong with the metrics and with what was written since the last look.
    pub fn look(&mut self, server: &Server, canaries: &Canaries) -> Vec<Finding> {
        let mut found = Vec::new();
        for accept in ["application/json", "application/openmetrics-text"] {
            match server.client.get("/metrics", accept) {
                Ok((200, text)) => found.extend(canary(canaries, "the metrics", &text)),
                Ok((status, _)) => {
                    found.push(Finding::new("U4 metrics", format!("{accept} is answered with {status}")))
                }
                Err(error) => found.push(Finding::new("U4 metrics", error.to_string())),
            }
        }
        for path in server.text_files() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let bytes = self.read_on(path);
            found.extend(canary(canaries, &name, &String::from_utf8_lossy(&bytes)));
            if let Some(byte) = bytes.iter().find(|byte| byte.is_ascii_control() && **byte != b'\n') {
                found.push(Finding::new("U6 control bytes", format!("{name} holds the byte {byte:#04x}")));
            }
        }
        found
    }

    fn read_on(&mut self, path: PathBuf) -> Vec<u8> {
        let mut bytes = Vec::new();
        let offset = self.read.entry(path.clone()).or_default();
        if let Ok(mut file) = File::open(path) {
            let read = file.seek(SeekFrom::Start(*offset)).and_then(|_| file.read_to_end(&mut bytes));
            *offset += read.unwrap_or_default() as u64;
        }
        bytes
    }
}

/// A canary in a text is the worst there is.
pub fn canary(canaries: &Canaries, place: &str, text: &str) -> Option<Finding> {
    let found = canaries.found_in(text)?;
    Some(Finding::new("U4 canaries", format!("{place} has what was planted in {found}")))
}
