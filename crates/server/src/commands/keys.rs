//! `code-runner keys`: makes, lists, changes, rotates and revokes keys in the store, also while servers run on it.
//! The server sees what changed within a second.

mod opened;

use std::io::Write;
use std::process::ExitCode;
use std::str::FromStr;

use clap::{ArgGroup, Args, Subcommand};
use comfy_table::{ContentArrangement, Table, presets};
use store::KeyStore;
use time::OffsetDateTime;

use self::opened::with_keys;
use crate::config::{Config, Secret, SettingArgs};
use crate::error::ApiError;
use crate::key_rules::{is_added, key_change, new_key, not_the_first, overlap};
use crate::secrets;
use crate::wire::{
    KeyBody, KeyChangeRequest, KeyLimitsBody, KeyLimitsChange, KeyList, KeyRequest, KeyState, RotateRequest,
};

/// What to do with the keys.
#[derive(Debug, Clone, Args)]
pub struct KeysArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Clone, Subcommand)]
enum Action {
    /// Make a key and print its secret, once.
    Make {
        /// The owner of what is submitted with the key; never given again.
        name: String,
        /// What the key may do: run, read or admin; can be given several times. Without it, run and read.
        #[arg(long, value_name = "SCOPE")]
        scope: Vec<String>,
        /// Requests in a minute; without it, any number.
        #[arg(long, value_name = "N")]
        requests_per_minute: Option<u64>,
        /// Seconds of CPU time on a UTC day; without it, any number.
        #[arg(long, value_name = "N")]
        cpu_seconds_per_day: Option<u64>,
        /// Submissions that run at the same time, while others wait; without it, any number.
        #[arg(long, value_name = "N")]
        running: Option<u64>,
        /// The key's `result_days`: days for which results are kept; without it, as many as the server keeps any.
        // A flag of another name, because that is the one of the setting.
        #[arg(long, value_name = "N")]
        keep_days: Option<u64>,
        /// Until when the key is valid, such as 2036-07-31T00:00:00Z; without it, until it is revoked.
        #[arg(long, value_name = "TIME")]
        expires_at: Option<String>,
        #[command(flatten)]
        settings: SettingArgs,
    },
    /// List the keys, without their secrets.
    List {
        /// Print the JSON that `GET /keys` answers.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        settings: SettingArgs,
    },
    /// Change what a key may do, how much and until when. What is not named stays as it is.
    #[command(group(ArgGroup::new("change").required(true).multiple(true).args(CHANGES)))]
    Change {
        /// The name of the key, which stays.
        name: String,
        /// What the key may do from now on, and nothing else: run, read or admin; can be given several times.
        #[arg(long, value_name = "SCOPE")]
        scope: Vec<String>,
        /// Requests in a minute; `none` for any number.
        #[arg(long, value_name = "N|none")]
        requests_per_minute: Option<OrNone<u64>>,
        /// Seconds of CPU time on a UTC day; `none` for any number.
        #[arg(long, value_name = "N|none")]
        cpu_seconds_per_day: Option<OrNone<u64>>,
        /// Submissions that run at the same time, while others wait; `none` for any number.
        #[arg(long, value_name = "N|none")]
        running: Option<OrNone<u64>>,
        /// The key's `result_days`: days for which results are kept from now on; `none` for as many as the server keeps any.
        #[arg(long, value_name = "N|none")]
        keep_days: Option<OrNone<u64>>,
        /// Until when the key is valid, such as 2036-07-31T00:00:00Z; `none` for until it is revoked.
        #[arg(long, value_name = "TIME|none")]
        expires_at: Option<OrNone<String>>,
        #[command(flatten)]
        settings: SettingArgs,
    },
    /// Give a key another secret and print it, once.
    Rotate {
        /// The name of the key.
        name: String,
        /// How long the present secret stays valid, in seconds; without it, it ends at once.
        #[arg(long, value_name = "N")]
        overlap_seconds: Option<u64>,
        #[command(flatten)]
        settings: SettingArgs,
    },
    /// End a key for good. What was submitted with it stays.
    Revoke {
        /// The name of the key.
        name: String,
        #[command(flatten)]
        settings: SettingArgs,
    },
}

/// Of a change at least one is named.
const CHANGES: [&str; 6] =
    ["scope", "requests_per_minute", "cpu_seconds_per_day", "running", "keep_days", "expires_at"];

/// A value, or the word `none`.
#[derive(Debug, Clone)]
struct OrNone<T>(Option<T>);

impl<T: FromStr> FromStr for OrNone<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, T::Err> {
        if text == "none" { Ok(Self(None)) } else { text.parse().map(|value| Self(Some(value))) }
    }
}

/// The command. `with_config` resolves settings, starts logging and goes on.
pub fn run(args: KeysArgs, with_config: impl Fn(SettingArgs, &dyn Fn(Config) -> ExitCode) -> ExitCode) -> ExitCode {
    match args.action {
        Action::Make {
            name,
            scope,
            requests_per_minute,
            cpu_seconds_per_day,
            running,
            keep_days,
            expires_at,
            settings,
        } => {
            let limits = KeyLimitsBody { requests_per_minute, cpu_seconds_per_day, running, result_days: keep_days };
            let scopes = (!scope.is_empty()).then_some(scope);
            let request = KeyRequest { name, scopes, limits: Some(limits), expires_at };
            with_config(settings, &|config| with_keys(&config, async |keys| make(keys, request.clone()).await))
        }
        Action::List { json, settings } => {
            with_config(settings, &|config| with_keys(&config, async |keys| list(keys, json).await))
        }
        Action::Change {
            name,
            scope,
            requests_per_minute,
            cpu_seconds_per_day,
            running,
            keep_days,
            expires_at,
            settings,
        } => {
            let limits = [requests_per_minute, cpu_seconds_per_day, running, keep_days];
            let [requests_per_minute, cpu_seconds_per_day, running, result_days] =
                limits.map(|limit| limit.map(|OrNone(limit)| limit));
            let request = KeyChangeRequest {
                scopes: (!scope.is_empty()).then_some(scope),
                limits: Some(KeyLimitsChange { requests_per_minute, cpu_seconds_per_day, running, result_days }),
                expires_at: expires_at.map(|OrNone(at)| at),
            };
            with_config(settings, &|config| with_keys(&config, async |keys| change(keys, &name, request.clone()).await))
        }
        Action::Rotate { name, overlap_seconds, settings } => {
            let request = RotateRequest { overlap_seconds };
            with_config(settings, &|config| with_keys(&config, async |keys| rotate(keys, &name, &request).await))
        }
        Action::Revoke { name, settings } => {
            with_config(settings, &|config| with_keys(&config, async |keys| revoke(keys, &name).await))
        }
    }
}

async fn make(keys: &dyn KeyStore, request: KeyRequest) -> Result<String, String> {
    let (secret, kept) = secrets::make().map_err(|error| error.to_string())?;
    let key = new_key(request, kept, OffsetDateTime::now_utc()).map_err(in_words)?;
    is_added(keys.add_key(&key).await.map_err(|error| error.to_string())?).map_err(in_words)?;
    Ok(shown(key.name.as_str(), &secret))
}

async fn change(keys: &dyn KeyStore, name: &str, request: KeyChangeRequest) -> Result<String, String> {
    not_the_first(name).map_err(in_words)?;
    let change = key_change(request, OffsetDateTime::now_utc()).map_err(in_words)?;
    if !keys.change_key(name, &change).await.map_err(|error| error.to_string())? {
        return Err(in_words(ApiError::unknown_key()));
    }
    Ok(format!("{name} is changed\n"))
}

async fn rotate(keys: &dyn KeyStore, name: &str, request: &RotateRequest) -> Result<String, String> {
    not_the_first(name).map_err(in_words)?;
    let overlap = overlap(request).map_err(in_words)?;
    let (secret, kept) = secrets::make().map_err(|error| error.to_string())?;
    if !keys.rotate_key(name, &kept, overlap).await.map_err(|error| error.to_string())? {
        return Err(in_words(ApiError::unknown_key()));
    }
    Ok(shown(name, &secret))
}

async fn revoke(keys: &dyn KeyStore, name: &str) -> Result<String, String> {
    not_the_first(name).map_err(in_words)?;
    if !keys.revoke_key(name).await.map_err(|error| error.to_string())? {
        return Err(in_words(ApiError::unknown_key()));
    }
    Ok(format!("{name} is revoked\n"))
}

async fn list(keys: &dyn KeyStore, json: bool) -> Result<String, String> {
    let keys = keys.keys().await.map_err(|error| error.to_string())?;
    let list = KeyList::new(keys, OffsetDateTime::now_utc());
    let text = if json {
        serde_json::to_string_pretty(&list).map_err(|error| error.to_string())?
    } else {
        table(&list).to_string()
    };
    Ok(text + "\n")
}

/// The secret alone goes to standard output, for whoever keeps it in a variable.
fn shown(name: &str, secret: &Secret) -> String {
    // Nobody may be there to read it.
    let _ = writeln!(std::io::stderr(), "The secret of `{name}` is shown only now:");
    format!("{}\n", secret.expose())
}

fn in_words(error: ApiError) -> String {
    error.detail().to_owned()
}

/// One row for each key.
fn table(list: &KeyList) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header([
        "name",
        "state",
        "scopes",
        "requests a minute",
        "CPU seconds a day",
        "running",
        "days",
        "secrets",
        "expires",
    ]);
    for key in &list.keys {
        let KeyBody { name, state, scopes, limits, made_at: _, expires_at, revoked_at: _, secrets } = key;
        let KeyLimitsBody { requests_per_minute, cpu_seconds_per_day, running, result_days } = limits;
        let state = match state {
            KeyState::Active => "active",
            KeyState::Expired => "expired",
            KeyState::Revoked => "revoked",
        };
        let number = |limit: &Option<u64>| limit.map_or("–".to_owned(), |limit| limit.to_string());
        let secrets: Vec<String> = secrets
            .iter()
            .map(|secret| match &secret.valid_until {
                None => secret.public_part.clone(),
                Some(until) => format!("{} until {until}", secret.public_part),
            })
            .collect();
        table.add_row([
            name.clone(),
            state.to_owned(),
            scopes.join(", "),
            number(requests_per_minute),
            number(cpu_seconds_per_day),
            number(running),
            number(result_days),
            secrets.join(", "),
            expires_at.clone().unwrap_or_else(|| "–".to_owned()),
        ]);
    }
    table
}
