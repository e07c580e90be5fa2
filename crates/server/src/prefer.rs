//! The header `Prefer` (RFC 7240), of which one preference is known: `wait=N`. A preference is no demand: one that is
//! unknown or makes no sense is ignored, as the standard wants it.

use axum::http::{HeaderMap, HeaderName};

use crate::api::result::MOST_WAIT;

/// The request's header.
pub const PREFER: HeaderName = HeaderName::from_static("prefer");

/// The answer's header, which repeats what was respected.
pub const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// How many seconds the client would wait for a result, and no more than [`MOST_WAIT`]. Of several the first counts.
pub fn wait(headers: &HeaderMap) -> Option<u64> {
    let lines = headers.get_all(PREFER).iter().filter_map(|line| line.to_str().ok());
    let first = lines.flat_map(|line| line.split(',')).find_map(wait_of);
    first.flatten().map(|seconds| seconds.min(MOST_WAIT))
}

/// The value, if this preference is a `wait`; the inner `None` if it is no number.
fn wait_of(preference: &str) -> Option<Option<u64>> {
    let bare = preference.split(';').next().unwrap_or_default();
    let (name, value) = bare.split_once('=')?;
    let value = value.trim().trim_matches('"');
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    // One that is too long for a number is more than anybody waits.
    name.trim().eq_ignore_ascii_case("wait").then(|| is_number.then(|| value.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_found_among_other_preferences_and_what_makes_no_sense_is_ignored() {
        let cases: [(&[&str], Option<u64>); 13] = [
            (&[], None),
            (&["wait=5"], Some(5)),
            (&["respond-async, wait=5"], Some(5)),
            (&["respond-async", "return=minimal; foo=\"a\" , WAIT = \"7\"; bar"], Some(7)),
            (&["wait=5", "wait=9"], Some(5)),
            (&["wait=31"], Some(30)),
            (&["wait=99999999999999999999999"], Some(30)),
            (&["wait=0"], Some(0)),
            (&["wait"], None),
            (&["wait="], None),
            (&["wait=-1"], None),
            (&["wait=x, wait=5"], None),
            (&["await=5"], None),
        ];
        for (lines, expected) in cases {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(PREFER, line.parse().unwrap());
            }
            assert_eq!(wait(&headers), expected, "{lines:?}");
        }
    }
}
