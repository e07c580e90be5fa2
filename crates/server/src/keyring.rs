//! Whose key a request carries.
//!
//! Two kinds of keys are known: the first, which the settings give, and those of the store. Of all only digests are
//! held, and every one is compared with what was sent, in constant time, so that the time does not tell which was
//! close. Who may do what with a key is for `access` to say.
//!
//! The store's keys are kept here for [`MOST_AGE`] and then asked for again, by the next request that comes: first the
//! number of their last change, and the keys only if it is another one. So what the command line changes, in another
//! process, is known soon, and a request costs no look into the store.

use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use store::{KeyLimits, KeyRecord, KeyStore, Scopes, StoreError};
use subtle::ConstantTimeEq;
use time::OffsetDateTime;
use tokio::time::Instant;

use crate::config::Secret;
use crate::keys::{FIRST_OWNER, HEADER};
use crate::rate::Buckets;
use crate::secrets::digest;
use crate::turns::Turns;

/// How long keys are taken to be what they were.
pub const MOST_AGE: Duration = Duration::from_millis(500);

/// Whose key it is, and what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The name of the key: the owner of what is submitted with it.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// How much.
    pub limits: KeyLimits,
}

/// All keys a server knows.
pub struct Keyring {
    first: Known,
    store: Arc<dyn KeyStore>,
    stored: Turns<Stored>,
    /// What is left to the keys of this minute.
    pub buckets: Buckets,
}

struct Known {
    digest: [u8; 32],
    /// None if for ever.
    until: Option<OffsetDateTime>,
    caller: Arc<Caller>,
}

/// What the store said last.
#[derive(Default)]
struct Stored {
    /// When it was asked; never, or not since a change of ours, if none.
    asked_at: Option<Instant>,
    /// The number of the last change.
    changes: Option<i64>,
    known: Arc<[Known]>,
}

impl Keyring {
    /// The key of the settings, which may do everything, and the keys of the store.
    pub fn new(first: &Secret, store: Arc<dyn KeyStore>) -> Self {
        let caller = Caller { name: FIRST_OWNER.to_owned(), scopes: Scopes::ALL, limits: KeyLimits::default() };
        let first = Known { digest: digest(first.expose().as_bytes()), until: None, caller: Arc::new(caller) };
        Self { first, store, stored: Turns::default(), buckets: Buckets::default() }
    }

    /// Where the keys are kept. Whoever changes them there says so with [`Keyring::changed`].
    pub fn store(&self) -> &dyn KeyStore {
        &*self.store
    }

    /// The next request sees the keys as they are then.
    pub async fn changed(&self) {
        // Who failed meanwhile has left it to be asked for anew.
        if let Ok(mut stored) = self.stored.next().await {
            stored.asked_at = None;
        }
    }

    /// Whose key these headers carry; nobody's if it is missing, given twice, unknown, expired or revoked.
    ///
    /// # Errors
    /// The store's, when it had to be asked; not for the first key, which is not in it.
    pub async fn caller(&self, headers: &HeaderMap) -> Result<Option<Arc<Caller>>, StoreError> {
        let mut given = headers.get_all(HEADER).iter();
        let (Some(only), None) = (given.next(), given.next()) else { return Ok(None) };
        let given = digest(only.as_bytes());
        if bool::from(self.first.digest.ct_eq(&given)) {
            return Ok(Some(self.first.caller.clone()));
        }
        let stored = self.stored().await?;
        let found = stored.iter().fold(
            None,
            |found, known| {
                if bool::from(known.digest.ct_eq(&given)) { Some(known) } else { found }
            },
        );
        let now = OffsetDateTime::now_utc();
        Ok(found.filter(|known| known.until.is_none_or(|until| now < until)).map(|known| known.caller.clone()))
    }

    /// Is any key of the store valid, so that there are others than that of the settings?
    ///
    /// # Errors
    /// The store's, when it had to be asked.
    pub async fn are_several(&self) -> Result<bool, StoreError> {
        let now = OffsetDateTime::now_utc();
        Ok(self.stored().await?.iter().any(|known| known.until.is_none_or(|until| now < until)))
    }

    /// The keys of the store, as they were no longer than [`MOST_AGE`] ago.
    async fn stored(&self) -> Result<Arc<[Known]>, StoreError> {
        let mut stored = self.stored.next().await?;
        let now = Instant::now();
        if stored.asked_at.is_none_or(|asked_at| now - asked_at > MOST_AGE) {
            // The number first: of a change in between, the keys are read now and the number next time.
            let changes = stored.heard(self.store.key_changes().await)?;
            if stored.changes != Some(changes) {
                stored.known = stored.heard(self.store.keys().await)?.into_iter().flat_map(known).collect();
                stored.changes = Some(changes);
            }
            stored.asked_at = Some(now);
        }
        Ok(stored.known.clone())
    }
}

/// What opens a key: each of its secrets, as long as that and the key itself are valid.
fn known(key: KeyRecord) -> Vec<Known> {
    let KeyRecord { name, scopes, limits, expires_at, secrets, made_at: _, revoked_at } = key;
    let caller = Arc::new(Caller { name, scopes, limits });
    let valid = secrets.into_iter().filter(|_| revoked_at.is_none());
    valid
        .map(|kept| Known {
            digest: kept.secret.digest,
            until: [kept.valid_until, expires_at].into_iter().flatten().min(),
            caller: caller.clone(),
        })
        .collect()
}
