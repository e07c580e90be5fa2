//! The programs under `attacks/<language>/`, each with its header, and which of them were asked for.
//!
//! Beside the languages' folders the catalogue and reports lie in `attacks/`; they are no programs.

use std::fs;
use std::path::{Path, PathBuf};

use crate::header::Header;

/// One program and what must come of it.
#[derive(Debug, Clone)]
pub struct Case {
    /// `language/file`, as people say it.
    pub name: String,
    /// The folder's name: the language's id.
    pub language: String,
    /// The whole text, the header included.
    pub code: String,
    /// What the text says of itself.
    pub header: Header,
}

/// Which cases are wanted.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Those that take long, too.
    pub full: bool,
    /// Parts of names, patterns with `*`, or ids; all if there are none.
    pub only: Vec<String>,
    /// Languages; all if there are none.
    pub languages: Vec<String>,
}

/// Every case of every language's folder, sorted by name. All that is wrong is said at once.
pub fn load(attacks: &Path) -> Result<Vec<Case>, String> {
    let (mut cases, mut wrong) = (Vec::new(), Vec::new());
    for folder in entries(attacks)?.into_iter().filter(|path| path.is_dir()) {
        let language = file_name(&folder);
        for path in entries(&folder)?.into_iter().filter(|path| is_program(path)) {
            let name = format!("{language}/{}", file_name(&path));
            match read(&path) {
                Ok((code, header)) => cases.push(Case { name, language: language.clone(), code, header }),
                Err(error) => wrong.push(format!("{name}: {error}")),
            }
        }
    }
    match wrong.is_empty() {
        true if cases.is_empty() => Err(format!("{} holds no attacks", attacks.display())),
        true => Ok(cases),
        false => Err(wrong.join("\n")),
    }
}

impl Selection {
    /// Those of `cases` that are wanted.
    pub fn of(&self, cases: Vec<Case>) -> Result<Vec<Case>, String> {
        let wanted: Vec<Case> = cases.into_iter().filter(|case| self.has(case)).collect();
        if wanted.is_empty() { Err("no case is selected".to_owned()) } else { Ok(wanted) }
    }

    fn has(&self, case: &Case) -> bool {
        let is_named = |pattern: &String| {
            let matches = |text: &String| glob::Pattern::new(pattern).is_ok_and(|pattern| pattern.matches(text));
            case.name.contains(pattern.as_str()) || matches(&case.name) || case.header.ids.iter().any(matches)
        };
        (self.full || !case.header.full)
            && (self.only.is_empty() || self.only.iter().any(is_named))
            && (self.languages.is_empty() || self.languages.contains(&case.language))
    }
}

/// The languages of these cases, each once.
pub fn languages(cases: &[Case]) -> Vec<String> {
    let mut ids: Vec<String> = cases.iter().map(|case| case.language.clone()).collect();
    ids.sort();
    ids.dedup();
    ids
}

fn read(path: &Path) -> Result<(String, Header), String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let code = String::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())?;
    let header = code.parse().map_err(|error: crate::header::HeaderError| error.to_string())?;
    Ok((code, header))
}

fn is_program(path: &Path) -> bool {
    let name = file_name(path);
    let kind = path.extension().unwrap_or_default().to_string_lossy().into_owned();
    path.is_file() && !name.starts_with('.') && !["json", "md", "toml", "orig", "swp"].contains(&kind.as_str())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let read = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<_> = read.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_found_by_id_part_and_pattern_and_long_ones_on_request() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("c")).expect("is made");
        fs::write(folder.path().join("catalogue.toml"), "").expect("is written");
        fs::write(folder.path().join("c/bomb.c"), "//: what w\n//: id A-001\n//: expect ok\n").expect("is written");
        fs::write(folder.path().join("c/long.c"), "//: what w\n//: set full\n//: expect ok\n").expect("is written");
        let names = |full: bool, only: &[&str]| {
            let only = only.iter().map(|&pattern| pattern.to_owned()).collect();
            let selection = Selection { full, only, languages: vec!["c".to_owned()] };
            let chosen = selection.of(load(folder.path()).expect("is right")).unwrap_or_default();
            chosen.into_iter().map(|case| case.name).collect::<Vec<_>>()
        };
        assert_eq!(names(false, &[]), ["c/bomb.c"]);
        assert_eq!(names(true, &[]), ["c/bomb.c", "c/long.c"]);
        assert_eq!(names(true, &["A-001"]), ["c/bomb.c"]);
        assert_eq!(names(true, &["c/lo*"]), ["c/long.c"]);
        assert!(names(false, &["long"]).is_empty());
    }

    #[test]
    fn a_wrong_header_names_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("c")).expect("is made");
        fs::write(folder.path().join("c/bomb.c"), "//: what w\n//: expect fine\n").expect("is written");
        assert_eq!(load(folder.path()).expect_err("is refused"), "c/bomb.c: `expect`: `fine` is not known");
    }
}
