//! The page `docs/settings.md`, made from the declaration.

use std::fmt::Write as _;

use super::settings;

const HEAD: &str = "\
# Settings

Made by `code-runner settings`; a test compares this page with the program.

A flag wins over the environment variable, that over the settings file, that over the default. The settings file is the
TOML file named by `--config` or `CODE_RUNNER_CONFIG`; a key in it that is no setting is an error. The API key and the
address of a store have no flag, because other users of a host can read command lines.

| key in the file | flag | environment | default | allowed | meaning |
|---|---|---|---|---|---|
";

/// The whole page.
pub fn markdown() -> String {
    let mut page = HEAD.to_owned();
    for setting in settings() {
        let key = if setting.key == "config" { "–".to_owned() } else { format!("`{}`", setting.key) };
        let flag = setting.flag().map_or("–".to_owned(), |flag| format!("`--{flag}`"));
        let super::Setting { env, default, allowed, doc, .. } = setting;
        // Writing to a String can not fail.
        let _ = writeln!(page, "| {key} | {flag} | `{env}` | {default} | {allowed} | {doc} |");
    }
    page
}
