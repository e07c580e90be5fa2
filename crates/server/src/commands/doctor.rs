//! `code-runner doctor`: each layer of the wall, present or missing, and how to get it; then what makes starts quick;
//! then every probe that tries the wall from inside; then a trial in a real box for every language. A language that is
//! not installed is no fault of the host, and neither are slow starts. Where languages are run in containers of engines, then
//! those.

use std::process::ExitCode;
use std::sync::Arc;

use comfy_table::{ContentArrangement, Table, presets};
use executor::{Elsewhere, EngineStatus, NativeExecutor, Probed, Weaker};
use sandbox::{Layer, LayerState, missing_layers};

use crate::backend::{self, Backend};
use crate::commands::languages;
use crate::config::Config;
use crate::dagger;

/// Prints the findings. The exit code is 0 when everything that is needed is there and works.
pub fn run(config: Config) -> ExitCode {
    let prepared = match dagger::prepare(&config) {
        Ok(prepared) => prepared,
        Err(error) => return finish(Err(error)),
    };
    let ground = match backend::ground() {
        Ok(ground) => ground,
        Err(error) => return finish(Err(error)),
    };
    let layers = backend::layers(&config, &ground);
    println!("{}", table("layer", &layers));
    if !missing_layers(&layers).is_empty() {
        println!("nothing can be run on this host until the missing layers are there");
        return ExitCode::FAILURE;
    }
    println!("{}", table("warm starts", &backend::warm_starts(&config)));
    // Not refused where the wall is broken: that is what is to be seen here.
    match backend::start_untried(&config, ground) {
        Ok(Backend { languages: all, executor, ground: _ }) => {
            let probed = try_wall(&executor);
            let tested = languages::test_all(&executor);
            println!("{}", languages::table(&all, &*executor));
            let elsewhere = prepared.map_or(Ok(()), |prepared| try_engines(prepared, &config, executor.clone()));
            finish(probed.and(tested).and(elsewhere).and(executor.shut_down().map_err(|error| error.to_string())))
        }
        Err(error) => finish(Err(error)),
    }
}

/// Every probe, with a row for each.
fn try_wall(executor: &NativeExecutor) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let round = runtime.map_err(|error| error.to_string())?.block_on(executor.probe());
    println!("{}", probe_table(&round));
    let broken: Vec<&str> = round.iter().filter(|probed| probed.result.is_err()).map(|probed| probed.name).collect();
    if broken.is_empty() { Ok(()) } else { Err(format!("the wall is broken: {}", broken.join(", "))) }
}

/// Every engine, and what is weaker there than in boxes; then the languages that are run there.
fn try_engines(prepared: dagger::Prepared, config: &Config, native: Arc<NativeExecutor>) -> Result<(), String> {
    let (all, running) = prepared.beside(config, native)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(running.try_all());
    let Some(Elsewhere { languages, engines, weaker }) = all.elsewhere() else { return Ok(()) };
    let mut table = new_table(["engine", "state", "version", "submissions at once"]);
    for EngineStatus { host, version, permits, free: _, sessions: _ } in &engines {
        let (word, text) = match version {
            Ok(version) => ("can be used", version),
            Err(reason) => ("CAN NOT BE USED", reason),
        };
        table.add_row([host, word, text, &permits.to_string()]);
    }
    println!("{table}");
    let mut table = new_table(["weaker than in a box", "how it is in a container"]);
    for Weaker { name, there } in weaker {
        table.add_row([name, there]);
    }
    println!("{table}");
    let mut table = new_table(["language in containers", "state"]);
    let states: Vec<_> = languages.iter().map(|id| (id, all.language(id).unavailable())).collect();
    for (id, unavailable) in &states {
        table.add_row([id.as_str(), unavailable.as_deref().unwrap_or("works")]);
    }
    println!("{table}");
    let broken =
        engines.iter().any(|engine| engine.version.is_err()) || states.iter().any(|(_, state)| state.is_some());
    if broken { Err("an engine, or a language in it, can not be used".to_owned()) } else { Ok(()) }
}

fn new_table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header);
    table
}

fn finish(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("the trial failed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn probe_table(round: &[Probed]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["probe", "state", "shows that", "ms"]);
    for Probed { name, shows, result, took } in round {
        let (word, text) = match result {
            Ok(()) => ("holds", *shows),
            Err(reason) => ("BROKEN", reason.as_str()),
        };
        table.add_row([*name, word, text, &took.as_millis().to_string()]);
    }
    table
}

fn table(what: &str, layers: &[Layer]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header([what, "state", "found", "how to get it"]);
    for Layer { name, state } in layers {
        let (word, found, remedy) = match state {
            LayerState::Present(found) => ("present", found.as_str(), ""),
            LayerState::Optional { found, remedy } => ("absent, not required", found.as_str(), remedy.as_str()),
            LayerState::Missing { found, remedy } => ("MISSING", found.as_str(), remedy.as_str()),
        };
        table.add_row([*name, word, found, remedy]);
    }
    table
}
