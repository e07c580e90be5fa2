//! `code-runner doctor`: each layer of the wall, present or missing, and how to get it; then a trial
//! in a real box for every language. A language that is not installed is no fault of the host.

use std::process::ExitCode;

use comfy_table::{ContentArrangement, Table, presets};
use sandbox::{Layer, LayerState, missing_layers};

use crate::backend::{self, Backend};
use crate::commands::languages;
use crate::config::Config;

/// Prints the findings. The exit code is 0 when everything that is needed is there and works.
pub fn run(config: Config) -> ExitCode {
    let ground = match backend::ground() {
        Ok(ground) => ground,
        Err(error) => return finish(Err(error)),
    };
    let layers = backend::layers(&config, &ground);
    println!("{}", table(&layers));
    if !missing_layers(&layers).is_empty() {
        println!("nothing can be run on this host until the missing layers are there");
        return ExitCode::FAILURE;
    }
    match backend::start_on(&config, ground) {
        Ok(Backend { languages: all, executor, ground: _ }) => {
            let tested = languages::test_all(&executor);
            println!("{}", languages::table(&all, &*executor));
            finish(tested.and(executor.shut_down().map_err(|error| error.to_string())))
        }
        Err(error) => finish(Err(error)),
    }
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

fn table(layers: &[Layer]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["layer", "state", "found", "how to get it"]);
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
