//! `code-runner platform serve`: the platform, from its parts.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};

use super::{CodeRunnerArgs, DataArgs};
use crate::courier::Courier;
use crate::database::Database;
use crate::demo::Demo;
use crate::exercises::catalogue::Catalogue;
use crate::http;
use crate::secrets::Passwords;
use crate::tries::Tries;
use crate::web::{self, App};

/// The settings of the server.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Where browsers reach the platform.
    #[arg(long, env = "PLATFORM_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:5080")]
    listen: SocketAddr,
    /// The folder of the exercises; a change in it is seen without a restart.
    #[arg(long, env = "PLATFORM_EXERCISES", value_name = "FOLDER", default_value = "./exercises")]
    exercises: PathBuf,
    /// A proxy in front speaks https: cookies are for https alone, and X-Forwarded-For says whose a request is.
    #[arg(long, env = "PLATFORM_BEHIND_HTTPS")]
    behind_https: bool,
    /// Make a class with made-up people and show their passwords; on this host alone.
    #[arg(long, env = "PLATFORM_DEMO")]
    demo: bool,
    /// What is logged to standard error: error, warn, info, debug or trace.
    #[arg(long, env = "PLATFORM_LOG", value_name = "FILTER", default_value = "info")]
    log: String,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    code_runner: CodeRunnerArgs,
}

/// Serves until SIGTERM or SIGINT.
pub fn run(args: ServeArgs) -> ExitCode {
    if let Err(error) = super::start_logging(&args.log) {
        return super::failed(&error);
    }
    super::finish(true, serve(args))
}

async fn serve(args: ServeArgs) -> Result<ExitCode, String> {
    let ServeArgs { listen, exercises, behind_https, demo, log: _, data, code_runner } = args;
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| error.to_string())?;
    if !listen.ip().is_loopback() && !behind_https {
        tracing::warn!(
            "others can reach the platform without https: whoever is on the way can read passwords and cookies"
        );
    }
    if demo && !listen.ip().is_loopback() {
        return Err(
            "the demonstration shows its passwords, and so it listens on this host alone, such as 127.0.0.1:5080"
                .into(),
        );
    }
    let key = code_runner.key()?.ok_or("set PLATFORM_API_KEY or PLATFORM_API_KEY_FILE: an API key of Code Runner")?;
    let client = code_runner.client(&key)?;
    let _lock = Database::lock(&data.data_dir).map_err(|error| error.to_string())?;
    let database = Database::open(&data.data_dir).await.map_err(|error| error.to_string())?;
    let catalogue = Arc::new(Catalogue::open(exercises).map_err(|error| error.to_string())?);
    let listener = TcpListener::bind(listen).await;
    let listener =
        listener.map_err(|error| format!("PLATFORM_LISTEN is {listen}, where nothing can listen: {error}"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let demo = if demo {
        Some(Demo::prepare(&database, &data.data_dir, address, &code_runner.code_runner, &key).await?)
    } else {
        None
    };
    let shown = demo.as_ref().map(Demo::table);

    let wake = Arc::new(Notify::new());
    let courier = Arc::new(Courier::new(database.clone(), client, Arc::clone(&wake)));
    let (stop, stopped) = watch::channel(false);
    let router = web::router(Arc::new(App {
        database: database.clone(),
        catalogue: Arc::clone(&catalogue),
        passwords: Passwords::new()?,
        tries: Tries::default(),
        wake,
        reached: courier.reached(),
        behind_https,
        demo,
    }));
    let working = tokio::spawn(courier.run(stopped));
    let watching = tokio::spawn(catalogue.watch());
    if let Some(shown) = shown {
        println!("{shown}");
    }
    tracing::info!(%address, code_runner = code_runner.code_runner, "listening");
    let shutdown = async {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        tracing::info!("stopping: what is not graded goes on at the next start");
    };
    let served = http::serve(listener, router, shutdown).await;
    let _ = stop.send(true);
    watching.abort();
    if let Err(error) = working.await {
        tracing::error!(%error, "attempts were not graded any more");
    }
    database.close().await;
    served.map(|()| ExitCode::SUCCESS).map_err(|error| error.to_string())
}
