//! The header of an attack program: what it does, how it is posted, and what must come of it.
//!
//! A header line is `//: key value`, or `#: key value` where `//` is no comment. Reading is strict: an unknown key,
//! hole, limit or verdict is an error, because a mistyped expectation would be one that always holds. Which file it
//! was is added by `cases`; whether the ids exist is for `catalogue` to say.
//!
//! | key | meaning |
//! |---|---|
//! | `what` | what the program does, for people |
//! | `id` | entries of the catalogue, separated by blanks |
//! | `control` | the holes that, opened together, make this case fail; separated by `+` |
//! | `mode` | `program` (default) or `function` |
//! | `limits` | `name=value` of the API's limits |
//! | `input_bytes` | size of the one input; else it is `4` |
//! | `inputs` | several inputs, separated by `;` |
//! | `copies` | this many submissions at the same time |
//! | `set` | `full` for what takes long |
//! | `compile_options` | words for the compiler's command line |
//! | `known` | the page that documents that this is not contained; what is seen is shown and is no failure |
//! | `compile_cache` | `on` where what was compiled before may be used; else every submission has a compiler to attack |
//! | `expect` | the verdicts that are right, separated by `\|` |
//! | `error` | parts of the error line, any of them, separated by `\|` |
//! | `output` | the whole output without white space around it; `\n` is a line end |
//! | `length` | bytes of the output |
//! | `peak_kib` | memory may not have been more |
//! | `wall_ms` | time on the clock may not have been more |
//! | `tasks` | at no time more tasks in the box |
//!
//! With several inputs the expectations are lists by `;`, one element for each input, or one for all of them.

mod limits;
mod lines;

use std::str::FromStr;

pub use limits::Limits;
pub use lines::HeaderError;
use lines::{Lines, one_of, words};

/// A header whose values all make sense.
#[derive(Debug, Clone)]
pub struct Header {
    /// One sentence for people.
    pub what: String,
    /// Entries of the catalogue that this program covers.
    pub ids: Vec<String>,
    /// The holes that make it fail together, sorted; none if no hole can.
    pub control: Vec<String>,
    /// Where it is documented that this is not contained.
    pub known: Option<String>,
    /// `program` or `function`.
    pub mode: &'static str,
    /// What is asked for less than the maximum.
    pub limits: Limits,
    /// One run each.
    pub inputs: Vec<String>,
    /// Submissions of it at the same time.
    pub copies: usize,
    /// Takes long, and is left out unless asked for.
    pub full: bool,
    /// Words for the compiler.
    pub compile_options: Vec<String>,
    /// May what was compiled before be used?
    pub compile_cache: bool,
    /// What must come of each input.
    pub expected: Vec<Expected>,
    /// The most tasks that may ever be in the box.
    pub tasks: Option<u64>,
}

/// What must come of one input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// Any of these verdicts.
    pub verdicts: Vec<String>,
    /// The error line has any of these parts; no condition if there are none.
    pub errors: Vec<String>,
    /// The whole output, without white space around it.
    pub output: Option<String>,
    /// Bytes of the output.
    pub length: Option<u64>,
    /// The most memory, in KiB.
    pub peak_kib: Option<u64>,
    /// The most time on the clock, in milliseconds.
    pub wall_ms: Option<u64>,
}

impl FromStr for Header {
    type Err = HeaderError;

    /// Reads the header lines of a program's text.
    fn from_str(text: &str) -> Result<Self, HeaderError> {
        let lines = Lines::of(text)?;
        let inputs = lines.inputs()?;
        Ok(Self {
            what: lines.get("what").ok_or(HeaderError::Missing("what"))?.to_owned(),
            ids: words(lines.get("id"), char::is_whitespace),
            control: lines.control()?,
            known: lines.get("known").map(str::to_owned),
            mode: one_of("mode", lines.get("mode").unwrap_or("program"), ["program", "function"])?,
            limits: Limits::parse(lines.get("limits").unwrap_or_default())?,
            copies: lines.number("copies")?.map_or(1, |copies| copies.max(1) as usize),
            full: lines.get("set").map(|set| one_of("set", set, ["full"])).transpose()?.is_some(),
            compile_options: words(lines.get("compile_options"), char::is_whitespace),
            compile_cache: lines
                .get("compile_cache")
                .map(|word| one_of("compile_cache", word, ["on"]))
                .transpose()?
                .is_some(),
            expected: lines.expected(inputs.len())?,
            tasks: lines.number("tasks")?,
            inputs,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn parse(text: &str) -> Result<Header, HeaderError> {
        text.parse()
    }

    #[test]
    fn a_header_in_either_kind_of_comment_is_read() {
        let text = "#: what     spins\n#: id A-001 A-002\n#: control seccomp+landlock\n#: limits cpu_time_ms=300\n\
            #: expect time_limit|runtime_error\nprint(1)\n";
        for text in [text.to_owned(), text.replace("#: ", "//: ")] {
            let header = parse(&text).expect("is right");
            assert_eq!(header.ids, ["A-001", "A-002"]);
            assert_eq!(header.control, ["landlock", "seccomp"]);
            assert_eq!(header.limits.cpu_time(), Duration::from_millis(300));
            assert_eq!(header.inputs, ["4"]);
            assert_eq!(header.expected[0].verdicts, ["time_limit", "runtime_error"]);
        }
    }

    #[test]
    fn expectations_are_per_input_or_for_all() {
        let header =
            parse("#: what w\n#: inputs 1;2; 3\n#: expect ok; runtime_error;ok\n#: output a;;a\\nb\n#: wall_ms 9")
                .expect("is right");
        assert_eq!(header.inputs, ["1", "2", "3"]);
        assert_eq!(header.expected[1].verdicts, ["runtime_error"]);
        assert_eq!(header.expected[1].output.as_deref(), Some(""));
        assert_eq!(header.expected[2].output.as_deref(), Some("a\nb"));
        assert_eq!(header.expected[2].wall_ms, Some(9));
        let single = parse("#: what w\n#: expect ok\n#: output a;b").expect("is right");
        assert_eq!(single.expected[0].output.as_deref(), Some("a;b"));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        let base = "#: what w\n#: expect ok\n";
        let refused = |line: &str| parse(&format!("{base}{line}")).expect_err("is refused").to_string();
        assert_eq!(refused("#: expects ok"), "`expects` is no key of a header");
        assert_eq!(refused("#: what again"), "`what` stands there twice");
        assert_eq!(refused("#: control secomp"), "`control`: `secomp` is not known");
        assert_eq!(refused("#: limits cpu=3"), "`limits`: `cpu=3` is not known");
        assert_eq!(refused("#: copies many"), "`copies`: `many` is not a whole number");
        assert_eq!(refused("#: inputs a;b\n#: output a;b;c"), "`output` has 3 elements for 2 inputs");
        assert_eq!(parse("#: what w").expect_err("is refused"), HeaderError::Missing("expect"));
        assert!(parse("#: what w\n#: expect internal_error").is_err());
    }
}
