//! A zip archive with submissions. Nothing of it is written to disk: its names are labels, and what they say of folders above,
//! of links or of sizes is not believed.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::found::{Found, Inside, MOST_ENTRIES, MOST_FILE_BYTES, TooMuch, is_nothing, too_large};

/// Bytes of an archive.
const MOST_ARCHIVE_BYTES: u64 = 256 * 1024 * 1024;
/// How many times as long as what is stored the content may be, where it is longer than [`SMALL`]. Programs have less than a
/// tenth of that.
const MOST_RATIO: u64 = 200;
/// Bytes from which on the ratio counts.
const SMALL: u64 = 1024 * 1024;

/// Why an archive can not be read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The file.
    #[error("{} can not be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is none.
    #[error("{} is no zip archive that can be read: {source}", path.display())]
    NotZip {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ZipError,
    },
    /// It is too large.
    #[error("{} is not read: it is larger than {} MiB", .0.display(), MOST_ARCHIVE_BYTES / (1024 * 1024))]
    Large(PathBuf),
    /// There is too much in it.
    #[error("{} is not read: {source}", path.display())]
    TooMuch {
        /// The file.
        path: PathBuf,
        /// Of what.
        source: TooMuch,
    },
}

/// What is in this archive.
///
/// # Errors
/// [`ArchiveError`]: nothing of it can be used.
pub fn read(path: &Path) -> Result<Found, ArchiveError> {
    let unreadable = |source| ArchiveError::Unreadable { path: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.len() > MOST_ARCHIVE_BYTES {
        return Err(ArchiveError::Large(path.to_owned()));
    }
    let archive = ZipArchive::new(file).map_err(|source| ArchiveError::NotZip { path: path.to_owned(), source })?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    match all(archive) {
        Ok(found) => Ok(without_wrapper(found.sorted(), &stem)),
        Err(source) => Err(ArchiveError::TooMuch { path: path.to_owned(), source }),
    }
}

fn all(mut archive: ZipArchive<impl Read + Seek>) -> Result<Found, TooMuch> {
    if archive.len() > MOST_ENTRIES {
        return Err(TooMuch::Entries);
    }
    let mut found = Found::default();
    for index in 0..archive.len() {
        found.count()?;
        match archive.by_index(index) {
            Ok(entry) => visit(&mut found, entry)?,
            Err(error) => found.file(unnamed(index), Err(format!("can not be read: {error}")))?,
        }
    }
    Ok(found)
}

fn unnamed(index: usize) -> Inside {
    Inside(vec![format!("entry {} of the archive", index + 1)])
}

fn visit<R: Read>(found: &mut Found, mut entry: ZipFile<'_, R>) -> Result<(), TooMuch> {
    let name = match entry.name() {
        Ok(name) => name.into_owned(),
        Err(_) => String::from_utf8_lossy(entry.name_raw()).into_owned(),
    };
    let Some(inside) = parts(&name) else {
        let shown = Inside(vec![name.chars().map(|c| if c.is_control() { '?' } else { c }).collect()]);
        return found.file(shown, Err("has a name that leads out of the archive".to_owned()));
    };
    let is_folder = entry.is_dir() || name.ends_with(['/', '\\']);
    if let Some((path, why)) = nothing(&inside, is_folder) {
        // Of a folder of a tool's one line is enough.
        if !found.passed_over.iter().any(|(known, _)| *known == path) {
            found.passed_over.push((path, why));
        }
        return Ok(());
    }
    if let [top, _, ..] = inside.0.as_slice() {
        found.folder(&Inside(vec![top.clone()]));
    }
    if entry.is_symlink() {
        return found.file(inside, Err("is a symbolic link, and these are not followed".to_owned()));
    }
    if is_folder {
        found.folder(&inside);
        return Ok(());
    }
    let content = content(&mut entry);
    found.file(inside, content)
}

/// The bytes of an entry. What it says of its size is asked first, and not believed afterwards.
fn content<R: Read>(entry: &mut ZipFile<'_, R>) -> Result<Vec<u8>, String> {
    if entry.size() > MOST_FILE_BYTES {
        return Err(too_large());
    }
    let stored = entry.compressed_size().max(1);
    let most = stored.saturating_mul(MOST_RATIO).clamp(SMALL, MOST_FILE_BYTES);
    let mut bytes = Vec::new();
    entry.take(most + 1).read_to_end(&mut bytes).map_err(|error| format!("can not be read: {error}"))?;
    if bytes.len() as u64 <= most {
        Ok(bytes)
    } else if most == MOST_FILE_BYTES {
        Err(too_large())
    } else {
        Err(format!("is more than {MOST_RATIO} times as long as what is stored of it, as no program is"))
    }
}

/// A name in its parts; none if it leads out. Archives of Windows may have `\` between the parts.
fn parts(name: &str) -> Option<Inside> {
    if name.starts_with(['/', '\\']) || name.contains('\0') {
        return None;
    }
    let mut parts = Vec::new();
    for part in name.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => return None,
            part if parts.is_empty() && part.len() == 2 && part.ends_with(':') => return None,
            part => parts.push(part.to_owned()),
        }
    }
    if parts.is_empty() { None } else { Some(Inside(parts)) }
}

/// The outermost part that is nobody's submission, and why.
fn nothing(inside: &Inside, is_folder: bool) -> Option<(Inside, &'static str)> {
    let parts = &inside.0;
    (0..parts.len()).find_map(|index| {
        let why = is_nothing(&parts[index], is_folder || index + 1 < parts.len())?;
        Some((Inside(parts[..=index].to_vec()), why))
    })
}

/// Archives are often made of a folder: one that is alone in it, and has the archive's own name, is no student.
fn without_wrapper(found: Found, stem: &str) -> Found {
    let is_wrapped = found.folders.len() == 1
        && found.folders[0] == stem
        && found.files.iter().all(|file| file.path.0.len() > 1 && file.path.0[0] == stem);
    if !is_wrapped {
        return found;
    }
    let Found { files, folders: _, passed_over, .. } = found;
    let mut inner = Found::default();
    inner.passed_over = passed_over;
    for mut file in files {
        file.path.0.remove(0);
        if let [top, _, ..] = file.path.0.as_slice() {
            inner.folder(&Inside(vec![top.clone()]));
        }
        inner.files.push(file);
    }
    inner
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// An archive of this name with these files.
    fn archive(place: &Path, name: &str, files: &[(&str, &[u8])]) -> PathBuf {
        let path = place.join(name);
        let mut writer = ZipWriter::new(File::create(&path).unwrap());
        for (name, content) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap();
        path
    }

    fn shown(found: &Found) -> Vec<String> {
        let shown = |file: &super::super::found::File| match &file.content {
            Ok(bytes) => format!("{} has {}", file.path, String::from_utf8_lossy(bytes)),
            Err(reason) => format!("{} {reason}", file.path),
        };
        found.files.iter().map(shown).collect()
    }

    #[test]
    fn files_and_folders_are_found_and_what_a_mac_adds_is_passed_over() {
        let place = tempfile::tempdir().unwrap();
        let path = archive(
            place.path(),
            "all.zip",
            &[
                ("ben/main.c", b"int main;"),
                ("ada.py", b"print(1)"),
                ("__MACOSX/._ada.py", b""),
                ("__MACOSX/._ben", b""),
                ("cleo\\main.py", b"2"),
            ],
        );
        let found = read(&path).unwrap();
        assert_eq!(shown(&found), ["ada.py has print(1)", "ben/main.c has int main;", "cleo/main.py has 2"]);
        assert_eq!(found.folders, ["ben", "cleo"]);
        let why = "a folder that a tool has made";
        assert_eq!(found.passed_over, [(Inside(vec!["__MACOSX".to_owned()]), why)]);
    }

    #[test]
    fn a_folder_around_everything_is_no_student_if_it_is_named_as_the_archive() {
        let place = tempfile::tempdir().unwrap();
        let files: &[(&str, &[u8])] = &[("week1/ada.py", b"1"), ("week1/ben/main.py", b"2")];
        let found = read(&archive(place.path(), "week1.zip", files)).unwrap();
        assert_eq!(
            (shown(&found), found.folders),
            (vec!["ada.py has 1".to_owned(), "ben/main.py has 2".to_owned()], vec!["ben".to_owned()])
        );
        let found = read(&archive(place.path(), "other.zip", files)).unwrap();
        assert_eq!(found.folders, ["week1"]);
    }

    #[test]
    fn names_that_lead_out_are_said_and_nothing_is_written() {
        let place = tempfile::tempdir().unwrap();
        let names = ["../out.py", "ada/../../out.py", "/tmp/out.py", "C:\\out.py", "..\\out.py", "\\\\host\\out.py"];
        let files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, &b"1"[..])).collect();
        let found = read(&archive(place.path(), "x.zip", &files)).unwrap();
        assert_eq!(found.files.len(), names.len(), "{:?}", shown(&found));
        for file in &found.files {
            assert_eq!(file.content, Err("has a name that leads out of the archive".to_owned()), "{}", file.path);
        }
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn links_are_not_followed() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("x.zip");
        let mut writer = ZipWriter::new(File::create(&path).unwrap());
        writer.add_symlink("ada.py", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        writer.finish().unwrap();
        assert_eq!(shown(&read(&path).unwrap()), ["ada.py is a symbolic link, and these are not followed"]);
    }

    #[test]
    fn bombs_are_rows_with_a_reason_whatever_they_say_of_their_size() {
        let place = tempfile::tempdir().unwrap();
        let zeros = vec![0; 4 * 1024 * 1024];
        let path = archive(place.path(), "x.zip", &[("ada.py", &zeros), ("ben.py", b"1")]);
        let ratio = "ada.py is more than 200 times as long as what is stored of it, as no program is";
        assert_eq!(shown(&read(&path).unwrap()), [ratio, "ben.py has 1"]);

        // The same, but the archive claims that it has ten bytes: in both headers.
        let mut bytes = std::fs::read(&path).unwrap();
        let claimed = u32::try_from(zeros.len()).unwrap().to_le_bytes();
        let places: Vec<usize> = (0..bytes.len() - 4).filter(|at| bytes[*at..at + 4] == claimed).collect();
        assert!(!places.is_empty());
        for at in places {
            bytes[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
        }
        std::fs::write(&path, bytes).unwrap();
        let lied = shown(&read(&path).unwrap());
        assert!(
            lied[0].starts_with("ada.py is more than 200 times") || lied[0].starts_with("ada.py can not be read"),
            "{lied:?}"
        );

        let large = archive(place.path(), "y.zip", &[("ada.py", &vec![0; 9 * 1024 * 1024])]);
        assert_eq!(shown(&read(&large).unwrap()), ["ada.py is larger than 8 MiB"]);
    }

    #[test]
    fn what_is_no_archive_is_an_error_with_its_name() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("x.zip");
        std::fs::write(&path, "PK no").unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("x.zip is no zip archive"));
        assert!(read(&place.path().join("y.zip")).unwrap_err().to_string().contains("y.zip can not be read"));
    }
}
