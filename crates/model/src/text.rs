//! From bytes a program wrote to text that can be shown: the documented replacement rules.

/// The longest error line in characters; the rest is cut and marked with `…`.
pub const ERROR_LINE_CHARS: usize = 500;

/// Decodes what a program wrote. Bytes that are not UTF-8 become U+FFFD. Where the text was cut at
/// the cap, a character that was cut in half is dropped, not replaced: the program did write it.
pub fn decode(bytes: &[u8], truncated: bool) -> String {
    let whole = if truncated { without_cut_character(bytes) } else { bytes };
    String::from_utf8_lossy(whole).into_owned()
}

/// `bytes` without an incomplete UTF-8 sequence at their end.
fn without_cut_character(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Ok(_) => bytes,
        Err(error) if error.error_len().is_none() => &bytes[..error.valid_up_to()],
        // Something earlier is invalid: look at the last four bytes alone.
        Err(_) => {
            let tail = bytes.len().saturating_sub(4);
            let start = (tail..bytes.len()).rev().find(|&i| bytes[i] >= 0xC0);
            match start.map(|i| (i, std::str::from_utf8(&bytes[i..]))) {
                Some((i, Err(error))) if error.error_len().is_none() => &bytes[..i],
                _ => bytes,
            }
        }
    }
}

/// The last line that is not blank, made fit to show.
pub fn last_line(messages: &str) -> Option<String> {
    messages.lines().rev().find(|line| !line.trim().is_empty()).map(one_line)
}

/// One line with no control characters and at most [`ERROR_LINE_CHARS`] characters.
pub fn one_line(text: &str) -> String {
    let mut clean: String = text
        .trim()
        .chars()
        .map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c })
        .take(ERROR_LINE_CHARS)
        .collect();
    if text.trim().chars().nth(ERROR_LINE_CHARS).is_some() {
        clean.push('…');
    }
    clean
}
