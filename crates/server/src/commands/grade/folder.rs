//! A folder with submissions. Symbolic links are not followed: a student may have put one there.

use std::fs::{self, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::found::{Found, Inside, MOST_FILE_BYTES, TooMuch, is_nothing, too_large};

/// Folders within folders.
const MOST_LEVELS: usize = 16;

/// Why a folder can not be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder itself; what is in it has a row of its own.
    #[error("{} can not be read: {source}", path.display())]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is too large.
    #[error("{} is not read: {source}", path.display())]
    TooMuch {
        /// The folder.
        path: PathBuf,
        /// Of what.
        source: TooMuch,
    },
}

/// What is in this folder. `ours` are files that were not submitted, though they may be in it, in their one spelling.
///
/// # Errors
/// [`FolderError`]: nothing of it can be used.
pub fn read(folder: &Path, ours: &[PathBuf]) -> Result<Found, FolderError> {
    let entries = entries(folder).map_err(|source| FolderError::Unreadable { path: folder.to_owned(), source })?;
    let mut found = Found::default();
    for (name, path) in entries {
        visit(&mut found, &path, Inside(vec![name]), ours)
            .map_err(|source| FolderError::TooMuch { path: folder.to_owned(), source })?;
    }
    Ok(found.sorted())
}

fn entries(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let named = |entry: fs::DirEntry| (entry.file_name().to_string_lossy().into_owned(), entry.path());
    fs::read_dir(folder)?.map(|entry| entry.map(named)).collect()
}

fn visit(found: &mut Found, path: &Path, inside: Inside, ours: &[PathBuf]) -> Result<(), TooMuch> {
    found.count()?;
    let kind = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata.file_type(),
        Err(error) => return found.file(inside, Err(unreadable(&error))),
    };
    if fs::canonicalize(path).is_ok_and(|path| ours.contains(&path)) {
        found.passed_over.push((inside, "a file of this exercise"));
        return Ok(());
    }
    if let Some(why) = inside.0.last().and_then(|name| is_nothing(name, kind.is_dir())) {
        found.passed_over.push((inside, why));
        return Ok(());
    }
    if kind.is_symlink() {
        return found.file(inside, Err("is a symbolic link, and these are not followed".to_owned()));
    }
    if kind.is_file() {
        return found.file(inside, content(path));
    }
    if !kind.is_dir() {
        return found.file(inside, Err("is neither a file nor a folder".to_owned()));
    }
    if inside.0.len() >= MOST_LEVELS {
        return found.file(inside, Err(format!("has more than {MOST_LEVELS} folders in one another")));
    }
    found.folder(&inside);
    match entries(path) {
        Err(error) => found.file(inside, Err(unreadable(&error))),
        Ok(entries) => entries.into_iter().try_for_each(|(name, path)| {
            let inside = Inside(inside.0.iter().cloned().chain([name]).collect());
            visit(found, &path, inside, ours)
        }),
    }
}

/// The bytes of a file, as long as it stays one: what was put in its place meanwhile is neither followed nor waited for.
fn content(path: &Path) -> Result<Vec<u8>, String> {
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(|error| unreadable(&error))?;
    let mut bytes = Vec::new();
    file.take(MOST_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > MOST_FILE_BYTES { Err(too_large()) } else { Ok(bytes) }
}

fn unreadable(error: &io::Error) -> String {
    format!("can not be read: {error}")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn every_file_is_there_with_its_content_or_with_its_reason() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        for folder in ["ben", "ben/sub", "__MACOSX", "empty"] {
            fs::create_dir(at(folder)).unwrap();
        }
        for (name, text) in [
            ("ada.py", "print(1)"),
            ("ben/main.c", "int main;"),
            ("ben/sub/x.h", ""),
            (".DS_Store", ""),
            ("__MACOSX/ada.py", ""),
            ("ben/main.o", ""),
            ("tests.toml", ""),
        ] {
            fs::write(at(name), text).unwrap();
        }
        fs::write(at("large.py"), vec![b'#'; usize::try_from(MOST_FILE_BYTES).unwrap() + 1]).unwrap();
        symlink("/etc/passwd", at("link.py")).unwrap();
        symlink("/", at("linked")).unwrap();
        rustix::fs::mknodat(rustix::fs::CWD, at("pipe.py"), rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();

        let ours = [fs::canonicalize(at("tests.toml")).unwrap()];
        let found = read(place.path(), &ours).unwrap();
        let shown: Vec<String> = found
            .files
            .iter()
            .map(|file| match &file.content {
                Ok(bytes) => format!("{} has {}", file.path, String::from_utf8_lossy(bytes)),
                Err(reason) => format!("{} {reason}", file.path),
            })
            .collect();
        assert_eq!(
            shown,
            [
                "ada.py has print(1)",
                "ben/main.c has int main;",
                "ben/sub/x.h has ",
                "large.py is larger than 8 MiB",
                "link.py is a symbolic link, and these are not followed",
                "linked is a symbolic link, and these are not followed",
                "pipe.py is neither a file nor a folder",
            ]
        );
        let passed: Vec<String> = found.passed_over.iter().map(|(path, why)| format!("{path}: {why}")).collect();
        assert_eq!(
            passed,
            [
                ".DS_Store: hidden",
                "__MACOSX: a folder that a tool has made",
                "ben/main.o: compiled",
                "tests.toml: a file of this exercise",
            ]
        );
        assert_eq!(found.folders, ["ben", "empty"]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error_and_deep_ones_end() {
        assert!(read(Path::new("/nonexistent"), &[]).unwrap_err().to_string().contains("/nonexistent can not be read"));
        let place = tempfile::tempdir().unwrap();
        fs::create_dir_all(place.path().join("a/".repeat(MOST_LEVELS + 1))).unwrap();
        let found = read(place.path(), &[]).unwrap();
        let reasons: Vec<_> = found.files.iter().map(|file| file.content.clone().unwrap_err()).collect();
        assert_eq!(reasons, ["has more than 16 folders in one another"]);
    }
}
