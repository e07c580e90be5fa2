//! `code-runner platform …`: what an operator or teacher can tell the platform to do, one module per command.

mod check;
mod serve;
mod users;

use std::fmt::Display;
use std::future::Future;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::code_runner::{ApiKey, CodeRunner};
use crate::database::Database;

/// The educational platform: exercises, students and attempts, graded by a Code Runner.
#[derive(Debug, Args)]
pub struct PlatformArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Serve the pages for students and teachers.
    Serve(serve::ServeArgs),
    /// Look for mistakes in exercises; with an API key, run their solutions against their tests.
    Check(check::CheckArgs),
    /// Make, list, reset or remove accounts, also while the platform runs.
    Users(users::UsersArgs),
}

/// Where the platform keeps what it knows.
#[derive(Debug, Clone, Args)]
struct DataArgs {
    /// Where people, attempts and results are kept.
    #[arg(long, env = "PLATFORM_DATA_DIR", value_name = "FOLDER", default_value = "./platform-data")]
    data_dir: PathBuf,
}

/// Which Code Runner grades.
#[derive(Debug, Clone, Args)]
struct CodeRunnerArgs {
    /// Its address.
    #[arg(long, env = "PLATFORM_CODE_RUNNER", value_name = "URL", default_value = "http://127.0.0.1:5000")]
    code_runner: String,
    /// A file with an API key for it; PLATFORM_API_KEY can have the key itself. Browsers never see it.
    #[arg(long, env = "PLATFORM_API_KEY_FILE", value_name = "FILE")]
    api_key_file: Option<PathBuf>,
    /// Allow http to a Code Runner on another host, which sends the key in the clear.
    #[arg(long, env = "PLATFORM_ALLOW_PLAIN_HTTP")]
    allow_plain_http: bool,
}

impl CodeRunnerArgs {
    /// The key, if there is one.
    fn key(&self) -> Result<Option<String>, String> {
        // Not a flag: command lines are public.
        if let Some(key) = std::env::var("PLATFORM_API_KEY").ok().filter(|key| !key.is_empty()) {
            return Ok(Some(key));
        }
        let Some(file) = &self.api_key_file else { return Ok(None) };
        let read = std::fs::read_to_string(file);
        read.map(Some).map_err(|error| format!("the file of the API key, {}, can not be read: {error}", file.display()))
    }

    fn client(&self, key: &str) -> Result<CodeRunner, String> {
        let key = ApiKey::new(key).ok_or("the API key is empty, or has characters that no header can hold")?;
        CodeRunner::new(&self.code_runner, key, self.allow_plain_http).map_err(|error| error.to_string())
    }
}

/// The command.
pub fn run(args: PlatformArgs) -> ExitCode {
    match args.action {
        Action::Serve(args) => serve::run(args),
        Action::Check(args) => check::run(&args),
        Action::Users(args) => users::run(args),
    }
}

fn start_logging(filter: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("PLATFORM_LOG is no filter: {error}"))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false);
    builder.try_init().map_err(|error| error.to_string())
}

/// Runs `work` to its end; what is wrong is said.
fn finish<E: Display>(threads: bool, work: impl Future<Output = Result<ExitCode, E>>) -> ExitCode {
    let mut builder = if threads {
        tokio::runtime::Builder::new_multi_thread()
    } else {
        tokio::runtime::Builder::new_current_thread()
    };
    match builder.enable_all().build() {
        Ok(runtime) => match runtime.block_on(work) {
            Ok(code) => code,
            Err(error) => failed(&error),
        },
        Err(error) => failed(&error),
    }
}

fn failed(error: &dyn Display) -> ExitCode {
    eprintln!("code-runner platform: {error}");
    ExitCode::FAILURE
}

/// Opens the database for one command and closes it behind it.
async fn with_database<T>(
    data: &DataArgs,
    work: impl AsyncFnOnce(&Database) -> Result<T, String>,
) -> Result<T, String> {
    let database = Database::open(&data.data_dir).await.map_err(|error| error.to_string())?;
    let done = work(&database).await;
    database.close().await;
    done
}

#[cfg(test)]
mod tests {
    use clap::{Args, Command};

    use super::PlatformArgs;

    #[test]
    fn every_setting_is_in_the_documentation_with_its_flag_and_its_default() {
        let page = include_str!("../../../docs/platform.md");
        let command = PlatformArgs::augment_args(Command::new("platform"));
        let settings = command.get_subcommands().flat_map(Command::get_arguments);
        let mut count = 0;
        for setting in settings.filter(|setting| setting.get_env().is_some()) {
            let env = setting.get_env().and_then(|env| env.to_str()).unwrap();
            let row = page.lines().find(|line| line.starts_with(&format!("| `{env}` |")));
            let row = row.unwrap_or_else(|| panic!("{env} has no row"));
            let flag = setting.get_long().unwrap();
            assert!(row.contains(&format!("`--{flag}`")), "{row}");
            for default in setting.get_default_values().iter().filter_map(|default| default.to_str()) {
                assert!(row.contains(&format!("`{default}`")), "{row}: {default}");
            }
            count += 1;
        }
        assert!(count >= 9, "{count} settings");
    }
}
