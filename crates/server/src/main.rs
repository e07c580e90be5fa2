//! The `code-runner` command line.
//!
//! No runtime is started here: a command that makes boxes has to start its launcher while the process
//! has one thread, and builds its runtime afterwards.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use platform::commands::PlatformArgs;
use server::backend;
use server::commands::serve::Role;
use server::commands::{doctor, grade, keys, languages, migrate, openapi, run, serve, settings};
use server::config::{Config, SettingArgs};
use server::logging;

/// Runs students' code safely and reports per input.
#[derive(Parser)]
#[command(name = "code-runner", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the HTTP API and run what is submitted.
    Serve {
        /// Accept submissions and leave it to other nodes that share the store to run them. Needs no privileges.
        #[arg(long)]
        no_worker: bool,
        #[command(flatten)]
        settings: SettingArgs,
    },
    /// Run what other nodes that share the store accept. Answers only /health/live, /health/ready and /metrics.
    Worker {
        #[command(flatten)]
        settings: SettingArgs,
    },
    /// Run one submission and print a table of its results.
    Run {
        #[command(flatten)]
        args: Box<run::RunArgs>,
        #[command(flatten)]
        settings: SettingArgs,
    },
    /// Run a folder or an archive of submissions on tests, and print a table of points.
    Grade {
        #[command(flatten)]
        args: Box<grade::GradeArgs>,
        #[command(flatten)]
        settings: SettingArgs,
    },
    /// List each layer of the wall: present or missing, and how to get it.
    Doctor {
        #[command(flatten)]
        settings: SettingArgs,
    },
    /// List the languages, or try them out.
    Languages {
        #[command(flatten)]
        args: languages::LanguagesArgs,
    },
    /// Make, list, change, rotate or revoke API keys, also while a server runs.
    Keys {
        #[command(flatten)]
        args: keys::KeysArgs,
    },
    /// Copy what a server keeps in its file into an empty database that several nodes can share. No server may run meanwhile.
    Migrate {
        #[command(flatten)]
        args: migrate::MigrateArgs,
    },
    /// Serve exercises to students and teachers, graded by a Code Runner; check exercises; make accounts.
    Platform(PlatformArgs),
    /// Print the OpenAPI document.
    Openapi,
    /// Print the page that lists every setting.
    Settings,
    /// Make boxes for the process that started this one; not for people.
    #[command(hide = true, name = backend::LAUNCHER_COMMAND)]
    Launcher,
    /// Open sessions with Dagger Engines for the process that started this one; not for people.
    #[cfg(feature = "dagger")]
    #[command(hide = true, name = server::dagger::USHER_COMMAND)]
    DaggerUsher {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<std::ffi::OsString>,
    },
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve { no_worker, settings } => {
            let role = if no_worker { Role::Accepts } else { Role::Both };
            with_config(settings, |config| serve::run(config, role))
        }
        Command::Worker { settings } => with_config(settings, |config| serve::run(config, Role::Runs)),
        Command::Run { args, settings } => with_config(settings, |config| run::run(*args, config)),
        Command::Grade { args, settings } => {
            let language = settings.flag("language").map(|name| name.to_string_lossy().into_owned());
            with_config(settings, |config| grade::run(*args, language, config))
        }
        Command::Languages { args } => languages::run(args, |settings, go| with_config(settings, go)),
        Command::Keys { args } => keys::run(args, |settings, go| with_config(settings, go)),
        Command::Migrate { args } => {
            let (settings, to) = args.split();
            with_config(settings, |config| migrate::run(to, config))
        }
        Command::Doctor { settings } => with_config(settings, doctor::run),
        Command::Launcher => sandbox::launcher_main(),
        #[cfg(feature = "dagger")]
        Command::DaggerUsher { arguments } => executor::dagger::usher::main(arguments.into_iter()),
        Command::Platform(args) => platform::commands::run(args),
        Command::Openapi => openapi::run(),
        Command::Settings => settings::run(),
    }
}

/// Resolves the settings, starts logging and goes on.
fn with_config(settings: SettingArgs, command: impl FnOnce(Config) -> ExitCode) -> ExitCode {
    match settings.resolve() {
        Ok(config) => {
            logging::init(&config.log);
            command(config)
        }
        Err(error) => {
            eprintln!("code-runner: {error}");
            ExitCode::from(2)
        }
    }
}
