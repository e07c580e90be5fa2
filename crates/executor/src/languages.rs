//! Reads the folder of languages and finds on this host what their boxes are to see.
//!
//! The text of `language.toml` is the model's to check; here are the parts that need the disk: the
//! harness beside it, and the patterns in `paths`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use model::{Language, LanguageError, WarmSpec};
use sandbox::{Bind, Root};

/// The name of the file in each folder.
const FILE: &str = "language.toml";

/// Longer chains of symbolic links than Linux follows (MAXSYMLINKS, path_resolution(7)).
const MOST_LINKS: usize = 40;

/// The top-level folders that are links on a host with a merged `/usr`.
const MERGED: [&str; 4] = ["/bin", "/lib", "/lib64", "/sbin"];

/// A language, and what there is of it on this host.
#[derive(Debug, Clone)]
pub struct LoadedLanguage {
    /// What its file says.
    pub language: Language,
    /// The content of each file that a harness or a warm start names, by its name.
    pub harness: BTreeMap<String, String>,
    /// What its boxes see of the host; or which path is not there, and so the language not installed.
    pub root: Result<Root, String>,
}

/// Reads every folder of `folder` that holds a language, in the order of their names.
///
/// # Errors
/// [`LanguageError`] for the first file that is broken, or names that two languages share. A language whose
/// toolchain is not on this host is no error.
pub fn load_languages(folder: &Path) -> Result<Vec<LoadedLanguage>, LanguageError> {
    let unreadable = |path: &Path, error: std::io::Error| problem(path, format!("can not be read: {error}"));
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
    let mut files: Vec<PathBuf> =
        entries.filter_map(Result::ok).map(|entry| entry.path().join(FILE)).filter(|file| file.is_file()).collect();
    files.sort();
    if files.is_empty() {
        return Err(problem(folder, format!("holds no folder with a {FILE}")));
    }
    let mut loaded: Vec<LoadedLanguage> = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).map_err(|error| unreadable(&file, error))?;
        let language = Language::parse(&file.display().to_string(), &text)?;
        check_names(&file, &language, &loaded)?;
        let harness = read_harness(&file, &language)?;
        let root = find_root(&file, &language)?;
        loaded.push(LoadedLanguage { language, harness, root });
    }
    Ok(loaded)
}

fn problem(file: &Path, message: String) -> LanguageError {
    LanguageError { file: file.display().to_string(), line: None, message }
}

fn check_names(file: &Path, language: &Language, others: &[LoadedLanguage]) -> Result<(), LanguageError> {
    let folder = file.parent().and_then(Path::file_name).unwrap_or_default();
    if folder != language.id.as_str() {
        return Err(problem(file, format!("id: `{}` must be the name of its folder", language.id)));
    }
    let names = std::iter::once(&language.id).chain(&language.aliases);
    for (name, other) in names.flat_map(|name| others.iter().map(move |other| (name, &other.language))) {
        if other.answers_to(name) {
            return Err(problem(file, format!("aliases: `{name}` is a name of `{}` already", other.id)));
        }
    }
    Ok(())
}

fn read_harness(file: &Path, language: &Language) -> Result<BTreeMap<String, String>, LanguageError> {
    let mut harness = BTreeMap::new();
    for (mode, spec) in &language.modes {
        let warm = |field, spec: &'_ Option<WarmSpec>| {
            spec.iter().flat_map(|spec| spec.files.clone()).map(move |name| (field, name)).collect::<Vec<_>>()
        };
        let own = spec.harness.iter().map(|name| ("harness", name.clone()));
        let ahead = warm("warm.files", &spec.warm).into_iter().chain(warm("warm_compile.files", &spec.warm_compile));
        for (field, name) in own.chain(ahead) {
            let text = fs::read_to_string(file.with_file_name(&name))
                .map_err(|error| problem(file, format!("modes.{}.{field}: `{name}`: {error}", mode.name())))?;
            harness.insert(name, text);
        }
    }
    Ok(harness)
}

/// Everything `paths` names, with the links that lead there; or the first pattern for which there is nothing.
fn find_root(file: &Path, language: &Language) -> Result<Result<Root, String>, LanguageError> {
    let mut found = Found::default();
    let needed = language.paths.iter().map(|pattern| ("paths", pattern, true));
    let optional = language.optional_paths.iter().map(|pattern| ("optional_paths", pattern, false));
    for (field, pattern, is_needed) in needed.chain(optional) {
        let matches = glob::glob(pattern).map_err(|error| problem(file, format!("{field}: `{pattern}`: {error}")))?;
        let before = found.count();
        // What matched but can not be followed to its end is not there.
        for path in matches.filter_map(Result::ok) {
            if let Err(error) = found.add(path)
                && is_needed
            {
                return Ok(Err(format!("{pattern}: {error}")));
            }
        }
        if is_needed && found.count() == before {
            return Ok(Err(pattern.clone()));
        }
    }
    for path in MERGED.map(Path::new) {
        if let Ok(target) = fs::read_link(path) {
            found.links.push((path.to_owned(), target));
        }
    }
    Ok(Ok(found.into_root()))
}

#[derive(Default)]
struct Found {
    /// Real files and folders.
    real: Vec<PathBuf>,
    /// Links, and what they say.
    links: Vec<(PathBuf, PathBuf)>,
}

impl Found {
    fn count(&self) -> usize {
        self.real.len() + self.links.len()
    }

    /// Follows `path` link by link to something real.
    fn add(&mut self, path: PathBuf) -> std::io::Result<()> {
        let mut path = path;
        for _ in 0..MOST_LINKS {
            let parent = fs::canonicalize(path.parent().unwrap_or(Path::new("/")))?;
            let place = parent.join(path.file_name().unwrap_or_default());
            if !fs::symlink_metadata(&place)?.is_symlink() {
                self.real.push(place);
                return Ok(());
            }
            let target = fs::read_link(&place)?;
            path = parent.join(&target);
            self.links.push((place, target));
        }
        Err(std::io::Error::other("too many symbolic links"))
    }

    /// Without what lies in a folder that is there as a whole.
    fn into_root(self) -> Root {
        let Self { mut real, mut links } = self;
        real.sort();
        real.dedup();
        links.sort();
        links.dedup();
        let folders: Vec<PathBuf> = real.iter().filter(|path| path.is_dir()).cloned().collect();
        let is_inside = |path: &Path| folders.iter().any(|folder| path != folder && path.starts_with(folder));
        let binds = real.iter().filter(|path| !is_inside(path)).map(|path| Bind {
            source: path.clone(),
            target: path.display().to_string(),
            is_folder: path.is_dir(),
            writable: false,
        });
        let links = links.iter().filter(|(path, _)| !is_inside(path));
        let links = links.map(|(path, target)| (path.display().to_string(), target.display().to_string()));
        Root { binds: binds.collect(), links: links.collect(), files: plain_files(), own_files: own_files() }
    }
}

/// The few files of `/etc` that programs look up themselves.
fn plain_files() -> Vec<(String, String)> {
    let files = [
        ("/etc/hosts", "127.0.0.1 localhost\n"),
        ("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n"),
    ];
    files.map(|(path, content)| (path.to_owned(), content.to_owned())).to_vec()
}

/// Those that name the box's own uid, which `{uid}` becomes.
fn own_files() -> Vec<(String, String)> {
    let files = [
        ("/etc/passwd", "root:x:0:0::/:/usr/bin/false\nstudent:x:{uid}:{uid}::/box:/usr/bin/sh\n"),
        ("/etc/group", "root:x:0:\nstudent:x:{uid}:\n"),
    ];
    files.map(|(path, content)| (path.to_owned(), content.to_owned())).to_vec()
}
