//! Strict JSON accepts what a client may send, exactly, and nothing that a lenient reader refuses.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use server::json::{Malformed, check};
use server::wire::RunRequest;

/// JSON that is easily almost right.
fn nearly_json() -> impl Strategy<Value = String> {
    let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"b\"", "\\u", "d800", "dc00", "0", "-", "1.5", "e-9", "null",
        "true", " ",
    ];
    vec(prop::sample::select(pieces.to_vec()), 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_text_arrives_as_it_was_sent(code: String, inputs in vec(any::<String>(), 0..5)) {
        let body = json!({"code": code, "inputs": inputs}).to_string();
        let request = RunRequest::from_json(body.as_bytes(), 5).expect("a right request");
        prop_assert_eq!(request.code, code);
        prop_assert_eq!(request.inputs, inputs);
    }

    #[test]
    fn what_is_accepted_is_json_for_every_reader(text in nearly_json()) {
        let lenient = serde_json::from_str::<Value>(&text);
        match check(text.as_bytes()) {
            Ok(_) => prop_assert!(lenient.is_ok(), "{text}"),
            Err(Malformed::Duplicate(_)) => prop_assert!(lenient.is_ok(), "{text}"),
            Err(Malformed::Syntax(_) | Malformed::LoneSurrogate) => prop_assert!(lenient.is_err(), "{text}"),
            Err(other) => prop_assert!(false, "{text}: {other}"),
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..64)) {
        let _ = RunRequest::from_json(&bytes, 5);
    }
}
