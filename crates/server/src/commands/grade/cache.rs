//! Results of earlier runs, in a file: what nothing has changed of is not run again.
//!
//! The unit is a submission with all its tests. A result is found by the digest of everything it depends on, so that nothing has
//! to be removed when something changes. Only results are kept that say something of the submission; a failure of ours is not.
//! A file that can not be read is said and done without; one that can not be written is said and costs the next run its time.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::graded::Graded;

/// The name of the file, if nobody says another one.
pub const FILE: &str = ".code-runner-grade.json";
/// What the file is, so that nothing else is taken for it.
const FORMAT: &str = "code-runner grade 1";
/// Results that are kept; those of this run first.
const MOST_RESULTS: usize = 10_000;
/// Bytes of a file that is read.
const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// How long a result may wait before it is written.
const PACE: Duration = Duration::from_secs(1);

/// The file, as it is written.
#[derive(Serialize, Deserialize)]
struct Page {
    format: String,
    results: BTreeMap<String, Graded>,
}

/// The results, and the file they are kept in, if any.
pub struct Cache {
    file: Option<PathBuf>,
    /// By digest: those of this run, and those of earlier ones that it has not asked for.
    used: BTreeMap<String, Graded>,
    unused: BTreeMap<String, Graded>,
    /// When it was written last.
    written: Option<Instant>,
    is_dirty: bool,
}

/// The file can not be written.
#[derive(Debug, thiserror::Error)]
#[error("results can not be kept for the next time: {} can not be written: {source}", path.display())]
pub struct NotWritten {
    path: PathBuf,
    source: io::Error,
}

impl Cache {
    /// One that keeps nothing.
    pub fn none() -> Self {
        Self { file: None, used: BTreeMap::new(), unused: BTreeMap::new(), written: None, is_dirty: false }
    }

    /// What is in this file, and what is wrong with it, if something is: then the cache is empty.
    pub fn open(file: &Path) -> (Self, Option<String>) {
        let (unused, wrong) = match read(file) {
            Ok(results) => (results, None),
            Err(reason) => (BTreeMap::new(), Some(format!("{} is not used: {reason}", file.display()))),
        };
        (Self { file: Some(file.to_owned()), unused, ..Self::none() }, wrong)
    }

    /// The result with this digest, if it is known.
    pub fn find(&mut self, digest: &str) -> Option<Graded> {
        if let Some(graded) = self.unused.remove(digest) {
            self.used.insert(digest.to_owned(), graded);
        }
        self.used.get(digest).cloned()
    }

    /// Keeps a result, and writes it soon.
    ///
    /// # Errors
    /// [`NotWritten`]; it is found in this run all the same.
    pub fn keep(&mut self, digest: String, graded: Graded) -> Result<(), NotWritten> {
        self.used.insert(digest, graded);
        self.is_dirty = true;
        if self.written.is_some_and(|at| at.elapsed() < PACE) { Ok(()) } else { self.write() }
    }

    /// Writes what has not been written.
    ///
    /// # Errors
    /// [`NotWritten`].
    pub fn write(&mut self) -> Result<(), NotWritten> {
        let Some(path) = self.file.clone().filter(|_| self.is_dirty) else { return Ok(()) };
        // Also if it fails: a full disk is not asked again for each result.
        self.written = Some(Instant::now());
        let results = self.used.iter().chain(&self.unused).take(MOST_RESULTS);
        let results = results.map(|(digest, graded)| (digest.clone(), graded.clone())).collect();
        let page = Page { format: FORMAT.to_owned(), results };
        let written = serde_json::to_vec(&page).map_err(io::Error::other).and_then(|bytes| replace(&path, &bytes));
        written.map_err(|source| NotWritten { path, source })?;
        self.is_dirty = false;
        Ok(())
    }
}

/// An absent file is an empty one.
fn read(path: &Path) -> Result<BTreeMap<String, Graded>, String> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(error.to_string()),
    };
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err("it is too large".to_owned());
    }
    let page: Page =
        serde_json::from_slice(&bytes).map_err(|error| format!("it is damaged, or none of ours ({error})"))?;
    if page.format == FORMAT { Ok(page.results) } else { Err("it was written by another version".to_owned()) }
}

/// The file is the old one or the new one, whenever this ends.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!("{name}.{}.tmp", std::process::id()));
    let written = (|| {
        let mut file = File::create_new(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    })();
    if written.is_err() {
        // What is left of it is of no use.
        let _ = fs::remove_file(&beside);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::super::graded::tests::{graded, run};
    use super::*;

    fn some() -> Graded {
        graded("ok", &[run("ok", true, 1.0), run("ok", true, 1.0), run("ok", true, 1.0)])
    }

    #[test]
    fn what_was_kept_is_found_by_the_next_run_and_what_it_did_not_ask_for_stays() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join(FILE);
        let (mut first, wrong) = Cache::open(&file);
        assert_eq!((wrong, first.find("a")), (None, None));
        first.keep("a".to_owned(), some()).unwrap();
        first.keep("b".to_owned(), some()).unwrap();
        assert_eq!(first.find("a"), Some(some()));
        first.write().unwrap();

        let (mut second, _) = Cache::open(&file);
        assert_eq!(second.find("a"), Some(some()));
        second.keep("c".to_owned(), some()).unwrap();
        second.write().unwrap();
        let (mut third, _) = Cache::open(&file);
        assert!(["a", "b", "c"].iter().all(|digest| third.find(digest).is_some()));
        let names: Vec<_> = fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, [FILE]);
    }

    #[test]
    fn a_result_is_on_disk_before_the_run_ends() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join(FILE);
        let (mut cache, _) = Cache::open(&file);
        cache.keep("a".to_owned(), some()).unwrap();
        assert!(Cache::open(&file).0.find("a").is_some());
        cache.written = Instant::now().checked_sub(PACE);
        cache.keep("b".to_owned(), some()).unwrap();
        assert!(Cache::open(&file).0.find("b").is_some());
    }

    #[test]
    fn a_damaged_file_is_said_and_ignored() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join(FILE);
        for (text, reason) in [
            ("{\"format\":\"code-runner gra", "it is damaged, or none of ours"),
            ("[]", "it is damaged, or none of ours"),
            ("{\"format\":\"code-runner grade 0\",\"results\":{}}", "it was written by another version"),
            ("{\"format\":\"code-runner grade 1\",\"results\":{\"a\":{}}}", "it is damaged, or none of ours"),
        ] {
            fs::write(&file, text).unwrap();
            let (mut cache, wrong) = Cache::open(&file);
            assert!(wrong.as_ref().is_some_and(|wrong| wrong.contains(reason)), "{text}: {wrong:?}");
            cache.keep("a".to_owned(), some()).unwrap();
            cache.write().unwrap();
            assert!(Cache::open(&file).0.find("a").is_some());
        }
    }

    #[test]
    fn a_place_that_can_not_be_written_is_an_error_with_its_name() {
        let mut cache = Cache::open(Path::new("/nonexistent/cache.json")).0;
        assert!(cache.keep("a".to_owned(), some()).is_err() && cache.find("a").is_some());
        assert!(cache.write().unwrap_err().to_string().contains("/nonexistent/cache.json can not be written"));
        let mut none = Cache::none();
        none.keep("a".to_owned(), some()).unwrap();
        assert!(none.write().is_ok() && none.find("a").is_some());
    }
}
