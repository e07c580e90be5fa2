//! Bytes as base64 in JSON, where a list of numbers would be four times as long.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serializer};

/// The bytes of a base64 text with the standard alphabet and padding (RFC 4648, section 4).
pub fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// These bytes as a base64 text of that kind.
pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// For serde: as a base64 text.
///
/// # Errors
/// That of the serializer.
pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}

/// For serde: from a base64 text.
///
/// # Errors
/// When it is no base64 text.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    STANDARD.decode(text).map_err(serde::de::Error::custom)
}
