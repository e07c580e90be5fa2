//! Has the crate compiled again when a migration is added or the pages' scripts were built: files that are new or gone are
//! nothing that the compiler itself would notice.

use std::path::Path;

fn main() {
    // Without what was built the whole folder is watched, and nothing that is not there: cargo takes that for changed.
    let built = Path::new("../../web/dist");
    let watched = if built.exists() { built } else { Path::new("../../web") };
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=migrations");
    if watched.exists() {
        println!("cargo::rerun-if-changed={}", watched.display());
    }
}
