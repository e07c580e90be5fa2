//! Digests of the tool-chain files that boxes are shown: equal before and after, in the page cache and on the disk.
//!
//! A bug of the Dirty Pipe kind changes a read-only file in the page cache only. So the files are read again after
//! the cache was dropped, which needs root; without it that half is left out and said to be.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::finding::Finding;

/// Files from this size on are left out, in bytes.
const LARGEST: u64 = 64 << 20;

/// A digest for each file, a link's target standing for its content.
pub struct Tools(BTreeMap<PathBuf, Vec<u8>>);

#[derive(Deserialize)]
struct LanguageFile {
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    optional_paths: Vec<String>,
}

impl Tools {
    /// The files that these languages show, as they are now.
    pub fn digest(folder: &Path, languages: &[String]) -> Result<Self, String> {
        let mut files = BTreeMap::new();
        for id in languages {
            let path = folder.join(id).join("language.toml");
            let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let language: LanguageFile =
                toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
            for pattern in language.paths.iter().chain(&language.optional_paths) {
                let paths = glob::glob(pattern).map_err(|error| format!("{pattern}: {error}"))?;
                paths.filter_map(Result::ok).for_each(|path| add(&mut files, &path));
            }
        }
        Ok(Self(files))
    }

    /// Makes the kernel forget what it has read. Says whether it did.
    pub fn drop_page_cache() -> bool {
        rustix::fs::sync();
        fs::write("/proc/sys/vm/drop_caches", "3").is_ok()
    }

    /// How many files there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// What is different now; `when` says when that is.
    pub fn differences(&self, now: &Self, when: &str) -> Vec<Finding> {
        let changed = self.0.iter().filter(|(path, digest)| now.0.get(*path) != Some(*digest)).map(|(path, _)| path);
        let new = now.0.keys().filter(|path| !self.0.contains_key(*path));
        let found = changed.chain(new).map(|path| format!("{} is different {when}", path.display()));
        found.map(|detail| Finding::new("U8 tool-chain files", detail)).collect()
    }
}

/// Adds a file, or all below a folder. Links are not followed: what they lead to is shown only if it is named too.
fn add(files: &mut BTreeMap<PathBuf, Vec<u8>>, path: &Path) {
    let Ok(data) = fs::symlink_metadata(path) else { return };
    if files.contains_key(path) {
        return;
    }
    if data.is_dir() {
        let children = fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
        children.for_each(|entry| add(files, &entry.path()));
    } else if data.is_symlink() {
        let target = fs::read_link(path).unwrap_or_default();
        files.insert(path.to_owned(), target.into_os_string().into_encoded_bytes());
        // The pattern of a language may itself be a link, which the launcher follows.
        if let Ok(real) = fs::canonicalize(path).and_then(|real| fs::metadata(&real).map(|data| (real, data)))
            && real.1.is_file()
        {
            add(files, &real.0);
        }
    } else if data.is_file() && data.len() < LARGEST {
        let content = fs::read(path).unwrap_or_default();
        files.insert(path.to_owned(), Sha256::digest(&content).to_vec());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_a_new_and_a_missing_file_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let language = folder.path().join("toy");
        fs::create_dir_all(language.join("tools/deep")).expect("is made");
        fs::write(language.join("language.toml"), format!("paths = [\"{}/tools\"]", language.display())).expect("ok");
        fs::write(language.join("tools/deep/one"), "1").expect("is written");
        fs::write(language.join("tools/two"), "2").expect("is written");
        let digest = || Tools::digest(folder.path(), &["toy".to_owned()]).expect("can be read");
        let before = digest();
        assert_eq!(before.count(), 2);
        assert!(before.differences(&digest(), "now").is_empty());
        fs::write(language.join("tools/deep/one"), "changed").expect("is written");
        fs::rename(language.join("tools/two"), language.join("tools/three")).expect("is renamed");
        assert_eq!(before.differences(&digest(), "now").len(), 3);
    }
}
