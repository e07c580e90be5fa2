//! `code-runner languages test`: the kit, with a bar while it runs and a table when it has.

use std::process::ExitCode;
use std::time::Duration;

use comfy_table::{ContentArrangement, Table, presets};
use executor::kit::{Example, Tried, load_examples, load_kit, try_example};
use executor::{Executor, LanguageStatus, NativeExecutor};
use futures_util::stream::{self, StreamExt};
use indicatif::{ProgressBar, ProgressStyle};
use model::{ExecId, Language, Phases};
use uuid::Uuid;

use super::chosen;
use crate::backend::{self, Backend};
use crate::config::Config;
use crate::wire::milliseconds;

/// The case whose times are shown: it does next to nothing.
const TIMED: &str = "hello";

/// What came of one language.
struct Row<'a> {
    language: &'a Language,
    /// Its version, or why it was not tried.
    state: Result<String, String>,
    /// It is not installed, which is no fault of its own.
    absent: bool,
    /// Each case, in the order of the kit.
    tried: Vec<(&'a str, Tried)>,
    /// The case [`TIMED`] for the second time, when everything it needs has been used once.
    warm: Option<Tried>,
}

/// Runs it. The exit code is 0 if every case of every language came out right.
pub fn run(config: &Config, ids: &[String]) -> Result<ExitCode, String> {
    let kit = load_kit(&config.languages_dir).map_err(|error| error.to_string())?;
    let Backend { languages, executor, ground: _ } = backend::start(config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let wanted = chosen(&languages, ids)?;
    let examples: Vec<(&Language, Vec<Example>)> = wanted
        .into_iter()
        .map(|language| Ok((language, load_examples(&config.languages_dir, &kit, language)?)))
        .collect::<Result<_, model::LanguageError>>()
        .map_err(|error| error.to_string())?;
    let bar = ProgressBar::new(examples.iter().map(|(_, examples)| examples.len() as u64).sum());
    // The template is a constant; a wrong one would only look plain.
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}").unwrap_or(ProgressStyle::default_bar()));
    let mut rows = Vec::new();
    for (language, examples) in &examples {
        bar.set_message(language.id.clone());
        rows.push(runtime.block_on(try_language(config, &executor, language, examples, &bar)));
    }
    bar.finish_and_clear();
    // Named languages have to be there; without names, what is not installed is not asked for.
    let passed = rows.iter().all(|row| row.passed(!ids.is_empty()));
    let text = format!("{}\n{}", table(&rows), failures(&rows));
    executor.shut_down().map_err(|error| error.to_string())?;
    super::super::print(&text);
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn try_language<'a>(
    config: &Config,
    executor: &NativeExecutor,
    language: &'a Language,
    examples: &'a [Example],
    bar: &ProgressBar,
) -> Row<'a> {
    let state = match executor.self_test(&language.id).await {
        Ok(LanguageStatus::Tested { result, .. }) => result,
        Ok(other) => Err(other.unavailable().unwrap_or_default()),
        Err(error) => Err(error.to_string()),
    };
    let absent = matches!(executor.language(&language.id), LanguageStatus::NotInstalled { .. });
    let mut row = Row { language, state, absent, tried: Vec::new(), warm: None };
    if row.state.is_err() {
        bar.inc(examples.len() as u64);
        return row;
    }
    let limits = config.limits();
    let run = |example: &'a Example| {
        let limits = &limits;
        async move {
            let id = ExecId::new(Uuid::new_v4());
            let tried = try_example(executor, language, example, limits, id).await;
            bar.inc(1);
            (example.case.name.as_str(), tried)
        }
    };
    // The timed case comes first and alone, so that it is the language's first and nothing is beside it.
    let (timed, others): (Vec<_>, Vec<_>) = examples.iter().partition(|example| example.case.name == TIMED);
    for example in timed {
        row.tried.push(run(example).await);
        let id = ExecId::new(Uuid::new_v4());
        row.warm = Some(try_example(executor, language, example, &limits, id).await);
    }
    row.tried.extend(stream::iter(others).map(run).buffered(config.workers()).collect::<Vec<_>>().await);
    row
}

impl Row<'_> {
    fn passed(&self, must_be_there: bool) -> bool {
        match &self.state {
            Err(_) => self.absent && !must_be_there,
            Ok(_) => self.tried.iter().all(|(_, tried)| tried.result.is_ok()),
        }
    }
}

fn table(rows: &[Row<'_>]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["language", "version", "passed", "failed", "first ms", "again ms", "of it compiling"]);
    for Row { language, state, absent: _, tried, warm } in rows {
        let first = tried.iter().find(|(name, _)| *name == TIMED).map(|(_, tried)| &tried.phases);
        let again = warm.as_ref().map(|warm| &warm.phases);
        let failed = tried.iter().filter(|(_, tried)| tried.result.is_err()).count();
        table.add_row([
            language.id.clone(),
            state.clone().unwrap_or_else(|reason| reason),
            (tried.len() - failed).to_string(),
            failed.to_string(),
            first.map_or_else(String::new, |phases| shown(all(phases))),
            again.map_or_else(String::new, |phases| shown(all(phases))),
            again.map_or_else(String::new, |phases| shown(phases.compile)),
        ]);
    }
    table
}

fn all(phases: &Phases) -> Duration {
    let Phases { queue, provision, compile, run } = phases;
    *queue + *provision + *compile + *run
}

fn shown(time: Duration) -> String {
    format!("{:.0}", milliseconds(time))
}

/// What came out otherwise, and the sum.
fn failures(rows: &[Row<'_>]) -> String {
    let mut text = String::new();
    let (mut passed, mut failed) = (0, 0);
    for (language, (name, tried)) in rows.iter().flat_map(|row| row.tried.iter().map(|tried| (row.language, tried))) {
        match &tried.result {
            Ok(()) => passed += 1,
            Err(difference) => {
                failed += 1;
                text.push_str(&format!("{}/{name}: {difference}\n", language.id));
            }
        }
    }
    let languages = rows.iter().filter(|row| row.state.is_ok()).count();
    text.push_str(&format!("{languages} languages\n{passed} passed, {failed} failed\n"));
    text
}
