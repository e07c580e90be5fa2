//! A process that opens sessions for another one, which can not: the server gives up the sight of the host before it reads its
//! first request, and with it the command `dagger` and the sockets of engines.
//!
//! It is started before that, knows the command and the engines from its command line, and is asked for nothing but to open a
//! session with one of these, by number, and to close one. So whoever takes over the server can do no more with it.
//!
//! ```text
//! server                               usher
//!    | -- {"open": {"engine": 0}} ------> |  starts `dagger session`, waits for its first line
//!    | <- {"opened": {"session": 7, …}} - |  or {"failed": "…"}
//!    | -- {"close": {"session": 7}} ----> |
//! ```
//!
//! Frames are JSON, one on a line, on a socket that is its standard input. Requests to open are answered one after the other:
//! whoever asks waits for its answer before it asks again. When the socket ends, it ends all sessions and itself.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as StdStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Mutex;

use super::session::{self, Handshake};

/// The longest frame, in bytes.
const MOST_FRAME: u64 = 16 * 1024;

/// What the usher is asked for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Ask {
    Open { engine: usize },
    Close { session: u64 },
}

/// What it answers to `Open`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Answer {
    Opened { session: u64, handshake: Handshake },
    Failed(String),
}

/// The server's side.
pub struct Usher {
    engines: Vec<String>,
    /// Until there is a runtime: the socket as it was made.
    made: std::sync::Mutex<Option<StdStream>>,
    channel: Mutex<Option<Channel>>,
    writer: Arc<Mutex<Option<OwnedWriteHalf>>>,
}

struct Channel {
    reader: BufReader<OwnedReadHalf>,
}

impl Usher {
    /// Starts it: `program` with `arguments` behind which its own are put, and which then calls [`main`].
    ///
    /// # Errors
    /// When it can not be started.
    pub fn start(
        program: &Path,
        argument: &str,
        cli: &Path,
        patience: Duration,
        engines: &[String],
    ) -> std::io::Result<Self> {
        let (ours, its) = StdStream::pair()?;
        ours.set_nonblocking(true)?;
        Command::new(program)
            .arg(argument)
            .arg(cli)
            .arg(patience.as_millis().to_string())
            .args(engines)
            .current_dir("/")
            // What is typed to end the server is not for it: it ends when the server has.
            .process_group(0)
            .stdin(Stdio::from(OwnedFd::from(its)))
            .stdout(Stdio::null())
            .spawn()?;
        Ok(Self {
            engines: engines.to_vec(),
            made: std::sync::Mutex::new(Some(ours)),
            channel: Mutex::new(None),
            writer: Arc::default(),
        })
    }

    /// A session with this engine.
    pub(super) async fn open(self: &Arc<Self>, engine: &str) -> Result<(Handshake, Opened), String> {
        let unknown = || format!("{engine} was not named when the usher was started");
        let engine = self.engines.iter().position(|known| known == engine).ok_or_else(unknown)?;
        let mut channel = self.channel.lock().await;
        let gone = |error: &dyn std::fmt::Display| format!("the usher of sessions is gone: {error}");
        if channel.is_none() {
            let made = self.made.lock().ok().and_then(|mut made| made.take());
            let stream = made.ok_or_else(|| gone(&"it has ended"))?;
            let (reader, writer) = UnixStream::from_std(stream).map_err(|error| gone(&error))?.into_split();
            *self.writer.lock().await = Some(writer);
            *channel = Some(Channel { reader: BufReader::new(reader) });
        }
        self.send(&Ask::Open { engine }).await.map_err(|error| gone(&error))?;
        let Some(Channel { reader }) = channel.as_mut() else { return Err(gone(&"it has ended")) };
        match receive(reader).await.map_err(|error| gone(&error))? {
            Some(Answer::Opened { session, handshake }) => Ok((handshake, Opened { session, usher: Arc::clone(self) })),
            Some(Answer::Failed(cause)) => Err(cause),
            None => Err(gone(&"it has ended")),
        }
    }

    async fn send(&self, ask: &Ask) -> std::io::Result<()> {
        let mut writer = self.writer.lock().await;
        let writer = writer.as_mut().ok_or(std::io::ErrorKind::NotConnected)?;
        send(writer, ask).await
    }
}

/// A session that the usher holds. When this is dropped it is closed.
pub(super) struct Opened {
    session: u64,
    usher: Arc<Usher>,
}

impl Drop for Opened {
    fn drop(&mut self) {
        // Without a runtime everything ends, the socket too.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (usher, session) = (Arc::clone(&self.usher), self.session);
        runtime.spawn(async move { usher.send(&Ask::Close { session }).await });
    }
}

async fn send<T: Serialize>(writer: &mut OwnedWriteHalf, frame: &T) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(frame)?;
    line.push(b'\n');
    writer.write_all(&line).await
}

/// The next frame; `None` when the other side has gone.
async fn receive<T: for<'a> Deserialize<'a>>(reader: &mut BufReader<OwnedReadHalf>) -> std::io::Result<Option<T>> {
    let mut line = Vec::new();
    reader.take(MOST_FRAME).read_until(b'\n', &mut line).await?;
    if line.is_empty() { Ok(None) } else { Ok(Some(serde_json::from_slice(&line)?)) }
}

/// The usher's side: the process, whose own arguments these are. Standard input is the socket.
pub fn main(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let mut arguments = arguments;
    let cli = arguments.next().map(PathBuf::from);
    let patience = arguments.next().and_then(|text| text.to_str()?.parse().ok()).map(Duration::from_millis);
    let engines: Option<Vec<String>> = arguments.map(|host| host.into_string().ok()).collect();
    let (Some(cli), Some(patience), Some(engines)) = (cli, patience, engines) else { return ExitCode::from(2) };
    let Ok(socket) = rustix::io::fcntl_dupfd_cloexec(std::io::stdin(), 3) else { return ExitCode::from(2) };
    let serve = async {
        let socket = StdStream::from(socket);
        socket.set_nonblocking(true)?;
        serve(UnixStream::from_std(socket)?, &cli, patience, &engines).await
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.and_then(|runtime| runtime.block_on(serve)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("code-runner: the usher of Dagger sessions failed: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(socket: UnixStream, cli: &Path, patience: Duration, engines: &[String]) -> std::io::Result<()> {
    let (reader, mut writer) = socket.into_split();
    let mut reader = BufReader::new(reader);
    let mut open = BTreeMap::new();
    let mut serial = 0_u64;
    while let Some(ask) = receive(&mut reader).await? {
        match ask {
            Ask::Close { session } => drop(open.remove(&session)),
            Ask::Open { engine } => {
                let answer = match engines.get(engine) {
                    None => Answer::Failed(format!("there is no engine {engine}")),
                    Some(host) => match session::start(cli, host, patience).await {
                        Ok((handshake, child)) => {
                            serial += 1;
                            open.insert(serial, child);
                            Answer::Opened { session: serial, handshake }
                        }
                        Err(cause) => Answer::Failed(cause),
                    },
                };
                send(&mut writer, &answer).await?;
            }
        }
    }
    // Each is asked to end, and has a moment for it.
    let ending = open.into_values().map(session::Child::end);
    futures_util::future::join_all(ending).await;
    Ok(())
}
