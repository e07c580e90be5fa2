//! `code-runner languages page`: `docs/languages.md`, from the folders of the languages.
//!
//! What is said of all languages stands in `page.md` beside their folders; a table and a section for each
//! language follow. The code of the sections is code of the kit, so that it is known to work.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use executor::kit::{example_file, load_kit};
use executor::load_languages;
use model::kit::Case;
use model::{Language, LanguageError, Mode, Preparation};

use crate::config::Config;
use crate::wire::package_names;

/// What the page begins with.
const HEAD: &str = "page.md";

/// The cases whose code is shown, of each mode.
const SHOWN: [(Mode, &str); 2] = [(Mode::Function, "square"), (Mode::Program, "sum")];

/// Prints it.
pub fn print(config: &Config) -> Result<ExitCode, String> {
    Ok(crate::commands::print(&markdown(&config.languages_dir)?))
}

/// The page about the languages in this folder.
///
/// # Errors
/// When the folder is not complete.
pub fn markdown(folder: &Path) -> Result<String, String> {
    let in_words = |error: LanguageError| error.to_string();
    let kit = load_kit(folder).map_err(in_words)?;
    let loaded = load_languages(folder).map_err(in_words)?;
    let head = fs::read_to_string(folder.join(HEAD)).map_err(|error| format!("{HEAD} can not be read: {error}"))?;
    let mut page = head.trim_end().to_owned();
    page.push_str("\n\n## All of them\n\n| language | `language` | modes | comes with |\n|---|---|---|---|\n");
    for loaded in &loaded {
        page.push_str(&row(&loaded.language));
    }
    for loaded in &loaded {
        page.push_str(&section(folder, &loaded.language, &kit.cases).map_err(in_words)?);
    }
    Ok(page)
}

fn row(language: &Language) -> String {
    let Language { id, name, aliases, modes, packages, .. } = language;
    let names: Vec<String> = std::iter::once(id).chain(aliases).map(|name| format!("`{name}`")).collect();
    let modes: Vec<&str> = modes.keys().copied().map(Mode::name).collect();
    let packages: Vec<String> = package_names(packages).iter().map(|name| format!("`{name}`")).collect();
    format!("| {name} | {} | {} | {} |\n", names.join(", "), modes.join(", "), packages.join(", "))
}

fn section(folder: &Path, language: &Language, cases: &[Case]) -> Result<String, LanguageError> {
    let mut text = format!("\n## {}\n", language.name);
    for (mode, name) in SHOWN {
        let Some(spec) = language.modes.get(&mode) else { continue };
        let file = example_file(&folder.join(&language.id).join("examples"), name)?;
        let code = fs::read_to_string(&file).unwrap_or_default();
        let kind = file.extension().unwrap_or_default().to_string_lossy();
        // Writing to a String can not fail.
        let _ = write!(
            text,
            "\nMode `{}`; the code is `{}` to the {}:\n\n```{kind}\n{}\n```\n",
            mode.name(),
            spec.source,
            if matches!(spec.preparation, Preparation::Compile { .. }) { "compiler" } else { "interpreter" },
            code.trim_end(),
        );
    }
    for case in cases {
        if let Some(reason) = language.without.get(&case.name) {
            let _ = write!(text, "\nIt has no program that {}: {reason}.\n", case.what);
        }
    }
    Ok(text)
}
