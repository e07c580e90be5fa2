//! From submissions to rows: what is known is taken from the cache, the rest is run, so many at the same time, with a bar while
//! it goes on.

use executor::Cancel;
use futures_util::stream::{self, StreamExt};
use indicatif::{ProgressBar, ProgressStyle};

use super::cache::Cache;
use super::grader::{self, Grader, INTERRUPTED};
use super::known::{KnownLanguage, KnownLanguages};
use super::request;
use super::sheet::{Row, State};
use super::students::{Entry, Work};
use super::tests_file::Exercise;
use crate::commands::run::printable;

/// A submission that has to be run. Its request is made when it is its turn: each holds all the tests again.
struct Job<'a> {
    /// Which of the rows is to be filled.
    row: usize,
    language: &'a KnownLanguage,
    work: Work,
    digest: String,
}

/// A row for each entry, in their order. When `cancel` is asked for, nothing more is begun; what was graded is kept.
///
/// # Errors
/// Why no submission can be graded. What was graded until then is kept, too.
pub async fn rows(
    exercise: &Exercise,
    entries: Vec<Entry>,
    languages: &KnownLanguages,
    grader: &dyn Grader,
    mut cache: Cache,
    jobs: usize,
    cancel: &Cancel,
) -> Result<Vec<Row>, String> {
    let (mut rows, mut pending) = (Vec::with_capacity(entries.len()), Vec::new());
    for entry in entries {
        let (row, job) = begun(exercise, entry, languages, grader, &mut cache, rows.len())?;
        rows.push(row);
        pending.extend(job);
    }
    let bar = bar(rows.len(), rows.len() - pending.len());
    let run = async |job: Job<'_>| {
        let state = match bytes(exercise, &job.work) {
            Ok(body) => grader::grade(grader, exercise, job.language, &body, cancel).await,
            Err(reason) => Err(reason),
        };
        (job.row, job.digest, state)
    };
    let mut running = stream::iter(pending.into_iter().map(run)).buffer_unordered(jobs.max(1));
    let (mut impossible, mut not_kept) = (None, None);
    while let Some((row, digest, state)) = running.next().await {
        bar.inc(1);
        bar.set_message(printable(&rows[row].student));
        match state {
            Ok(state) => {
                if let State::Graded(graded) = &state
                    && let Err(error) = cache.keep(digest, graded.clone())
                {
                    not_kept = Some(error);
                }
                rows[row].state = state;
            }
            Err(reason) => {
                // The others would only be told the same.
                cancel.cancel();
                impossible.get_or_insert(reason);
            }
        }
    }
    bar.finish_and_clear();
    let written = cache.write();
    if let Some(error) = written.err().or(not_kept) {
        eprintln!("code-runner: {error}");
    }
    impossible.map_or(Ok(rows), Err)
}

/// The row of an entry as far as it is known, and what has to be run for it.
fn begun<'a>(
    exercise: &Exercise,
    entry: Entry,
    languages: &'a KnownLanguages,
    grader: &dyn Grader,
    cache: &mut Cache,
    row: usize,
) -> Result<(Row, Option<Job<'a>>), String> {
    let Entry { student, path, work } = entry;
    let (language, work) = match work {
        Ok(work) => (languages.named(&work.language)?, work),
        Err(reason) => {
            let state = State::Refused(reason);
            return Ok((Row { student, path, language: None, state, is_from_cache: false }, None));
        }
    };
    let digest = request::digest(&grader.place(), &path, language, &bytes(exercise, &work)?);
    let known = cache.find(&digest);
    let (is_from_cache, state) = match known {
        Some(graded) => (true, State::Graded(graded)),
        None => (false, State::NotGraded(INTERRUPTED.to_owned())),
    };
    let job = (!is_from_cache).then_some(Job { row, language, work, digest });
    Ok((Row { student, path, language: Some(language.id.clone()), state, is_from_cache }, job))
}

/// The body of the request.
fn bytes(exercise: &Exercise, work: &Work) -> Result<Vec<u8>, String> {
    serde_json::to_vec(&request::body(exercise, work)).map_err(|error| error.to_string())
}

/// It is drawn on standard error, if that is a terminal.
fn bar(all: usize, known: usize) -> ProgressBar {
    let bar = ProgressBar::new(all as u64).with_position(known as u64);
    let template = "{bar:30} {pos}/{len} {elapsed} {msg}";
    // The template is a constant; a wrong one would only look plain.
    bar.set_style(ProgressStyle::with_template(template).unwrap_or(ProgressStyle::default_bar()));
    bar
}
