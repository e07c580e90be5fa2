//! `code-runner languages page`: `docs/languages.md`, from the folders of the languages.

use std::process::ExitCode;

use model::{Language, Mode};

use super::{all, package_lines};
use crate::config::Config;

/// Prints it.
pub fn print(config: &Config) -> Result<ExitCode, String> {
    Ok(super::super::print(&markdown(config, &all(config)?)?))
}

/// The page.
pub fn markdown(config: &Config, languages: &[Language]) -> Result<String, String> {
    let mut page = String::new();
    for language in languages {
        page.push_str(&section(config, language)?);
    }
    Ok(page)
}

fn section(_config: &Config, language: &Language) -> Result<String, String> {
    let modes = language.modes.keys().copied().map(Mode::name).collect::<Vec<_>>().join(", ");
    Ok(format!("## {}\n\n{modes} {}\n", language.name, package_lines(&language.packages).join(", ")))
}
