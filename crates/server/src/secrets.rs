//! Secrets that open keys: made of 256 random bits, shown once, and kept as digests.
//!
//! So much randomness is not guessed, which is why one round of SHA-256 is enough and no slow hash of passwords is
//! needed. The prefix lets people, and tools that look for leaked secrets, see what such a text is.

use std::io;

use sha2::{Digest, Sha256};
use store::SecretDigest;

use crate::config::Secret;

/// What every secret that was made here begins with.
pub const PREFIX: &str = "cr_";
/// Random bytes of the public part; random by themselves, so that they tell nothing of the rest.
const PUBLIC_BYTES: usize = 4;
const SECRET_BYTES: usize = 32;

/// A fresh secret, `cr_<8 digits>_<64 digits>` in hexadecimal digits, and what is kept of it. The public part is what
/// stands before the second `_`.
///
/// # Errors
/// The system gives no random bytes.
pub fn make() -> io::Result<(Secret, SecretDigest)> {
    let public_part = format!("{PREFIX}{}", random_digits::<PUBLIC_BYTES>()?);
    let secret = Secret::new(format!("{public_part}_{}", random_digits::<SECRET_BYTES>()?));
    let digest = digest(secret.expose().as_bytes());
    Ok((secret, SecretDigest { digest, public_part }))
}

/// The digest of what a client sends as its key.
pub fn digest(key: &[u8]) -> [u8; 32] {
    Sha256::digest(key).into()
}

/// So many random bytes as hexadecimal digits.
///
/// # Errors
/// The system gives none.
pub fn random_digits<const BYTES: usize>() -> io::Result<String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_recognised_and_its_public_part_is_no_part_of_the_random_rest() {
        let (secret, kept) = make().unwrap();
        let parts: Vec<&str> = secret.expose().split('_').collect();
        let [prefix, public, rest] = parts[..] else { panic!("three parts") };
        assert_eq!((prefix, public.len(), rest.len()), ("cr", 8, 64));
        assert!(rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_eq!(kept.public_part, format!("cr_{public}"));
        assert_eq!(kept.digest, digest(secret.expose().as_bytes()));
        assert!(!rest.contains(public));
        assert_ne!(make().unwrap().0, secret);
    }
}
