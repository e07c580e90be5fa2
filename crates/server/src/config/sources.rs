//! Where settings are given: flags, the environment, one TOML file.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Args, Command};
use model::text::one_line;

use super::kinds::{Kind, Presence};
use super::{Config, ConfigError, Setting, settings};

/// The flags that were given, by key; for clap.
#[derive(Debug, Clone, Default)]
pub struct SettingArgs(BTreeMap<&'static str, OsString>);

impl SettingArgs {
    /// What was given as the flag of this key.
    pub fn flag(&self, key: &str) -> Option<&OsStr> {
        self.0.get(key).map(OsString::as_os_str)
    }

    /// The settings, from these flags, this process's environment and the file they name.
    ///
    /// # Errors
    /// [`ConfigError`] for a file that can not be read and for a value that is not allowed.
    pub fn resolve(self) -> Result<Config, ConfigError> {
        Config::resolve(Given { flags: self.0, environment: &|name| std::env::var_os(name), file: None })
    }
}

impl Args for SettingArgs {
    fn augment_args(command: Command) -> Command {
        settings().into_iter().fold(command, |command, setting| match setting.flag() {
            None => command,
            Some(flag) => command.arg(
                Arg::new(setting.key)
                    .long(flag)
                    .value_name("VALUE")
                    .value_parser(clap::value_parser!(OsString))
                    .help_heading("Settings")
                    .help(format!("{} [env: {}] [default: {}]", setting.doc, setting.env, setting.default)),
            ),
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for SettingArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = settings().into_iter().filter(|setting| !setting.secret);
        let flag = |key: &'static str| matches.get_one::<OsString>(key).map(|value| (key, value.clone()));
        Ok(Self(given.filter_map(|setting| flag(setting.key)).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// What was given where.
pub struct Given<'a> {
    /// By key.
    pub flags: BTreeMap<&'static str, OsString>,
    /// Asks for a variable.
    pub environment: &'a dyn Fn(&str) -> Option<OsString>,
    /// The settings file, once it has been read.
    pub file: Option<SettingsFile>,
}

/// A settings file that has been read.
pub struct SettingsFile {
    name: String,
    values: BTreeMap<String, String>,
}

impl Given<'_> {
    /// Reads the settings file, if the flags or the environment name one.
    pub(super) fn with_file(mut self, known: &[Setting]) -> Result<Self, ConfigError> {
        if self.file.is_none()
            && let Some(setting) = known.iter().find(|setting| setting.key == "config")
            && let Some(path) = self.find(setting, &super::kinds::Path, &super::kinds::Absent(""))?
        {
            self.file = Some(SettingsFile::read(path, known)?);
        }
        Ok(self)
    }

    /// The value of a setting: the flag's, else the environment's, else the file's, else the default.
    pub(super) fn find<K: Kind, P: Presence<K>>(
        &self,
        setting: &Setting,
        kind: &K,
        presence: &P,
    ) -> Result<P::Field, ConfigError> {
        let Some((place, given)) = self.first(setting) else { return Ok(presence.absent(kind)) };
        let value = given.to_str().and_then(|text| kind.parse(text));
        value.map(|value| presence.present(value)).ok_or_else(|| ConfigError::Value {
            place,
            value: if setting.secret {
                "hidden".to_owned()
            } else {
                format!("`{}`", one_line(&given.to_string_lossy()))
            },
            allowed: setting.allowed.clone(),
        })
    }

    /// The first place that has the setting, in words, and what it has.
    fn first(&self, setting: &Setting) -> Option<(String, OsString)> {
        if let Some(given) = self.flags.get(setting.key) {
            return Some((format!("--{}", setting.key.replace('_', "-")), given.clone()));
        }
        if let Some(given) = (self.environment)(setting.env) {
            return Some((setting.env.to_owned(), given));
        }
        let file = self.file.as_ref()?;
        let given = file.values.get(setting.key)?;
        Some((format!("`{}` in {}", setting.key, file.name), given.into()))
    }
}

impl SettingsFile {
    fn read(path: PathBuf, known: &[Setting]) -> Result<Self, ConfigError> {
        let name = path.display().to_string();
        let failed = |cause: String| ConfigError::File { file: name.clone(), cause };
        let text = std::fs::read_to_string(&path).map_err(|error| failed(error.to_string()))?;
        // Not the error's own text: it quotes the line, which may hold the key.
        let table: toml::Table = toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            failed(format!("line {}: {}", before.matches('\n').count() + 1, error.message()))
        })?;

        // The file can not name another file.
        let keys: Vec<&str> = known.iter().map(|setting| setting.key).filter(|key| *key != "config").collect();
        let mut values = BTreeMap::new();
        for (key, value) in table {
            if !keys.contains(&key.as_str()) {
                return Err(ConfigError::UnknownKey { file: name, key, known: keys.join(", ") });
            }
            let text = match value {
                toml::Value::String(text) => text,
                toml::Value::Integer(number) => number.to_string(),
                _ => return Err(failed(format!("`{key}` must be a text or a whole number"))),
            };
            values.insert(key, text);
        }
        Ok(Self { name, values })
    }
}
