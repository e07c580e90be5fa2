//! A result against the expectations of a header: a pure function with a sentence for each difference.

use crate::client::RunResult;
use crate::header::Expected;

/// The most characters of a result that a sentence shows.
const SHOWN: usize = 600;

/// What is different, input by input; nothing if all is as expected.
pub fn differences(expected: &[Expected], results: &[RunResult]) -> Vec<String> {
    if expected.len() != results.len() {
        return vec![format!("{} inputs, but {} results", expected.len(), results.len())];
    }
    let of_each = expected.iter().zip(results).enumerate().flat_map(|(index, (expected, result))| {
        let place = if results.len() > 1 { format!("input {}: ", index + 1) } else { String::new() };
        of_one(expected, result).into_iter().map(move |difference| format!("{place}{difference}"))
    });
    of_each.collect()
}

fn of_one(expected: &Expected, result: &RunResult) -> Vec<String> {
    let Expected { verdicts, errors, output, length, peak_kib, wall_ms } = expected;
    let error = result.error.as_deref().unwrap_or_default();
    let mut found = Vec::new();
    if !verdicts.contains(&result.verdict) {
        found.push(format!("verdict {} is expected, seen {}", verdicts.join("|"), shown(result)));
    }
    if !errors.is_empty() && !errors.iter().any(|part| error.contains(part.as_str())) {
        found.push(format!("error with {:?} is expected, seen {:?}", errors.join("|"), short(error)));
    }
    if let Some(output) = output.as_ref().filter(|output| result.output.trim() != output.as_str()) {
        found.push(format!("output {:?} is expected, seen {:?}", short(output), short(result.output.trim())));
    }
    if let Some(length) = length.filter(|length| result.output.len() as u64 != *length) {
        found.push(format!("{length} bytes of output are expected, seen {}", result.output.len()));
    }
    if let Some(peak_kib) = peak_kib.filter(|peak| result.memory_kib > *peak) {
        found.push(format!("at most {peak_kib} KiB are expected, seen {}", result.memory_kib));
    }
    if let Some(wall_ms) = wall_ms.filter(|wall| result.wall_time_ms > *wall as f64) {
        found.push(format!("at most {wall_ms} ms are expected, seen {:.0}", result.wall_time_ms));
    }
    found
}

fn shown(result: &RunResult) -> String {
    let RunResult { verdict, output, stderr, error, exit_code, signal, cpu_time_ms, wall_time_ms, memory_kib, .. } =
        result;
    let error = error.as_deref().unwrap_or_default();
    let stderr = stderr.as_deref().unwrap_or_default();
    format!(
        "{verdict} (output {:?}, error {:?}, stderr {:?}, exit code {exit_code:?}, signal {signal:?}, \
            {cpu_time_ms:.0} ms CPU, {wall_time_ms:.0} ms, {memory_kib} KiB)",
        short(output),
        short(error),
        short(stderr)
    )
}

/// At most [`SHOWN`] characters.
pub fn short(text: &str) -> String {
    let mut short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(verdict: &str, output: &str) -> RunResult {
        RunResult { verdict: verdict.to_owned(), output: output.to_owned(), memory_kib: 10, ..RunResult::default() }
    }

    fn wanted() -> Expected {
        Expected { verdicts: vec!["ok".to_owned()], output: Some("held".to_owned()), ..Expected::default() }
    }

    #[test]
    fn what_is_as_expected_has_no_differences() {
        assert!(differences(&[wanted()], &[ran("ok", "held\n")]).is_empty());
    }

    #[test]
    fn each_difference_is_named() {
        let found = differences(&[wanted()], &[ran("ok", "ESCAPED uid")]);
        assert_eq!(found, ["output \"held\" is expected, seen \"ESCAPED uid\""]);
        let strict = Expected { peak_kib: Some(9), length: Some(3), wall_ms: Some(0), ..wanted() };
        let mut result = ran("time_limit", "held");
        result.wall_time_ms = 1.5;
        assert_eq!(differences(&[strict], &[result]).len(), 4);
        assert_eq!(differences(&[wanted(), wanted()], &[ran("ok", "held")]), ["2 inputs, but 1 results"]);
        let second = differences(&[wanted(), wanted()], &[ran("ok", "held"), ran("ok", "")]);
        assert!(second[0].starts_with("input 2: output"), "{second:?}");
    }
}
