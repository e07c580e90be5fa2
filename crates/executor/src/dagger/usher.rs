//! A process that opens sessions for another one, which can not: the server gives up the sight of the host before it reads its
//! first request, and with it the command `dagger` and the sockets of engines.
//!
//! It is started before that, knows the command and the engines from its command line, and is asked for nothing but to open a
//! session with one of these, by number, and to close one. So whoever takes over the server can do no more with it.
//!
//! ```text
//! server                                         usher
//!    | -- {"open": {"session": 7, "engine": 0}} --> |  starts `dagger session`, waits for its first line
//!    | <- {"session": 7, "result": {"Ok": …}} ----- |  or {"Err": "…"}
//!    | -- {"close": {"session": 7}} --------------> |
//! ```
//!
//! Frames are JSON, one on a line, on a socket that is its standard input. Sessions are opened side by side, so that an engine that
//! does not answer holds up no other. When the socket ends, it ends all sessions and itself.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as StdStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{AbortHandle, Aborted, abortable};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::oneshot;

use super::session::{self, Handshake};

/// The longest frame, in bytes.
const MOST_FRAME: u64 = 16 * 1024;

/// What the usher is asked for. The server gives sessions their numbers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Ask {
    Open { session: u64, engine: usize },
    Close { session: u64 },
}

/// What it answers to `Open`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    session: u64,
    result: Result<Handshake, String>,
}

/// The server's side.
pub struct Usher {
    engines: Vec<String>,
    /// Until there is a runtime: the socket as it was made.
    made: Mutex<Option<StdStream>>,
    writer: tokio::sync::Mutex<Option<OwnedWriteHalf>>,
    waiting: Mutex<Waiting>,
}

/// Who waits for an answer, by the number of the session.
#[derive(Default)]
struct Waiting {
    last: u64,
    waiting: BTreeMap<u64, oneshot::Sender<Result<Handshake, String>>>,
    /// The usher has gone, and nobody will be answered.
    gone: bool,
}

impl Usher {
    /// Starts it: `program` with `argument`, behind which its own are put, and which then calls [`main`].
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
        let (writer, waiting) = (tokio::sync::Mutex::new(None), Mutex::default());
        Ok(Self { engines: engines.to_vec(), made: Mutex::new(Some(ours)), writer, waiting })
    }

    /// A session with this engine.
    pub(super) async fn open(self: &Arc<Self>, engine: &str) -> Result<(Handshake, Opened), String> {
        let unknown = || format!("{engine} was not named when the usher was started");
        let engine = self.engines.iter().position(|known| known == engine).ok_or_else(unknown)?;
        self.listen().await?;
        let (answer, answered) = oneshot::channel();
        let session = {
            let mut waiting = lock(&self.waiting);
            if waiting.gone {
                return Err(GONE.to_owned());
            }
            waiting.last += 1;
            let session = waiting.last;
            waiting.waiting.insert(session, answer);
            session
        };
        // From here on, whatever happens, it is closed.
        let opened = Opened { session, usher: Arc::clone(self) };
        self.send(&Ask::Open { session, engine }).await.map_err(|error| format!("{GONE}: {error}"))?;
        match answered.await {
            Ok(Ok(handshake)) => Ok((handshake, opened)),
            Ok(Err(cause)) => Err(cause),
            Err(_) => Err(GONE.to_owned()),
        }
    }

    /// Begins to, once there is a runtime.
    async fn listen(self: &Arc<Self>) -> Result<(), String> {
        let mut writer = self.writer.lock().await;
        let Some(made) = lock(&self.made).take() else { return Ok(()) };
        let stream = UnixStream::from_std(made).map_err(|error| format!("{GONE}: {error}"))?;
        let (reader, write_half) = stream.into_split();
        *writer = Some(write_half);
        let usher = Arc::clone(self);
        tokio::spawn(async move {
            let mut reader = BufReader::new(reader);
            while let Ok(Some(Answer { session, result })) = receive(&mut reader).await {
                if let Some(answer) = lock(&usher.waiting).waiting.remove(&session) {
                    // Whoever does not wait any more closes it.
                    let _ = answer.send(result);
                }
            }
            let mut waiting = lock(&usher.waiting);
            waiting.gone = true;
            waiting.waiting.clear();
        });
        Ok(())
    }

    async fn send(&self, ask: &Ask) -> std::io::Result<()> {
        let mut writer = self.writer.lock().await;
        let writer = writer.as_mut().ok_or(std::io::ErrorKind::NotConnected)?;
        send(writer, ask).await
    }
}

/// Why no session is opened any more.
const GONE: &str = "the usher of sessions is gone";

/// A session that the usher holds, or is asked for. When this is dropped it is closed.
pub(super) struct Opened {
    session: u64,
    usher: Arc<Usher>,
}

impl Drop for Opened {
    fn drop(&mut self) {
        lock(&self.usher.waiting).waiting.remove(&self.session);
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
    let mut open: BTreeMap<u64, session::Child> = BTreeMap::new();
    let mut opening = FuturesUnordered::new();
    // What stops those that are being opened.
    let mut stops: BTreeMap<u64, AbortHandle> = BTreeMap::new();
    loop {
        let asked = receive(&mut reader);
        // What was read of a frame must not be lost, so it is read to its end whatever else there is.
        tokio::pin!(asked);
        let ask = loop {
            tokio::select! {
                ask = &mut asked => break ask?,
                Some((session, started)) = opening.next() => {
                    stops.remove(&session);
                    let result = match started {
                        // Nobody wants it any more.
                        Err(Aborted) => continue,
                        Ok(Ok((handshake, child))) => {
                            open.insert(session, child);
                            Ok(handshake)
                        }
                        Ok(Err(cause)) => Err(cause),
                    };
                    send(&mut writer, &Answer { session, result }).await?;
                }
            }
        };
        match ask {
            None => break,
            Some(Ask::Close { session }) => {
                drop(open.remove(&session));
                if let Some(stop) = stops.get(&session) {
                    stop.abort();
                }
            }
            Some(Ask::Open { session, engine }) => {
                let host = engines.get(engine).cloned();
                let (started, stop) = abortable(async move {
                    match host {
                        Some(host) => session::start(cli, &host, patience).await,
                        None => Err(format!("there is no engine {engine}")),
                    }
                });
                stops.insert(session, stop);
                opening.push(async move { (session, started.await) });
            }
        }
    }
    drop(opening);
    // Each is asked to end, and has a moment for it.
    let ending = open.into_values().map(session::Child::end);
    futures_util::future::join_all(ending).await;
    Ok(())
}

/// A panic elsewhere does not make what is kept here wrong.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
