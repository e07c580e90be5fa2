//! Whose submission is what: from files by their path to one entry for each student, with the code, its language and the files
//! beside it, or with why there is none. Nothing is read or run here.
//!
//! A file at the top is the submission of the student it is named for, and so is a folder. The layouts in which Moodle gives
//! submissions out are known by their names.

use std::collections::BTreeMap;

use model::language::is_file_name;

use super::found::{File, Found};
use super::known::{KnownLanguage, KnownLanguages};
use super::tests_file::NOT_A_FILE_NAME;

/// What the main file of several is called, if nobody says.
const USUAL_MAINS: [&str; 2] = ["main", "solution"];
/// Moodle's folders and files have it behind the name and the number of a student.
const MOODLE: &str = "_assignsubmission_";

/// How files become submissions.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// The language of all, whatever their extensions.
    pub language: Option<String>,
    /// The name of the main file of a folder.
    pub main: Option<String>,
    /// Which language an extension is, where that is not the usual one.
    pub extensions: BTreeMap<String, String>,
}

/// One student's submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose it is; no two have the same.
    pub student: String,
    /// The file or folder, within the place of submissions.
    pub path: String,
    /// What is to be run, or why nothing is.
    pub work: Result<Work, String>,
}

/// What is to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The id of its language.
    pub language: String,
    /// The text of the main file.
    pub code: String,
    /// What stands beside it: names and contents.
    pub files: Vec<(String, Vec<u8>)>,
}

/// The submissions among what was found, ordered by their paths.
pub fn entries(found: Found, languages: &KnownLanguages, choice: &Choice) -> Vec<Entry> {
    let Found { files, folders, passed_over: _, .. } = found;
    // An empty folder is a submission, too: of nothing.
    let mut by_top: BTreeMap<String, (bool, Vec<File>)> =
        folders.into_iter().map(|name| (name, (true, Vec::new()))).collect();
    for file in files {
        let is_folder = file.path.0.len() > 1;
        let Some(top) = file.path.0.first().cloned() else { continue };
        let entry = by_top.entry(top).or_default();
        entry.0 |= is_folder;
        entry.1.push(file);
    }
    let entry = |(path, (is_folder, files)): (String, (bool, Vec<File>))| {
        let student = student_of(&path, is_folder);
        let work = if is_folder { of_folder(files, languages, choice) } else { of_file(files, languages, choice) };
        Entry { student, path, work }
    };
    told_apart(by_top.into_iter().map(entry).collect())
}

/// The name of a student, of the name of a file or folder.
fn student_of(name: &str, is_folder: bool) -> String {
    if let Some((student, _)) = name.split_once(MOODLE) {
        let without_number = student.rsplit_once('_').filter(|(_, number)| number.bytes().all(|b| b.is_ascii_digit()));
        return without_number.map_or(student, |(student, _)| student).to_owned();
    }
    match name.rsplit_once('.') {
        Some((stem, _)) if !is_folder && !stem.is_empty() => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// Students of the same name have all of their path for it.
fn told_apart(mut entries: Vec<Entry>) -> Vec<Entry> {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for entry in &entries {
        *count.entry(entry.student.clone()).or_default() += 1;
    }
    for entry in entries.iter_mut().filter(|entry| count[&entry.student] > 1) {
        entry.student.clone_from(&entry.path);
    }
    entries
}

fn of_file(files: Vec<File>, languages: &KnownLanguages, choice: &Choice) -> Result<Work, String> {
    let file = files.into_iter().next().ok_or("is not there")?;
    let name = file.path.0.last().cloned().unwrap_or_default();
    let bytes = file.content?;
    let language = language_of(&name, languages, choice)?;
    Ok(Work { language: language.id.clone(), code: text(bytes)?, files: Vec::new() })
}

fn of_folder(files: Vec<File>, languages: &KnownLanguages, choice: &Choice) -> Result<Work, String> {
    let mut named: Vec<(String, Vec<u8>)> = Vec::with_capacity(files.len());
    for file in without_wrappers(files) {
        let name = file.path.0[1..].join("/");
        named.push((name.clone(), file.content.map_err(|reason| format!("`{name}` {reason}"))?));
    }
    if named.is_empty() {
        return Err("has no file in it that could be code".to_owned());
    }
    let main = main_of(&named, languages, choice)?;
    let (name, bytes) = named.swap_remove(main);
    let about_main = |reason| format!("`{name}` {reason}");
    let language = language_of(&name, languages, choice).map_err(about_main)?;
    let code = text(bytes).map_err(about_main)?;
    named.sort();
    for (name, _) in &named {
        if name.contains('/') {
            return Err(format!("has folders in it (`{name}`); what stands beside the code can not be in folders"));
        }
        if !is_file_name(name) {
            return Err(format!("`{name}` {NOT_A_FILE_NAME}"));
        }
    }
    Ok(Work { language: language.id.clone(), code, files: named })
}

/// Without folders that hold nothing but one other: students often hand in their folder in a folder.
fn without_wrappers(mut files: Vec<File>) -> Vec<File> {
    loop {
        let second = |file: &File| (file.path.0.len() > 2).then(|| file.path.0[1].clone());
        let Some(first) = files.first().and_then(second) else { return files };
        if !files.iter().all(|file| second(file).as_deref() == Some(first.as_str())) {
            return files;
        }
        for file in &mut files {
            file.path.0.remove(1);
        }
    }
}

/// Which of these is the main file.
fn main_of(files: &[(String, Vec<u8>)], languages: &KnownLanguages, choice: &Choice) -> Result<usize, String> {
    if let Some(main) = &choice.main {
        let found = files.iter().position(|(name, _)| name == main);
        return found.ok_or_else(|| format!("has no `{main}`, which `main` in the file of the tests asks for"));
    }
    if let [_] = files {
        return Ok(0);
    }
    let wanted = choice.language.as_ref().map(|name| languages.named(name)).transpose()?;
    let is_code = |name: &str| {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        match wanted {
            Some(language) => language.extensions.iter().any(|of| of.eq_ignore_ascii_case(extension)),
            // One that may be two languages' is code, of which is said later.
            None => choice.extensions.contains_key(extension) || languages.has_extension(extension),
        }
    };
    let code: Vec<usize> = (0..files.len()).filter(|index| is_code(&files[*index].0)).collect();
    if let [main] = code.as_slice() {
        return Ok(*main);
    }
    let has_usual_name = |index: &usize| {
        let stem = files[*index].0.split('.').next().unwrap_or_default().to_ascii_lowercase();
        USUAL_MAINS.contains(&stem.as_str())
    };
    let usual: Vec<usize> = code.iter().copied().filter(has_usual_name).collect();
    match (usual.as_slice(), code.as_slice()) {
        ([main], _) => Ok(*main),
        (_, []) => Err("has no file whose extension is that of a language".to_owned()),
        (_, several) => {
            let names: Vec<String> = several.iter().take(5).map(|index| format!("`{}`", files[*index].0)).collect();
            Err(format!(
                "has several files of code ({}) and not one of them called main or solution; say which with `main` in the file of the tests",
                names.join(", ")
            ))
        }
    }
}

fn language_of<'a>(name: &str, languages: &'a KnownLanguages, choice: &Choice) -> Result<&'a KnownLanguage, String> {
    if let Some(language) = &choice.language {
        return languages.named(language);
    }
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => languages.of_extension(extension, &choice.extensions),
        _ => Err("has no extension that tells its language".to_owned()),
    }
}

/// The text of a file, without a byte order mark.
fn text(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("is UTF-16; it must be UTF-8".to_owned());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
            Err(format!("is not UTF-8 (line {line})"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::found::Inside;
    use super::super::known::tests::languages;
    use super::*;

    fn found(files: &[(&str, &str)], folders: &[&str]) -> Found {
        let mut found = Found::default();
        for name in folders {
            found.folder(&Inside(vec![(*name).to_owned()]));
        }
        for (path, content) in files {
            let path = Inside(path.split('/').map(str::to_owned).collect());
            found.file(path, Ok(content.as_bytes().to_vec())).unwrap();
        }
        found.sorted()
    }

    /// `student: language, code, files beside` or the reason, for each.
    fn shown(entries: &[Entry]) -> Vec<String> {
        let shown = |entry: &Entry| match &entry.work {
            Err(reason) => format!("{}: {reason}", entry.student),
            Ok(Work { language, code, files }) => {
                let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
                format!("{}: {language}, {code}, {names:?}", entry.student)
            }
        };
        entries.iter().map(shown).collect()
    }

    fn all(files: &[(&str, &str)], folders: &[&str], choice: &Choice) -> Vec<String> {
        shown(&entries(found(files, folders), &languages(), choice))
    }

    #[test]
    fn a_file_or_a_folder_is_a_students_submission() {
        let files = [
            ("ada.py", "1"),
            ("ben/main.c", "2"),
            ("ben/util.c", "3"),
            ("ben/data.txt", "4"),
            ("cleo/cleo/work.py", "5"),
            ("cleo/cleo/data.txt", ""),
            ("dora/one.py", ""),
            ("dora/two.py", ""),
            ("emil/src/main.py", ""),
            ("emil/README.md", ""),
            ("fay/notes.txt", ""),
            ("fay/more.txt", ""),
            ("gus.docx", ""),
            ("hal", ""),
            ("ida.pl", ""),
        ];
        assert_eq!(
            all(&files, &["ben", "jo"], &Choice::default()),
            [
                "ada: python, 1, []",
                "ben: c, 2, [\"data.txt\", \"util.c\"]",
                "cleo: python, 5, [\"data.txt\"]",
                "dora: has several files of code (`one.py`, `two.py`) and not one of them called main or solution; say which with `main` in the file of the tests",
                "emil: python, , [\"README.md\"]",
                "fay: has no file whose extension is that of a language",
                "gus: has the extension `.docx`, which is that of no language here",
                "hal: has no extension that tells its language",
                "ida: has the extension `.pl`, which may be perl or prolog; say so with --language, or with `language` or `extensions` in the file of the tests",
                "jo: has no file in it that could be code",
            ]
        );
    }

    #[test]
    fn the_teacher_can_say_language_and_main_file() {
        let files = [
            ("ada.txt", "1"),
            ("ben/a.py", "2"),
            ("ben/b.py", "3"),
            ("cleo/c.py", "4"),
            ("dora/d.pl", "5"),
            ("dora/e.py", "6"),
        ];
        let choice = Choice { language: Some("py".to_owned()), main: Some("b.py".to_owned()), ..Choice::default() };
        assert_eq!(
            all(&files[..4], &[], &choice),
            [
                "ada: python, 1, []",
                "ben: python, 3, [\"a.py\"]",
                "cleo: has no `b.py`, which `main` in the file of the tests asks for",
            ]
        );
        let choice = Choice { language: Some("prolog".to_owned()), ..Choice::default() };
        assert_eq!(all(&files[4..], &[], &choice), ["dora: prolog, 5, [\"e.py\"]"]);
    }

    #[test]
    fn names_of_moodle_are_stripped_to_the_student_and_equal_ones_told_apart() {
        let files = [
            ("Ada L_1234_assignsubmission_file_/main.py", "1"),
            ("Ben_B_77_assignsubmission_file_work.py", "2"),
            ("Cleo_5_assignsubmission_file_/x.py", "3"),
            ("Cleo_6_assignsubmission_file_/x.py", "4"),
            ("dora.c", "5"),
            ("dora.py", "6"),
            ("v1.2/main.py", "7"),
        ];
        let found = all(&files, &[], &Choice::default());
        let students: Vec<&str> = found.iter().map(|line| line.split(':').next().unwrap()).collect();
        assert_eq!(
            students,
            [
                "Ada L",
                "Ben_B",
                "Cleo_5_assignsubmission_file_",
                "Cleo_6_assignsubmission_file_",
                "dora.c",
                "dora.py",
                "v1.2",
            ]
        );
    }

    #[test]
    fn what_can_not_be_read_or_sent_is_a_row_with_its_reason() {
        let mut found = found(
            &[("ben/main.py", ""), ("cleo/main.py", ""), ("cleo/my data.txt", ""), ("dora.py", "\u{feff}1")],
            &[],
        );
        let bytes = |path: &str| Inside(path.split('/').map(str::to_owned).collect());
        found.file(bytes("ada.py"), Ok(b"a\nb\xff".to_vec())).unwrap();
        found.file(bytes("ben/x.txt"), Err("is larger than 8 MiB".to_owned())).unwrap();
        found.file(bytes("emil.py"), Ok(b"\xff\xfe1\0".to_vec())).unwrap();
        found.file(bytes("fay.py"), Err("can not be read: no".to_owned())).unwrap();
        assert_eq!(
            shown(&entries(found, &languages(), &Choice::default())),
            [
                "ada: is not UTF-8 (line 2)".to_owned(),
                "ben: `x.txt` is larger than 8 MiB".to_owned(),
                format!("cleo: `my data.txt` {NOT_A_FILE_NAME}"),
                "dora: python, 1, []".to_owned(),
                "emil: is UTF-16; it must be UTF-8".to_owned(),
                "fay: can not be read: no".to_owned(),
            ]
        );
    }
}
