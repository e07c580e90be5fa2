//! How large a server is: what it keeps in memory and on the disk.

use serde::Serialize;

use crate::host::resident_kib;
use crate::server::Server;

/// Memory of both processes and the data folder.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Size {
    /// Memory of the server, in KiB.
    pub server_kib: u64,
    /// Memory of the launcher, in KiB.
    pub launcher_kib: u64,
    /// Bytes of all files in the data folder.
    pub data_bytes: u64,
}

impl Size {
    /// That of this server, now.
    pub fn of(server: &Server) -> Self {
        Self {
            server_kib: resident_kib(server.place.server),
            launcher_kib: resident_kib(server.place.launcher),
            data_bytes: server.data_bytes(),
        }
    }
}
