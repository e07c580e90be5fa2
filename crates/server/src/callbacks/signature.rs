//! What a receiver of a callback checks: who it is from, and that it is fresh and whole.
//!
//! As in Standard Webhooks (standardwebhooks.com), for which there are libraries in many languages. Signed is
//! `id.timestamp.body` with HMAC-SHA256; while an owner changes from one secret to the next there are two signatures.

use hmac::{Hmac, KeyInit, Mac};
use model::{ExecId, base64_bytes};
use sha2::Sha256;
use store::{CallbackSecret, CallbackSecrets};

/// What every secret begins with.
const PREFIX: &str = "whsec_";

/// The value of `webhook-signature`.
pub fn signatures(secrets: &CallbackSecrets, id: ExecId, timestamp: i64, body: &[u8]) -> String {
    let CallbackSecrets { current, previous } = secrets;
    let all = std::iter::once(current).chain(previous.iter().map(|(secret, _)| secret));
    let all: Vec<String> = all.map(|secret| signature(secret, id, timestamp, body)).collect();
    all.join(" ")
}

fn signature(CallbackSecret(key): &CallbackSecret, id: ExecId, timestamp: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    format!("v1,{}", base64_bytes::encode(&mac.finalize().into_bytes()))
}

/// The secret as its owner gives it to a library.
pub fn secret_text(CallbackSecret(key): &CallbackSecret) -> String {
    format!("{PREFIX}{}", base64_bytes::encode(key))
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;

    const ID: ExecId = ExecId::from_bytes([7; 16]);

    /// The expected value is that of Python's `hmac` and `base64`.
    #[test]
    fn it_is_that_of_standard_webhooks() {
        let secrets = CallbackSecrets { current: CallbackSecret([1; 32]), previous: None };
        let signed = signatures(&secrets, ID, 1_700_000_000, b"{\"a\":1}");
        assert_eq!(signed, "v1,cHx22t7DsUA7ZPnkfLoO+krtGG+ONHFaJ58VCgaoQtE=");
        assert_eq!(secret_text(&secrets.current), "whsec_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=");
    }

    #[test]
    fn it_depends_on_all_that_is_signed_and_a_second_secret_adds_its_own() {
        let one = CallbackSecrets { current: CallbackSecret([1; 32]), previous: None };
        let two = CallbackSecrets {
            current: CallbackSecret([2; 32]),
            previous: Some((one.current.clone(), OffsetDateTime::UNIX_EPOCH)),
        };
        let signed = signatures(&one, ID, 1, b"body");
        for other in [
            signatures(&one, ExecId::from_bytes([8; 16]), 1, b"body"),
            signatures(&one, ID, 2, b"body"),
            signatures(&one, ID, 1, b"bodY"),
        ] {
            assert_ne!(other, signed);
        }
        let both = signatures(&two, ID, 1, b"body");
        let parts: Vec<&str> = both.split(' ').collect();
        assert_eq!((parts.len(), parts[1]), (2, signed.as_str()));
        assert_ne!(parts[0], parts[1]);
    }
}
