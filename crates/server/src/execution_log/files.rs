//! The files of the execution log: one for each day, of whole lines.
//!
//! An operator may rename, truncate or delete them at any time, and the disk may be full. So before each line it is seen
//! whether the file of its day is still the one that is open, and a line of which only a part can be written is taken
//! back. Who loses lines by that, and how many, is not decided here: [`DailyFiles::write`] says of each whether it is there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use time::Date;

/// The files in one folder. Only one of these may write there.
pub(super) struct DailyFiles {
    folder: PathBuf,
    open: Option<Open>,
}

struct Open {
    date: Date,
    path: PathBuf,
    file: File,
}

impl DailyFiles {
    /// Makes the folder if it is not there, and opens the file of this day.
    ///
    /// # Errors
    /// The folder can not be made or the file not be opened.
    pub(super) fn open(folder: &Path, today: Date) -> io::Result<Self> {
        let mut files = Self { folder: folder.to_owned(), open: None };
        files.of(today)?;
        Ok(files)
    }

    /// Appends a line, which ends with a newline, to the file of its day: all of it or nothing.
    ///
    /// # Errors
    /// Nothing of the line is in the file then.
    pub(super) fn write(&mut self, date: Date, line: &[u8]) -> io::Result<()> {
        let file = &mut self.of(date)?.file;
        let before = file.metadata()?.len();
        let written = file.write_all(line);
        if written.is_err() {
            // A part of it would spoil the line that comes after.
            file.set_len(before)?;
        }
        written
    }

    /// The file of this day, if that is what is open, and else opened.
    fn of(&mut self, date: Date) -> io::Result<&mut Open> {
        let open = match self.open.take().filter(|open| open.date == date && open.is_in_its_place()) {
            Some(open) => open,
            None => Open::new(&self.folder, date)?,
        };
        Ok(self.open.insert(open))
    }
}

impl Open {
    fn new(folder: &Path, date: Date) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        // A date is written as YYYY-MM-DD.
        let path = folder.join(format!("{date}.log"));
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path)?;
        end_last_line(&mut file)?;
        Ok(Self { date, path, file })
    }

    /// Is the file under this name still this one?
    fn is_in_its_place(&self) -> bool {
        let same = |named: fs::Metadata, open: fs::Metadata| (named.dev(), named.ino()) == (open.dev(), open.ino());
        fs::metadata(&self.path).is_ok_and(|named| self.file.metadata().is_ok_and(|open| same(named, open)))
    }
}

/// What a machine without power, or an editor, has left of a line must not run into the next one.
fn end_last_line(file: &mut File) -> io::Result<()> {
    if file.metadata()?.len() == 0 {
        return Ok(());
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    if last == *b"\n" { Ok(()) } else { file.write_all(b"\n") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Date = day(2026, 31);
    const NEXT: Date = day(2026, 32);

    const fn day(year: i32, ordinal: u16) -> Date {
        match Date::from_ordinal_date(year, ordinal) {
            Ok(date) => date,
            Err(_) => panic!("no day of that year"),
        }
    }

    struct Scratch {
        files: DailyFiles,
        folder: tempfile::TempDir,
    }

    impl Scratch {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            Self { files: DailyFiles::open(&folder.path().join("logs"), DAY).expect("opens"), folder }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join("logs").join(name)
        }

        fn write(&mut self, date: Date, line: &str) {
            self.files.write(date, format!("{line}\n").as_bytes()).expect("is written");
        }

        fn text(&self, name: &str) -> String {
            fs::read_to_string(self.path(name)).expect("text")
        }
    }

    #[test]
    fn a_line_is_in_the_file_of_its_own_day_also_when_it_comes_late() {
        let mut scratch = Scratch::new();
        for (date, line) in [(DAY, "1"), (NEXT, "2"), (DAY, "3"), (NEXT, "4")] {
            scratch.write(date, line);
        }
        assert_eq!(scratch.text("2026-01-31.log"), "1\n3\n");
        assert_eq!(scratch.text("2026-02-01.log"), "2\n4\n");
    }

    #[test]
    fn after_a_file_was_renamed_deleted_or_its_folder_removed_the_next_line_is_in_a_new_one() {
        let mut scratch = Scratch::new();
        let name = "2026-01-31.log";
        scratch.write(DAY, "1");
        fs::rename(scratch.path(name), scratch.path("old")).expect("is renamed");
        scratch.write(DAY, "2");
        assert_eq!((scratch.text("old").as_str(), scratch.text(name).as_str()), ("1\n", "2\n"));
        fs::remove_file(scratch.path(name)).expect("is there");
        scratch.write(DAY, "3");
        assert_eq!(scratch.text(name), "3\n");
        fs::remove_dir_all(scratch.path("")).expect("is there");
        scratch.write(DAY, "4");
        assert_eq!(scratch.text(name), "4\n");
    }

    #[test]
    fn a_truncated_file_goes_on_from_its_new_end() {
        let mut scratch = Scratch::new();
        scratch.write(DAY, "1");
        fs::write(scratch.path("2026-01-31.log"), "").expect("is written");
        scratch.write(DAY, "2");
        assert_eq!(scratch.text("2026-01-31.log"), "2\n");
    }

    #[test]
    fn a_line_that_was_cut_off_does_not_run_into_the_next() {
        let mut scratch = Scratch::new();
        fs::write(scratch.path("2026-02-01.log"), "{\"half").expect("is written");
        scratch.write(NEXT, "2");
        assert_eq!(scratch.text("2026-02-01.log"), "{\"half\n2\n");
    }
}
