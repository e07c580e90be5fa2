//! Takes attempts to Code Runner and brings their results back, whatever is down in between.
//!
//! ```text
//!  waiting --POST /run, Idempotency-Key--> sent --GET /result--> graded
//!     ^  |  not reached, 429, 503: again later     |  spoilt, expired: as something new
//!     |  '--refused--> stuck                       |
//!     '---------------------------------------------   spoilt too often --> stuck
//! ```
//!
//! Everything it needs to know is in the database, so that it goes on where the process before it was killed. The same
//! attempt is sent with the same Idempotency-Key until Code Runner says that it has it: a request whose answer was lost
//! is not run twice.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::code_runner::wire::{Done, Sent};
use crate::code_runner::{Asked, CodeRunner, CodeRunnerError};
use crate::database::attempts::{Grade, Task};
use crate::database::{Database, now_ms};
use crate::failing;
use crate::feedback::{Feedback, NotGraded};

/// Attempts that are worked on at the same time.
const AT_ONCE: usize = 16;
/// The first pause after a failure, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How often the database is looked at when nothing is known to be due, for what another process has put there.
const LOOK: Duration = Duration::from_secs(10);
/// Results in a row that may be spoilt before somebody has to look.
const MOST_SPOILT: i64 = 5;
/// Pause before somebody who is gone is erased once more.
const ERASE_AGAIN: i64 = 60_000;

/// See the module.
pub struct Courier {
    database: Database,
    code_runner: CodeRunner,
    /// Something new is to be done.
    wake: Arc<Notify>,
    /// Did Code Runner answer the last time?
    reached: watch::Sender<bool>,
    /// What is worked on.
    busy: Mutex<HashSet<i64>>,
}

impl Courier {
    /// Of these parts. `wake` is for whoever accepts an attempt.
    pub fn new(database: Database, code_runner: CodeRunner, wake: Arc<Notify>) -> Self {
        let (reached, _) = watch::channel(true);
        Self { database, code_runner, wake, reached, busy: Mutex::default() }
    }

    /// Whether Code Runner answered the last time it was asked.
    pub fn reached(&self) -> watch::Receiver<bool> {
        self.reached.subscribe()
    }

    /// Works until `stop` is true. What it was at then goes on at the next start.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let mut tasks = JoinSet::new();
        loop {
            let pause = match self.database.due(64).await {
                Ok((due, next)) => {
                    for task in due {
                        if tasks.len() < AT_ONCE && self.is_taken(task.id) {
                            let this = Arc::clone(&self);
                            tasks.spawn(async move {
                                let id = task.id;
                                this.work(task).await;
                                this.busy().remove(&id);
                            });
                        }
                    }
                    let wait = next.map_or(LOOK, |next| millis(next - now_ms()).min(LOOK));
                    wait.max(Duration::from_millis(20))
                }
                Err(error) => {
                    tracing::error!(%error, "attempts can not be read");
                    LOOK
                }
            };
            self.erase_somebody().await;
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pause) => {}
                Some(_) = tasks.join_next() => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    fn busy(&self) -> std::sync::MutexGuard<'_, HashSet<i64>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_taken(&self, id: i64) -> bool {
        self.busy().insert(id)
    }

    async fn work(&self, task: Task) {
        if let Err(error) = self.step(&task).await {
            tracing::error!(%error, attempt = task.key, "what became of an attempt can not be written down");
        }
    }

    /// Sends it if it was not sent, waits for a result, and writes down what came of it.
    async fn step(&self, task: &Task) -> Result<(), sqlx::Error> {
        let exec_id = match &task.exec_id {
            Some(exec_id) => exec_id.clone(),
            None => {
                let once = format!("{}-{}", task.key, task.round);
                match self.code_runner.run(&once, task.request.clone()).await {
                    Ok(exec_id) => {
                        if !self.database.sent(task.id, &exec_id).await? {
                            return self.erase_what_came_late(task).await;
                        }
                        exec_id
                    }
                    Err(CodeRunnerError::Refused { detail, .. }) => {
                        tracing::error!(attempt = task.key, detail, "Code Runner does not take an attempt");
                        return self.database.stuck(task.id, &format!("Code Runner refuses it: {detail}")).await;
                    }
                    Err(error) => return self.later(task, &error).await,
                }
            }
        };
        loop {
            match self.code_runner.result(&exec_id).await {
                Ok(Asked::Pending) => self.reached.send_replace(true),
                Ok(Asked::Done(done)) => {
                    self.reached.send_replace(true);
                    return self.done(task, *done).await;
                }
                Err(CodeRunnerError::Unknown) => {
                    tracing::warn!(
                        attempt = task.key,
                        "Code Runner does not know an attempt any more; it is sent again"
                    );
                    return self.database.send_anew(task.id, "the result was lost", task.spoilt, now_ms()).await;
                }
                Err(error) => return self.later(task, &error).await,
            };
        }
    }

    /// The person was removed while the attempt was on its way, and it may have come there after everything else was erased.
    async fn erase_what_came_late(&self, task: &Task) -> Result<(), sqlx::Error> {
        let sent: Option<Sent> = serde_json::from_str(&task.request).ok();
        match sent.and_then(|sent| sent.student) {
            Some(tag) => self.database.erase(&tag).await,
            None => Ok(()),
        }
    }

    async fn later(&self, task: &Task, error: &CodeRunnerError) -> Result<(), sqlx::Error> {
        if self.reached.send_replace(false) {
            tracing::warn!(%error, "Code Runner does not take attempts for now; they are kept");
        }
        let pause = error.retry_after().unwrap_or_else(|| pause(task.failures));
        self.database.failed(task.id, &error.to_string(), at(pause)).await
    }

    async fn done(&self, task: &Task, done: Done) -> Result<(), sqlx::Error> {
        let sent: Sent = match serde_json::from_str(&task.request) {
            Ok(sent) => sent,
            Err(error) => {
                return self.database.stuck(task.id, &format!("what was sent can not be read: {error}")).await;
            }
        };
        let feedback = match Feedback::new(&sent, done) {
            Ok(feedback) => feedback,
            Err(spoilt) => return self.spoilt(task, &spoilt).await,
        };
        let failing = failing::of(&feedback);
        let verdict = feedback.verdict().to_owned();
        let (points, of) = (feedback.points(), feedback.of());
        // Every field of it can be written as JSON.
        let feedback = serde_json::to_string(&feedback).unwrap_or_default();
        let failing = failing.as_deref();
        tracing::info!(attempt = task.key, verdict, points = points.number(), "graded");
        self.database.grade(task.id, &Grade { feedback: &feedback, verdict: &verdict, points, of, failing }).await
    }

    /// It says nothing of the student's code.
    async fn spoilt(&self, task: &Task, why: &NotGraded) -> Result<(), sqlx::Error> {
        tracing::warn!(attempt = task.key, %why, "an attempt could not be graded");
        let spoilt = task.spoilt + 1;
        if spoilt >= MOST_SPOILT {
            return self.database.stuck(task.id, &format!("it could not be graded {spoilt} times: {why}")).await;
        }
        self.database.send_anew(task.id, &why.to_string(), spoilt, at(pause(spoilt))).await
    }

    async fn erase_somebody(&self) {
        let erase = async {
            let Some(tag) = self.database.next_erasure().await? else { return Ok(()) };
            let again = match self.code_runner.erase(&tag).await {
                Ok(true) => None,
                Ok(false) => Some(now_ms() + 1000),
                Err(error) => {
                    tracing::warn!(%error, "somebody who was removed can not be erased at Code Runner for now");
                    Some(now_ms() + ERASE_AGAIN)
                }
            };
            self.database.erasure_tried(&tag, again).await
        };
        if let Err(error) = erase.await {
            let error: sqlx::Error = error;
            tracing::error!(%error, "who is to be erased can not be read");
        }
    }
}

/// Twice as long after each failure.
fn pause(failures: i64) -> Duration {
    let doublings = u32::try_from(failures.clamp(0, 10)).unwrap_or(0);
    (FIRST_PAUSE * 2_u32.pow(doublings)).min(LONGEST_PAUSE)
}

fn at(pause: Duration) -> i64 {
    now_ms().saturating_add(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX))
}

fn millis(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}
