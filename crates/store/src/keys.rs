//! API keys as they are kept, and what their owners used.
//!
//! ```text
//!          add_key             rotate_key (the old secret until ...), change_key
//!  no key --------->  valid  ----------------------------------------+
//!                     |  ^-------------------------------------------+
//!                     |  revoke_key
//!                     +------------->  revoked: no secret, its name taken for good
//! ```
//!
//! A key is a name, what it may do, and one secret or, for a while after a rotation, two. Of a secret only a digest
//! comes here: making one, and comparing one with what a request sends, is for whoever reads requests. So is saying
//! that a key has expired or used too much; here are the numbers for it.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use model::Verdict;
use time::OffsetDateTime;

use crate::{KeyChange, StoreError};

/// Keys that can ever be made in one store, revoked ones included: all of them are held in memory and compared.
pub const MOST_KEYS: u32 = 10_000;
/// The longest name, in characters.
const MOST_NAME: usize = 64;

/// Something a key may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Submit.
    Run,
    /// Read results, languages and counters.
    Read,
    /// Make, list, change, rotate and revoke keys, and see how the server is.
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Run, Self::Read, Self::Admin];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Read => "read",
            Self::Admin => "admin",
        }
    }

    /// The scope of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes {
    /// [`Scope::Run`].
    pub run: bool,
    /// [`Scope::Read`].
    pub read: bool,
    /// [`Scope::Admin`].
    pub admin: bool,
}

impl Scopes {
    /// Everything.
    pub const ALL: Self = Self { run: true, read: true, admin: true };

    /// Is this one among them?
    pub const fn has(self, scope: Scope) -> bool {
        match scope {
            Scope::Run => self.run,
            Scope::Read => self.read,
            Scope::Admin => self.admin,
        }
    }

    /// Those there are, in the order of [`Scope::ALL`].
    pub fn list(self) -> Vec<Scope> {
        Scope::ALL.into_iter().filter(|scope| self.has(*scope)).collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let mut all = Self { run: false, read: false, admin: false };
        for scope in scopes {
            match scope {
                Scope::Run => all.run = true,
                Scope::Read => all.read = true,
                Scope::Admin => all.admin = true,
            }
        }
        all
    }
}

/// How much a key may use; none is without a limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeyLimits {
    /// Requests of any kind in a minute.
    pub requests_per_minute: Option<u32>,
    /// Seconds of CPU time on one UTC day.
    pub cpu_seconds_per_day: Option<u32>,
    /// Submissions that run at the same time. More wait; those of other owners are run meanwhile.
    pub running: Option<u32>,
    /// Days for which results are kept, if that is less than the server keeps any.
    pub result_days: Option<u32>,
}

/// The name of a key, which is the owner of what is submitted with it: 1 to 64 lower-case letters, digits, `.`, `_`
/// or `-` of ASCII, the first of which is a letter or digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyName(String);

impl KeyName {
    /// What a name may be; fits after "must be".
    pub const ALLOWED: &'static str = "1 to 64 of a-z, 0-9, `.`, `_` and `-`, the first of them a letter or a digit";

    /// The name, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let good = text.len() <= MOST_NAME
            && text.bytes().next().is_some_and(plain)
            && text.bytes().all(|byte| plain(byte) || b"._-".contains(&byte));
        good.then(|| Self(text.to_owned()))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is kept of a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretDigest {
    /// SHA-256 of all of the text that a client sends.
    pub digest: [u8; 32],
    /// Tells secrets apart in lists.
    pub public_part: String,
}

impl fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretDigest").field("public_part", &self.public_part).finish_non_exhaustive()
    }
}

/// A key that is to be made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Its name, which no key had before.
    pub name: KeyName,
    /// What it may do.
    pub scopes: Scopes,
    /// How much.
    pub limits: KeyLimits,
    /// Until when; for ever if none.
    pub expires_at: Option<OffsetDateTime>,
    /// What opens it.
    pub secret: SecretDigest,
}

/// What became of a [`NewKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is there.
    Done,
    /// There is or was a key of this name.
    NameTaken,
    /// There are [`MOST_KEYS`].
    Full,
}

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its name.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// How much.
    pub limits: KeyLimits,
    /// Since when it is there.
    pub made_at: OffsetDateTime,
    /// Until when it is valid; for ever if none.
    pub expires_at: Option<OffsetDateTime>,
    /// Since when it is not any more.
    pub revoked_at: Option<OffsetDateTime>,
    /// The current one first, then the one before it, also when its time is over. None if it was revoked.
    pub secrets: Vec<KeptSecret>,
}

/// A secret as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSecret {
    /// The secret.
    pub secret: SecretDigest,
    /// Since when it is there.
    pub made_at: OffsetDateTime,
    /// Until when it is valid; none for the current one.
    pub valid_until: Option<OffsetDateTime>,
}

/// What finished submissions used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Used {
    /// How many there were.
    pub submissions: u64,
    /// Their inputs.
    pub runs: u64,
    /// Of their runs, and of the compilers that were not spared by a cache.
    pub cpu_time: Duration,
    /// The submissions by verdict, in the order of [`Verdict::ALL`]; verdicts that never occurred are absent.
    pub by_verdict: Vec<(Verdict, u64)>,
}

/// What an owner used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnerUsage {
    /// On the current UTC day.
    pub today: Used,
    /// On all days.
    pub total: Used,
}

/// The keys beside the first, and what each used; shared by all that answers requests.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// Adds a key.
    async fn add_key(&self, key: &NewKey) -> Result<Added, StoreError>;

    /// Gives a key another secret. The one it had stays valid for `overlap`, and one before that is valid no longer.
    /// `false` if there is no such key or it was revoked; nothing was changed then.
    async fn rotate_key(&self, name: &str, secret: &SecretDigest, overlap: Duration) -> Result<bool, StoreError>;

    /// Changes what a key may do, how much and until when. `false` if there is no such key or it was revoked; nothing was
    /// changed then.
    async fn change_key(&self, name: &str, change: &KeyChange) -> Result<bool, StoreError>;

    /// Ends a key for good. `false` if there is no such key or it was revoked before.
    async fn revoke_key(&self, name: &str) -> Result<bool, StoreError>;

    /// All keys that were ever added, by name.
    async fn keys(&self) -> Result<Vec<KeyRecord>, StoreError>;

    /// A number that is another one after each change of a key, in whatever process it was made.
    async fn key_changes(&self) -> Result<i64, StoreError>;

    /// What the submissions of this owner used that have finished.
    async fn usage(&self, owner: &str) -> Result<OwnerUsage, StoreError>;

    /// [`Used::cpu_time`] of the current UTC day.
    async fn cpu_time_today(&self, owner: &str) -> Result<Duration, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::KeyName;

    #[test]
    fn names_are_short_and_plain() {
        let longest = "a".repeat(64);
        for good in ["a", "0", "school-a", "a.b_c-d", "2027", longest.as_str()] {
            assert_eq!(KeyName::parse(good).expect(good).as_str(), good);
        }
        let too_long = "a".repeat(65);
        for bad in ["", "-a", ".", "..", "_a", "A", "school a", "a/b", "a\0", "é", "a\n", "a%2e", too_long.as_str()] {
            assert!(KeyName::parse(bad).is_none(), "{bad:?}");
        }
    }
}
