//! Has the server compiled again when the pages it embeds were built: files that are new or gone are nothing that the
//! compiler itself would notice.

use std::path::Path;

fn main() {
    // Without pages their whole folder is watched, and nothing of a folder that is not there: cargo takes what is missing for
    // changed, and would compile the server each time.
    let built = Path::new("../../web/dist");
    let watched = if built.exists() { built } else { Path::new("../../web") };
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", watched.display());
}
