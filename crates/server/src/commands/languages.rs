//! `code-runner languages`: which languages there are, whether they do what the kit asks of them, and what
//! brings them.

mod kit;
pub mod page;

use std::collections::BTreeSet;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use comfy_table::{ContentArrangement, Table, presets};
use executor::{Executor, LanguageStatus, NativeExecutor, load_languages};
use model::{Language, Mode, Packages};

use crate::backend::{self, Backend};
use crate::config::{Config, SettingArgs};
use crate::validate::Rules;

/// The command line can not be used; the same number clap exits with.
const USAGE: u8 = 2;

/// What to do with the languages. Without anything they are listed.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct LanguagesArgs {
    #[command(subcommand)]
    action: Option<Action>,
    /// Print the JSON that `GET /languages` answers.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: SettingArgs,
}

#[derive(Debug, Clone, Subcommand)]
enum Action {
    /// Run every case of the kit in every language that is installed, in real boxes.
    Test {
        /// Only these languages; each must be installed.
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        #[command(flatten)]
        settings: SettingArgs,
    },
    /// Print the packages that bring the languages, one on a line: `debian gcc`, `npm typescript@5.9.3`.
    Packages {
        /// Only these languages.
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        #[command(flatten)]
        settings: SettingArgs,
    },
    /// Print the page that describes every language.
    Page {
        #[command(flatten)]
        settings: SettingArgs,
    },
}

/// The command. `with_config` resolves settings, starts logging and goes on.
pub fn run(args: LanguagesArgs, with_config: fn(SettingArgs, Continue<'_>) -> ExitCode) -> ExitCode {
    let LanguagesArgs { action, json, settings } = args;
    match action {
        None => with_config(settings, &|config| finish(list(&config, json))),
        Some(Action::Test { ids, settings }) => with_config(settings, &|config| finish(kit::run(&config, &ids))),
        Some(Action::Packages { ids, settings }) => with_config(settings, &|config| finish(packages(&config, &ids))),
        Some(Action::Page { settings }) => with_config(settings, &|config| finish(page::print(&config))),
    }
}

/// What goes on with the settings.
pub type Continue<'a> = &'a dyn Fn(Config) -> ExitCode;

fn finish(result: Result<ExitCode, String>) -> ExitCode {
    result.unwrap_or_else(|error| {
        eprintln!("code-runner: {error}");
        ExitCode::from(USAGE)
    })
}

fn list(config: &Config, json: bool) -> Result<ExitCode, String> {
    let Backend { languages, executor, ground: _ } = backend::start(config)?;
    let tested = test_all(&executor);
    let text = if json {
        let rules = Rules::new(config, languages)?;
        serde_json::to_string_pretty(&rules.describe(&*executor, true)).map_err(|error| error.to_string())?
    } else {
        table(&languages, &*executor).to_string()
    };
    executor.shut_down().map_err(|error| error.to_string())?;
    tested?;
    Ok(super::print(&(text + "\n")))
}

/// Runs the version command of every language.
///
/// # Errors
/// When the system has no threads for it. A language that fails is no error.
pub fn test_all(executor: &NativeExecutor) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(async {
        for id in executor.languages() {
            // An error is remembered as the language's status.
            let _ = executor.self_test(id).await;
        }
    });
    Ok(())
}

/// One row for each language.
pub fn table(languages: &[Language], executor: &dyn Executor) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["language", "names", "modes", "state"]);
    for language in languages {
        let Language { id, name, aliases, modes, .. } = language;
        let names = std::iter::once(id).chain(aliases).map(String::as_str).collect::<Vec<_>>().join(", ");
        let modes = modes.keys().copied().map(Mode::name).collect::<Vec<_>>().join(", ");
        table.add_row([name.clone(), names, modes, state(language, &executor.language(id))]);
    }
    table
}

fn state(language: &Language, status: &LanguageStatus) -> String {
    match status {
        LanguageStatus::Tested { result: Ok(version), .. } => version.clone(),
        LanguageStatus::NotInstalled { .. } => {
            format!("not installed; needs {}", package_lines(&language.packages).join(", "))
        }
        LanguageStatus::Untested | LanguageStatus::OnAnotherNode { .. } | LanguageStatus::OnNoNode => {
            "not tested".to_owned()
        }
        LanguageStatus::Tested { result: Err(reason), .. } => format!("BROKEN: {reason}"),
    }
}

/// Where each package is from, and its name.
fn package_lines(packages: &Packages) -> Vec<String> {
    let Packages { debian, npm, pypi } = packages;
    let from = |registry: &'static str, names: &[String]| -> Vec<String> {
        names.iter().map(|name| format!("{registry} {name}")).collect()
    };
    [from("debian", debian), from("npm", npm), from("pypi", pypi)].concat()
}

fn packages(config: &Config, ids: &[String]) -> Result<ExitCode, String> {
    let languages = all(config)?;
    let lines: BTreeSet<String> =
        chosen(&languages, ids)?.into_iter().flat_map(|language| package_lines(&language.packages)).collect();
    let text: String = lines.into_iter().map(|line| line + "\n").collect();
    Ok(super::print(&text))
}

/// The languages as their files describe them, whether they can be run or not.
fn all(config: &Config) -> Result<Vec<Language>, String> {
    let loaded = load_languages(&config.languages_dir).map_err(|error| error.to_string())?;
    Ok(loaded.into_iter().map(|loaded| loaded.language).collect())
}

/// Those of these names; all if there are none.
fn chosen<'a>(languages: &'a [Language], names: &[String]) -> Result<Vec<&'a Language>, String> {
    if names.is_empty() {
        return Ok(languages.iter().collect());
    }
    let find = |name: &String| {
        let found = languages.iter().find(|language| language.answers_to(name));
        found.ok_or_else(|| format!("there is no language `{name}`"))
    };
    names.iter().map(find).collect()
}
