//! What runs submissions here: the native executor, started from the settings.
//!
//! The order is the point. Layers are asked for first, so that what is missing has a name; then the
//! languages are read, which need no trust; then the launcher is started, and the wall and a language
//! are tried in boxes. All of it while the process has one thread and its privileges; [`crate::privileges`] takes
//! them away afterwards.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use executor::{Ceilings, LauncherCommand, LoadedLanguage, NativeExecutor, Starts, load_languages};
use model::Language;
use sandbox::{Ground, Holes, Layer, LayerState, missing_layers, probe_layers};

use crate::config::Config;

/// The hidden command that makes this program the launcher.
pub const LAUNCHER_COMMAND: &str = "launcher";

/// The file name of the runner, beside this program.
const RUNNER: &str = "code-runner-runner";

/// The file name of the program that tries the wall, beside the runner.
const PROBE: &str = "code-runner-probe";

/// The file name of the library that template processes fork with, beside the runner.
const ZYGOTE: &str = "code-runner-zygote.so";

/// How to get it.
const LIBRARY_REMEDY: &str = "build it (`make build`, or `scripts/build-zygote FILE`) and keep it beside the runner";

/// What runs submissions here, and in which languages.
pub struct Backend {
    /// The languages there are, installed or not.
    pub languages: Vec<Language>,
    /// Runs them.
    pub executor: Arc<NativeExecutor>,
    /// Where this process stands.
    pub ground: Ground,
}

/// Prepares it, and tries the wall. Called while the process has one thread and may do everything.
///
/// # Errors
/// The text for the operator: what is missing and how to get it, or what of the wall does not hold.
pub fn start(config: &Config) -> Result<Backend, String> {
    let backend = start_untried(config, ground()?)?;
    let Backend { languages, executor, ground: _ } = &backend;
    let default = languages.iter().find(|language| language.answers_to(&config.language));
    match executor.try_wall(default.map_or("", |language| &language.id)) {
        Ok(()) => Ok(backend),
        Err(error) => {
            // What failed is said; that the launcher then ended badly too would only hide it.
            let _ = executor.shut_down();
            Err(format!("nothing is run: {error} (`code-runner doctor` tries all of it)"))
        }
    }
}

/// Where this process stands. To be asked for once, while there is one thread: an ordinary user becomes root of a
/// user namespace here.
///
/// # Errors
/// The text for the operator.
pub fn ground() -> Result<Ground, String> {
    Ground::take().map_err(|error| error.to_string())
}

/// Prepares it for somebody who tries the wall and runs nothing for others.
///
/// # Errors
/// As [`start`], but for the wall.
pub fn start_untried(config: &Config, ground: Ground) -> Result<Backend, String> {
    let layers = layers(config, &ground);
    let missing = missing_layers(&layers);
    if !missing.is_empty() {
        return Err(refusal(&missing));
    }
    let loaded = load_languages(&config.languages_dir).map_err(|error| error.to_string())?;
    let languages: Vec<Language> = loaded.iter().map(|loaded| loaded.language.clone()).collect();
    let executor = start_executor(config, loaded, &ground)?;
    Ok(Backend { languages, executor: Arc::new(executor), ground })
}

/// Every layer of the wall and how it stands on this host.
pub fn layers(config: &Config, ground: &Ground) -> Vec<Layer> {
    probe_layers(ground, &runner(config), &probe(config))
}

/// None: this build can not leave a layer out.
#[cfg(not(feature = "holes"))]
fn holes() -> Result<Holes, String> {
    Ok(Holes::default())
}

/// Those that a test has named.
#[cfg(feature = "holes")]
fn holes() -> Result<Holes, String> {
    let names = std::env::var("CODE_RUNNER_HOLES").unwrap_or_default();
    eprintln!("code-runner: THIS IS A TEST BUILD, AND ITS WALL HAS HOLES: {names}");
    Holes::named(&names)
}

fn start_executor(config: &Config, loaded: Vec<LoadedLanguage>, ground: &Ground) -> Result<NativeExecutor, String> {
    let program = std::env::current_exe().map_err(|error| format!("this program's own path is not known: {error}"))?;
    let command = LauncherCommand {
        program,
        arguments: vec![LAUNCHER_COMMAND.to_owned()],
        runner: runner(config),
        probe: probe(config),
        ground: ground.clone(),
        holes: holes()?,
        starts: Starts {
            zygote: Some(zygote(config)).filter(|library| !config.is_strict() && library.is_file()),
            ahead: config.boxes_ahead(),
            strict: config.is_strict(),
        },
    };
    let workers = u16::try_from(config.workers()).unwrap_or(u16::MAX);
    let ceilings = Ceilings { run: config.limits(), compile: config.compile_limits() };
    NativeExecutor::start(&command, loaded, ceilings, config.compile_cache(), workers)
        .map_err(|error| format!("boxes can not be made on this host: {error}"))
}

/// Where the static runner is.
pub fn runner(config: &Config) -> PathBuf {
    let beside = || std::env::current_exe().ok().and_then(|program| Some(program.parent()?.join(RUNNER)));
    config.runner.clone().or_else(beside).unwrap_or_else(|| PathBuf::from(RUNNER))
}

/// Where the program is that tries the wall.
fn probe(config: &Config) -> PathBuf {
    runner(config).with_file_name(PROBE)
}

/// Where the library is that template processes fork with.
fn zygote(config: &Config) -> PathBuf {
    runner(config).with_file_name(ZYGOTE)
}

/// What makes starts quick, and whether it is there. Nothing here is part of the wall, and everything runs without it.
pub fn warm_starts(config: &Config) -> Vec<Layer> {
    let off = |setting: &str| LayerState::Optional { found: format!("{setting} says so"), remedy: String::new() };
    let (ahead, library) = (config.boxes_ahead().all, zygote(config));
    let boxes = if ahead == 0 {
        off("CODE_RUNNER_AHEAD")
    } else {
        LayerState::Present(format!("up to {ahead} wait for their use"))
    };
    let templates = if library.is_file() {
        LayerState::Present(library.display().to_string())
    } else {
        LayerState::Optional { found: no_library(&library), remedy: LIBRARY_REMEDY.to_owned() }
    };
    let templates = if config.is_strict() { off("CODE_RUNNER_START") } else { templates };
    [("boxes ahead", boxes), ("templates", templates)].map(|(name, state)| Layer { name, state }).into()
}

/// What is lost by the library of templates that is wanted and not there, and how to get it.
pub fn lost_without_library(config: &Config) -> Option<String> {
    let library = zygote(config);
    let is_missing = !config.is_strict() && !library.is_file();
    is_missing.then(|| format!("{}; {LIBRARY_REMEDY}", no_library(&library)))
}

fn no_library(library: &Path) -> String {
    format!("there is no {}, so that interpreters are started anew for each run instead of forked", library.display())
}

/// Why nothing is run: each missing layer by its name, with the remedy.
fn refusal(missing: &[&Layer]) -> String {
    let mut text = "nothing is run, because the wall has a gap on this host:".to_owned();
    for Layer { name, state } in missing {
        if let LayerState::Missing { found, remedy } = state {
            // Writing to a String can not fail.
            let _ = write!(text, "\n  layer `{name}` is missing: {found}\n    remedy: {remedy}");
        }
    }
    text.push_str("\n(`code-runner doctor` lists all layers)");
    text
}
