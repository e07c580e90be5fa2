//! Everything that is known before something is run: the exercise, the submissions and where results are kept. What is wrong
//! with the command line, the tests or the place of submissions as a whole is said here, before anybody waits.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::cache::{self, Cache};
use super::found::{Found, Inside};
use super::known::KnownLanguages;
use super::outputs::STANDARD_OUTPUT;
use super::students::{self, Choice, Entry};
use super::tests_file::{self, Exercise};
use super::{GradeArgs, archive, folder};

/// What is to be done.
pub struct Prepared {
    /// What is asked.
    pub exercise: Exercise,
    /// What was handed in.
    pub entries: Vec<Entry>,
    /// What is nobody's, and why.
    pub passed_over: Vec<(Inside, &'static str)>,
    /// What is known from before.
    pub cache: Cache,
}

impl Prepared {
    /// Reads all of it. `language` was given on the command line, for all submissions.
    ///
    /// # Errors
    /// The sentence for whoever gave the command.
    pub fn read(args: &GradeArgs, language: Option<String>, languages: &KnownLanguages) -> Result<Self, String> {
        check_outputs(args)?;
        let language_of = |extension: &str| {
            languages.of_extension(extension, &Default::default()).ok().map(|language| language.id.clone())
        };
        let exercise = tests_file::read(&args.tests, &language_of).map_err(|error| error.to_string())?;
        let about_tests = |error: String| format!("{}: {error}", args.tests.display());
        for name in exercise.language.iter().chain(exercise.extensions.values()) {
            languages.named(name).map_err(about_tests)?;
        }
        if let Some(name) = &language {
            languages.named(name).map_err(|error| format!("--language: {error}"))?;
        }
        let cache_file = cache_file(args);
        let found = found(args, &ours(args, &exercise, cache_file.as_deref()))?;
        let passed_over = found.passed_over.clone();
        let choice = Choice {
            language: language.or_else(|| exercise.language.clone()),
            main: exercise.main.clone(),
            extensions: exercise.extensions.clone(),
        };
        let entries = students::entries(found, languages, &choice);
        if entries.is_empty() {
            return Err(format!("there is no submission in {}", args.submissions.display()));
        }
        let cache = match &cache_file {
            None => Cache::none(),
            Some(file) => {
                let (cache, wrong) = Cache::open(file);
                if let Some(wrong) = wrong {
                    eprintln!("code-runner: {wrong}; everything is run");
                }
                cache
            }
        };
        Ok(Self { exercise, entries, passed_over, cache })
    }

    /// The ids of the languages that are needed.
    pub fn languages(&self) -> BTreeSet<String> {
        let works = self.entries.iter().filter_map(|entry| entry.work.as_ref().ok());
        let checkers =
            self.exercise.checker.iter().chain(self.exercise.tests.iter().filter_map(|test| test.checker.as_ref()));
        let of_checkers = checkers.filter_map(|checker| checker["language"].as_str().map(str::to_owned));
        works.map(|work| work.language.clone()).chain(of_checkers).collect()
    }
}

/// Said before an hour of work, and not after it.
fn check_outputs(args: &GradeArgs) -> Result<(), String> {
    let outputs: Vec<&PathBuf> = [&args.csv, &args.json, &args.junit].into_iter().flatten().collect();
    if outputs.iter().filter(|path| path.as_os_str() == STANDARD_OUTPUT).count() > 1 {
        return Err("only one of --csv, --json and --junit can be `-`".to_owned());
    }
    for path in outputs.iter().filter(|path| path.as_os_str() != STANDARD_OUTPUT) {
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(format!("{} can not be written: there is no folder {}", path.display(), folder.display()));
        }
        if outputs.iter().filter(|other| other == &path).count() > 1 {
            return Err(format!("{} is to be written twice", path.display()));
        }
    }
    Ok(())
}

/// Beside the submissions and not among them, so that nobody can hand one in.
fn cache_file(args: &GradeArgs) -> Option<PathBuf> {
    if args.no_cache {
        return None;
    }
    let beside = || {
        let submissions = std::fs::canonicalize(&args.submissions).unwrap_or_else(|_| args.submissions.clone());
        submissions.with_file_name(cache::FILE)
    };
    Some(args.cache.clone().unwrap_or_else(beside))
}

/// Files that are no submissions, wherever they are.
fn ours(args: &GradeArgs, exercise: &Exercise, cache: Option<&Path>) -> Vec<PathBuf> {
    let outputs = [&args.csv, &args.json, &args.junit, &args.key_file].into_iter().flatten().map(PathBuf::as_path);
    let sources = exercise.sources.iter().map(PathBuf::as_path);
    outputs.chain(sources).chain(cache).filter_map(|path| std::fs::canonicalize(path).ok()).collect()
}

fn found(args: &GradeArgs, ours: &[PathBuf]) -> Result<Found, String> {
    let place = &args.submissions;
    if place.is_dir() {
        return folder::read(place, ours).map_err(|error| error.to_string());
    }
    archive::read(place).map_err(|error| format!("{error}; give a folder or a zip archive"))
}
