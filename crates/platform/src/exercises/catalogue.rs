//! The exercises that are shown now. A change of the folder is seen within seconds and without a restart.
//!
//! A folder is not changed at once: `git pull` writes one file after the other. So a changed folder is read when it looks
//! the same twice in a row, and what was read counts only if it still looks so afterwards. An exercise that has become wrong
//! stays as it was, and teachers are told why.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, UNIX_EPOCH};

use super::{Exercise, LoadError, load};

/// How often the folder is looked at.
const PAUSE: Duration = Duration::from_secs(1);
/// How deep folders may be.
const DEPTH: usize = 5;
/// How often a first reading is begun anew because the folder changed under it.
const FIRST_TRIES: usize = 5;

/// What is shown at one moment; never changes.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    exercises: BTreeMap<String, Arc<Exercise>>,
    /// What could not be read.
    pub errors: Vec<LoadError>,
    look: u64,
}

/// The exercises of a folder.
pub struct Catalogue {
    folder: PathBuf,
    shelf: RwLock<Arc<Shelf>>,
}

impl Shelf {
    /// One exercise.
    pub fn exercise(&self, id: &str) -> Option<Arc<Exercise>> {
        self.exercises.get(id).cloned()
    }

    /// All, in the order in which they are shown.
    pub fn all(&self) -> Vec<Arc<Exercise>> {
        let mut all: Vec<_> = self.exercises.values().cloned().collect();
        all.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        all
    }

    /// Reads the folder. What is wrong in it now is taken from `before`.
    fn read(folder: &Path, before: &Self) -> Result<Self, LoadError> {
        let look = look(folder);
        let mut shelf = Self { look, ..Self::default() };
        for (id, read) in load::folder(folder)? {
            match read {
                Ok(exercise) => drop(shelf.exercises.insert(id, Arc::new(exercise))),
                Err(error) => {
                    shelf.errors.push(error);
                    if let Some(kept) = before.exercise(&id) {
                        shelf.exercises.insert(id, kept);
                    }
                }
            }
        }
        Ok(shelf)
    }
}

impl Catalogue {
    /// Reads the folder for the first time.
    ///
    /// # Errors
    /// The folder can not be read. Exercises that are wrong are in [`Shelf::errors`].
    pub fn open(folder: PathBuf) -> Result<Self, LoadError> {
        let mut shelf = Shelf::read(&folder, &Shelf::default())?;
        for _ in 0..FIRST_TRIES {
            if shelf.look == look(&folder) {
                break;
            }
            shelf = Shelf::read(&folder, &Shelf::default())?;
        }
        shelf.errors.iter().for_each(|error| tracing::error!(%error, "an exercise is wrong and not shown"));
        tracing::info!(exercises = shelf.exercises.len(), folder = %folder.display(), "exercises are read");
        Ok(Self { folder, shelf: RwLock::new(Arc::new(shelf)) })
    }

    /// What is shown now.
    pub fn shelf(&self) -> Arc<Shelf> {
        Arc::clone(&self.shelf.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks for changes, for ever.
    pub async fn watch(self: Arc<Self>) {
        let mut last = self.shelf().look;
        loop {
            tokio::time::sleep(PAUSE).await;
            let this = Arc::clone(&self);
            let looked = tokio::task::spawn_blocking(move || this.look_again(last)).await;
            last = looked.unwrap_or(last);
        }
    }

    /// Reads the folder if it is another than what is shown and looks as it did at the `last` look. Gives the new look.
    fn look_again(&self, last: u64) -> u64 {
        let now = look(&self.folder);
        let before = self.shelf();
        if now == before.look || now != last {
            return now;
        }
        match Shelf::read(&self.folder, &before) {
            Ok(shelf) if shelf.look == now && look(&self.folder) == now => {
                shelf
                    .errors
                    .iter()
                    .for_each(|error| tracing::error!(%error, "an exercise is wrong; it stays as it was"));
                tracing::info!(exercises = shelf.exercises.len(), "exercises were changed and are read again");
                *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shelf);
            }
            // It changes just now.
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "the exercises can not be read; they stay as they were");
                let shelf = Shelf { errors: vec![error], look: now, ..(*before).clone() };
                *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shelf);
            }
        }
        now
    }
}

/// A number that is another one when a file was added, removed or written.
fn look(folder: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    walk(folder, 0, &mut hasher);
    hasher.finish()
}

fn walk(folder: &Path, depth: usize, hasher: &mut DefaultHasher) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with('.') {
            continue;
        }
        let Ok(data) = fs::metadata(entry.path()) else { continue };
        name.hash(hasher);
        if data.is_dir() {
            depth.hash(hasher);
            if depth < DEPTH {
                walk(&entry.path(), depth + 1, hasher);
            }
        } else {
            let written = data.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
            (data.len(), written, std::os::unix::fs::MetadataExt::ino(&data)).hash(hasher);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, title: &str) {
        for part in ["a/tests/visible", "a/starter"] {
            fs::create_dir_all(folder.join(part)).unwrap();
        }
        fs::write(folder.join("a/exercise.toml"), format!("title = {title}\nlanguages = [\"python\"]\n")).unwrap();
        fs::write(folder.join("a/exercise.md"), "Do it.").unwrap();
        fs::write(folder.join("a/tests/visible/01-a.in"), "1\n").unwrap();
        fs::write(folder.join("a/tests/visible/01-a.out"), "1\n").unwrap();
    }

    #[test]
    fn a_change_is_read_when_the_folder_has_come_to_rest_and_a_broken_exercise_stays_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "\"One\"");
        let catalogue = Catalogue::open(folder.path().to_owned()).unwrap();
        let title = || catalogue.shelf().exercise("a").unwrap().title.clone();
        let first = catalogue.shelf().look;

        write(folder.path(), "\"Second\"");
        let moving = catalogue.look_again(first);
        assert_eq!(title(), "One", "it may still be written to");
        let rest = catalogue.look_again(moving);
        assert_eq!(title(), "Second");

        write(folder.path(), "broken");
        let moving = catalogue.look_again(rest);
        catalogue.look_again(moving);
        assert_eq!(title(), "Second");
        assert_eq!(catalogue.shelf().errors[0].line, Some(1), "{:?}", catalogue.shelf().errors);
    }
}
