//! `fake-dagger session`: see the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("session") => fake_engine::session(),
        _ => ExitCode::from(2),
    }
}
