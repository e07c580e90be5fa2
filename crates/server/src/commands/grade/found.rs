//! What is in a place with submissions, whether that is a folder or an archive: files by their path, with the content or
//! with why there is none. What a submission is, is for [`super::students`] to say.
//!
//! All of it is bounded, and nothing is left out in silence: what is no submission of anybody's is passed over by name, what
//! can not be used is there with its reason.

use std::fmt;

/// Files and folders of one place.
pub const MOST_ENTRIES: usize = 50_000;
/// Bytes of one file.
pub const MOST_FILE_BYTES: u64 = 8 * 1024 * 1024;
/// Bytes of all files together, in memory.
pub const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// Folders that tools make, and no student.
const FOLDERS_OF_TOOLS: [&str; 4] = ["__MACOSX", "__pycache__", "node_modules", "$RECYCLE.BIN"];
/// Files that desktops make.
const FILES_OF_DESKTOPS: [&str; 3] = ["thumbs.db", "desktop.ini", "ehthumbs.db"];
/// Extensions of what compilers make.
const COMPILED: [&str; 13] =
    ["class", "pyc", "pyo", "o", "obj", "a", "so", "dll", "dylib", "exe", "beam", "hi", "rlib"];

/// A path within the place, in its parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Inside(pub Vec<String>);

impl fmt::Display for Inside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("/"))
    }
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it is.
    pub path: Inside,
    /// Its bytes, or why they can not be used, as it fits after its name.
    pub content: Result<Vec<u8>, String>,
}

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Ordered by path.
    pub files: Vec<File>,
    /// The folders at the top, empty ones included.
    pub folders: Vec<String>,
    /// What is nobody's submission, and why.
    pub passed_over: Vec<(Inside, &'static str)>,
    entries: usize,
    bytes: u64,
}

/// There is more than is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// Files and folders.
    #[error("there are more than {MOST_ENTRIES} files and folders")]
    Entries,
    /// Bytes.
    #[error("the files have more than {} MiB together", MOST_BYTES / (1024 * 1024))]
    Bytes,
}

impl Found {
    /// Counts a file or a folder.
    ///
    /// # Errors
    /// There are too many.
    pub fn count(&mut self) -> Result<(), TooMuch> {
        self.entries += 1;
        if self.entries > MOST_ENTRIES { Err(TooMuch::Entries) } else { Ok(()) }
    }

    /// Keeps a folder, if it is one at the top.
    pub fn folder(&mut self, path: &Inside) {
        if let [name] = path.0.as_slice()
            && !self.folders.contains(name)
        {
            self.folders.push(name.clone());
        }
    }

    /// Keeps a file.
    ///
    /// # Errors
    /// Everything together has too many bytes.
    pub fn file(&mut self, path: Inside, content: Result<Vec<u8>, String>) -> Result<(), TooMuch> {
        self.bytes += content.as_ref().map_or(0, |bytes| bytes.len() as u64);
        if self.bytes > MOST_BYTES {
            return Err(TooMuch::Bytes);
        }
        self.files.push(File { path, content });
        Ok(())
    }

    /// In one order, whatever the order of the file system or the archive.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.files.sort_by(|one, other| one.path.cmp(&other.path));
        self.passed_over.sort();
        self.folders.sort();
        self
    }
}

/// The sentence about a file that is too large.
pub fn too_large() -> String {
    format!("is larger than {} MiB", MOST_FILE_BYTES / (1024 * 1024))
}

/// Why something of this name is nobody's submission; none if it may be one.
pub fn is_nothing(name: &str, is_folder: bool) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    if is_folder {
        if FOLDERS_OF_TOOLS.contains(&name) {
            return Some("a folder that a tool has made");
        }
    } else if FILES_OF_DESKTOPS.contains(&lower.as_str()) {
        return Some("a file of the desktop");
    } else if lower.rsplit_once('.').is_some_and(|(_, extension)| COMPILED.contains(&extension)) {
        return Some("compiled");
    }
    name.starts_with('.').then_some("hidden")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_desktops_tools_and_compilers_leave_is_nobodys_submission() {
        for (name, is_folder, why) in [
            (".DS_Store", false, Some("hidden")),
            (".git", true, Some("hidden")),
            ("__MACOSX", true, Some("a folder that a tool has made")),
            ("__pycache__", true, Some("a folder that a tool has made")),
            ("Thumbs.db", false, Some("a file of the desktop")),
            ("Main.class", false, Some("compiled")),
            ("ADA.EXE", false, Some("compiled")),
            ("ada.py", false, None),
            ("class", false, None),
            ("o", false, None),
            ("a.o", true, None),
            ("", false, None),
        ] {
            assert_eq!(is_nothing(name, is_folder), why, "{name}");
        }
    }

    #[test]
    fn everything_is_bounded() {
        let mut found = Found { entries: MOST_ENTRIES - 1, bytes: MOST_BYTES - 1, ..Found::default() };
        assert_eq!(found.count(), Ok(()));
        assert_eq!(found.count(), Err(TooMuch::Entries));
        let path = || Inside(vec!["ada.py".to_owned()]);
        assert_eq!(found.file(path(), Ok(vec![b'1'])), Ok(()));
        assert_eq!(found.file(path(), Err("is not there".to_owned())), Ok(()));
        assert_eq!(found.file(path(), Ok(vec![b'1'])), Err(TooMuch::Bytes));
    }
}
