//! From bytes to text that can be shown.

use model::text::{ERROR_LINE_CHARS, decode, last_line, one_line};
use proptest::prelude::*;

#[test]
fn bytes_that_are_not_text_are_replaced() {
    assert_eq!(decode(b"a\xffb", false), "a\u{fffd}b");
    assert_eq!(decode(b"nul\0", false), "nul\0");
}

#[test]
fn a_character_cut_in_half_is_dropped_only_where_the_text_was_cut() {
    let euro = "a€".as_bytes();
    assert_eq!(decode(&euro[..3], true), "a");
    assert_eq!(decode(&euro[..3], false), "a\u{fffd}");
    assert_eq!(decode(&[b"\xff".as_slice(), &euro[..3]].concat(), true), "\u{fffd}a");
    assert_eq!(decode(b"ab\xff", true), "ab\u{fffd}");
}

proptest! {
    #[test]
    fn text_cut_anywhere_is_a_beginning_of_itself(text in ".{0,40}", cut in 0_usize..160) {
        let bytes = &text.as_bytes()[..cut.min(text.len())];
        prop_assert!(text.starts_with(&decode(bytes, true)));
    }
}

#[test]
fn an_error_line_is_one_line_without_control_characters_and_not_too_long() {
    assert_eq!(last_line("Traceback\n  x\nValueError: a\u{1b}[31m\n\n"), Some("ValueError: a [31m".to_owned()));
    assert_eq!(last_line(" \n\n"), None);
    assert_eq!(one_line("a\u{2028}b"), "a b");
    let long = one_line(&"é".repeat(ERROR_LINE_CHARS + 1));
    assert_eq!(long.chars().count(), ERROR_LINE_CHARS + 1);
    assert!(long.ends_with('…'));
}
