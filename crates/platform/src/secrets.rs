//! Random texts, digests, and passwords.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

/// Letters and digits that nobody takes for one another.
const CLEAR: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";
/// Passwords that are checked at the same time; each takes 19 MiB and a core.
const AT_ONCE: usize = 2;
/// The shortest and the longest password, in characters.
pub const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 10..=128;

/// 256 random bits in hexadecimal digits.
///
/// # Panics
/// The system gives no random bytes: nothing could be kept secret.
pub fn token() -> String {
    hex(&random::<32>())
}

/// A tag under which Code Runner knows a person.
pub fn tag() -> String {
    format!("s-{}", hex(&random::<12>()))
}

/// A password of 60 random bits that can be read aloud, such as `k7mp-x3qd-9wtn`.
pub fn one_time_password() -> String {
    let letters: Vec<char> = random::<12>().iter().map(|byte| char::from(CLEAR[usize::from(byte % 32)])).collect();
    letters.chunks(4).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// SHA-256 of a token. So much randomness is not guessed, and needs no slow hash.
pub fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// What a form has to repeat of whoever has this token in a cookie. Nobody finds the token by it.
pub fn form_token(token: &str) -> String {
    hex(&Sha256::digest(format!("form of {token}")))
}

fn random<const BYTES: usize>() -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    #[expect(clippy::expect_used, reason = "without randomness nothing may go on")]
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest of a password, for the database.
///
/// # Errors
/// A sentence: argon2 could not be computed.
pub fn hash_password(password: &str) -> Result<String, String> {
    let hashed = Argon2::default().hash_password(password.as_bytes());
    hashed.map(|hash| hash.to_string()).map_err(|error| format!("a password could not be hashed: {error}"))
}

/// Checks and makes digests of passwords, a few at a time and beside the threads that serve.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// Of no account: that there is no account takes as long to find out.
    nobodys: Arc<str>,
}

impl Passwords {
    /// # Errors
    /// As [`hash_password`].
    pub fn new() -> Result<Self, String> {
        Ok(Self { turns: Arc::new(Semaphore::new(AT_ONCE)), nobodys: hash_password(&token())?.into() })
    }

    /// Is it the password with this digest? Never, if there is none.
    pub async fn check(&self, password: String, digest: Option<String>) -> bool {
        let exists = digest.is_some();
        let digest = digest.unwrap_or_else(|| self.nobodys.to_string());
        let verify = move || Argon2::default().verify_password(password.as_bytes(), digest.as_str()).is_ok();
        self.work(verify).await.unwrap_or(false) && exists
    }

    /// As [`hash_password`].
    ///
    /// # Errors
    /// As there.
    pub async fn hash(&self, password: String) -> Result<String, String> {
        self.work(move || hash_password(&password))
            .await
            .unwrap_or_else(|| Err("a password could not be hashed".to_owned()))
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let _turn = self.turns.acquire().await.ok()?;
        tokio::task::spawn_blocking(work).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_its_own_digest_alone_and_nobodys_opens_nothing() {
        let passwords = Passwords::new().unwrap();
        let digest = hash_password("correct horse").unwrap();
        assert!(digest.starts_with("$argon2id$"), "{digest}");
        assert!(passwords.check("correct horse".into(), Some(digest.clone())).await);
        assert!(!passwords.check("correct house".into(), Some(digest)).await);
        assert!(!passwords.check("correct horse".into(), None).await);
    }

    #[test]
    fn one_time_passwords_are_long_enough_and_differ() {
        let one = one_time_password();
        assert!(PASSWORD_CHARS.contains(&one.len()), "{one}");
        assert_ne!(one, one_time_password());
    }
}
