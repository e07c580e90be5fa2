//! Takes callbacks out of the store as they become due, has them sent, and says what came of it.
//!
//! At most [`MOST_AT_ONCE`] are on their way, and [`MOST_OF_ONE`] of an owner, so that one whose receiver answers slowly does
//! not hold up the others. What fails is tried again after a wait that grows fivefold, less a random part, so that a receiver
//! which was down is not met by all at the same moment; after so many tries it is dead, until its owner asks for it again.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use store::{CallbackStore, DueCallback, StoreError, Tried};
use time::OffsetDateTime;
use tokio::sync::Notify;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::sleep;

use super::post::{Message, Post};
use super::{SecretError, secrets, signature};
use crate::metrics::observed::Observed;
use crate::scheduler::Stop;
use crate::wire::CallbackBody;

/// Callbacks on their way.
const MOST_AT_ONCE: usize = 16;
/// Of one owner.
const MOST_OF_ONE: usize = 4;
/// How much longer each wait is than the one before.
const GROWTH: u32 = 5;
/// The longest wait.
const MOST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// How long things take and how often they are tried.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// How often a callback is tried.
    pub tries: u32,
    /// The wait after the first failure; see [`GROWTH`].
    pub first_wait: Duration,
    /// How often is looked for what nobody announced.
    pub poll: Duration,
    /// The least time between two looks when nothing was due.
    pub pause: Duration,
}

impl Rules {
    /// Those of a server, with so many tries.
    pub fn new(tries: u32) -> Self {
        Self {
            tries,
            first_wait: Duration::from_secs(5),
            poll: Duration::from_secs(1),
            pause: Duration::from_millis(50),
        }
    }

    /// The wait before the next try when so many were made; none if those were all. `chance` is from 0 to 1.
    pub fn wait(&self, tries: u32, chance: f64) -> Option<Duration> {
        if tries >= self.tries {
            return None;
        }
        let longest = self.first_wait.saturating_mul(GROWTH.saturating_pow(tries.saturating_sub(1))).min(MOST_WAIT);
        Some(longest.mul_f64(1.0 - chance / 2.0))
    }
}

/// Sends what is due.
pub struct Courier {
    /// Where callbacks are kept.
    pub store: Arc<dyn CallbackStore>,
    /// Notified when there may be one.
    pub wake: Arc<Notify>,
    /// Sends one.
    pub post: Post,
    /// What is counted of it.
    pub observed: Arc<Observed>,
    /// How often, and when.
    pub rules: Rules,
}

impl Courier {
    /// Sends until `stop` is asked for; what is on its way then has until the deadline, and is sent again by the next start
    /// if that is too short.
    pub async fn run(self: Arc<Self>, stop: Stop) {
        let mut on_their_way = JoinSet::new();
        // Whose they are.
        let mut owners: HashMap<Id, String> = HashMap::new();
        let mut store_works = true;
        while !stop.asked() {
            // Listening before looking: what comes in between is not missed.
            let mut woken = std::pin::pin!(self.wake.notified());
            woken.as_mut().enable();
            let claimed = if on_their_way.len() < MOST_AT_ONCE { self.claim(&owners).await } else { Ok(None) };
            match claimed {
                Ok(Some(due)) => {
                    store_works = true;
                    let owner = due.owner.clone();
                    owners.insert(on_their_way.spawn(self.clone().deliver(due)).id(), owner);
                    continue;
                }
                Ok(None) => store_works = true,
                Err(error) => {
                    if std::mem::take(&mut store_works) {
                        tracing::error!(error = %error, "no callback can be sent until the store works again");
                    }
                }
            }
            tokio::select! {
                Some(ended) = on_their_way.join_next_with_id() => drop(owners.remove(&is_back(ended))),
                () = woken => sleep(self.rules.pause).await,
                () = sleep(self.rules.poll) => {}
                () = stop.clone().wait() => {}
            }
        }
        tokio::select! {
            () = async { while on_their_way.join_next().await.is_some() {} } => {}
            () = stop.deadline() => {}
        }
    }

    async fn claim(&self, owners: &HashMap<Id, String>) -> Result<Option<DueCallback>, StoreError> {
        let has_enough = |owner: &&String| owners.values().filter(|other| other == owner).count() >= MOST_OF_ONE;
        let busy: BTreeSet<&String> = owners.values().filter(has_enough).collect();
        // Longer than a try can take, which then says what came of it.
        let lease = self.post.patience * 2 + Duration::from_secs(30);
        self.store.claim_callback(&busy.into_iter().cloned().collect::<Vec<_>>(), lease).await
    }

    /// One try.
    async fn deliver(self: Arc<Self>, due: DueCallback) {
        let DueCallback { attempt, owner, url, tries, report } = due;
        let id = attempt.id;
        let sent = match self.message(&owner, CallbackBody::new(id, report)).await {
            Ok(message) => self.post.send(&url, message).await.map_err(|error| error.to_string()),
            Err(error) => {
                tracing::error!(exec_id = %id, error = %error, "a callback can not be signed");
                Err("Code Runner could not sign it".to_owned())
            }
        };
        let tried = match sent {
            Ok(()) => Tried::Delivered,
            Err(reason) => Tried::Failed { reason, again: self.rules.wait(tries, chance()) },
        };
        // The address may hold what only its owner may know, and is not logged.
        let outcome = match &tried {
            Tried::Delivered => "delivered",
            Tried::Failed { again: Some(_), .. } => "failed",
            Tried::Failed { reason, again: None } => {
                tracing::warn!(exec_id = %id, key = owner, tries, reason, "a callback is dead");
                "dead"
            }
        };
        self.observed.callback(outcome);
        if let Err(error) = self.store.callback_tried(attempt, tried).await {
            tracing::error!(exec_id = %id, error = %error, "what came of a callback can not be recorded; it is sent again");
        }
    }

    async fn message(&self, owner: &str, body: CallbackBody) -> Result<Message, SecretError> {
        let secrets = secrets(&*self.store, owner).await?;
        let (id, timestamp) = (body.exec_id, OffsetDateTime::now_utc().unix_timestamp());
        // Our own types have no map with keys that are no text, which is all that could fail.
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let signature = signature::signatures(&secrets, id, timestamp, &body);
        Ok(Message { id: id.to_string(), timestamp, signature, body })
    }
}

/// Which one it was.
fn is_back(ended: Result<(Id, ()), JoinError>) -> Id {
    match ended {
        Ok((id, ())) => id,
        Err(error) => {
            tracing::error!(error = %error, "a callback was not sent because of a defect");
            error.id()
        }
    }
}

/// A number from 0 to 1.
fn chance() -> f64 {
    let mut bytes = [0; 4];
    // Without randomness the wait is the longest, which does no harm.
    if getrandom::fill(&mut bytes).is_err() {
        bytes = [0; 4];
    }
    f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_day_and_end() {
        let rules = Rules::new(8);
        let waits: Vec<_> = (1..=8).map(|tries| rules.wait(tries, 0.0).map(|wait| wait.as_secs())).collect();
        let expected = [5, 25, 125, 625, 3125, 15_625, 78_125].map(Some);
        assert_eq!(waits, [&expected[..], &[None]].concat());
        assert_eq!(Rules::new(100).wait(99, 0.0), Some(MOST_WAIT));
        assert_eq!(rules.wait(1, 1.0), Some(Duration::from_millis(2500)), "chance takes away half of it at the most");
        for _ in 0..100 {
            assert!((0.0..=1.0).contains(&chance()));
        }
    }
}
