//! What attempts that fail the same way have in common: a verdict, and the first line of the error or the tests that fail.
//! A pure function of a feedback; the pages of teachers group by it.

use crate::feedback::{Feedback, in_words};

/// The longest line that is compared, in characters.
const MOST: usize = 160;

/// In words; none if every test was passed.
pub fn of(feedback: &Feedback) -> Option<String> {
    // For the teacher alone.
    let seen = feedback.clone().for_teacher();
    let failed: Vec<_> = seen.tests().iter().filter(|test| !test.passed).collect();
    let first = failed.first()?;
    let verdict = in_words(&first.verdict);
    if first.verdict == "wrong_answer" {
        let names: Vec<String> = failed.iter().map(|test| format!("“{}”", test.name)).collect();
        return Some(shortened(&format!("{verdict}: {}", names.join(", "))));
    }
    let said = first.detail.as_ref().and_then(|detail| detail.error.as_deref());
    let said = seen.diagnostics().first().map(|first| first.message.as_str()).or(said).unwrap_or_default();
    let line = normalised(said.lines().next().unwrap_or_default());
    Some(shortened(&if line.is_empty() { verdict.to_owned() } else { format!("{verdict}: {line}") }))
}

/// Without what differs from one student to the other: numbers, and what stands in quotes.
fn normalised(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '\'' | '"' | '`' | '‘' if text.chars().last().is_none_or(|last| !last.is_alphanumeric()) => {
                let end = if letter == '‘' { '’' } else { letter };
                text.push_str("'…'");
                while rest.next().is_some_and(|letter| letter != end) {}
            }
            '0'..='9' => {
                while rest.next_if(char::is_ascii_digit).is_some() {}
                text.push('N');
            }
            letter if letter.is_whitespace() => {
                if !text.ends_with(' ') {
                    text.push(' ');
                }
            }
            letter => text.push(letter),
        }
    }
    text.trim().to_owned()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn numbers_and_what_is_quoted_make_no_difference() {
        for (one, other) in [
            (
                "ValueError: invalid literal for int() with base 10: 'x'",
                "ValueError: invalid literal for int() with base 10: 'yy'",
            ),
            ("IndexError at 12", "IndexError  at 7"),
            ("NameError: name 'a' is not defined", "NameError: name 'total' is not defined"),
        ] {
            assert_eq!(normalised(one), normalised(other));
        }
        assert_ne!(normalised("TypeError: a"), normalised("ValueError: a"));
        assert_eq!(normalised("can't"), "can't");
    }
}
