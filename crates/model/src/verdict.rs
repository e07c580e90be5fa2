//! Judgement: what we call an [`Outcome`], whose fault it is, and the one line a student reads.

use serde::{Deserialize, Serialize};

use crate::text::{last_line, one_line};
use crate::{Answer, Diagnostic, Ending, LimitHit, Limits, Outcome, Severity};

/// signal(7), x86-64.
const SIGABRT: i32 = 6;

/// The field's standard names for how a run went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The program ended by itself with status 0 and, in function mode, returned.
    Ok,
    /// The answer is not the expected one. Given by checkers only.
    WrongAnswer,
    /// The code did not compile.
    CompileError,
    /// The program failed: a status other than 0, a signal, or no answer.
    RuntimeError,
    /// CPU time or wall time ran out.
    TimeLimit,
    /// The memory limit was reached.
    MemoryLimit,
    /// More output than is kept.
    OutputLimit,
    /// The caller stopped it.
    Cancelled,
    /// Code Runner failed; says nothing about the code.
    InternalError,
}

/// Whose fault a verdict other than `ok` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The code is wrong.
    Student,
    /// The code may be right but used more than it was given.
    Limit,
    /// Ours; retried, and never shown as the student's.
    Platform,
}

impl Verdict {
    /// All verdicts, for documentation and metrics.
    pub const ALL: [Self; 9] = [
        Self::Ok,
        Self::WrongAnswer,
        Self::CompileError,
        Self::RuntimeError,
        Self::TimeLimit,
        Self::MemoryLimit,
        Self::OutputLimit,
        Self::Cancelled,
        Self::InternalError,
    ];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::WrongAnswer => "wrong_answer",
            Self::CompileError => "compile_error",
            Self::RuntimeError => "runtime_error",
            Self::TimeLimit => "time_limit",
            Self::MemoryLimit => "memory_limit",
            Self::OutputLimit => "output_limit",
            Self::Cancelled => "cancelled",
            Self::InternalError => "internal_error",
        }
    }

    /// Whose fault it is; nobody's for `ok`, and for `cancelled`, which the caller asked for.
    pub const fn fault(self) -> Option<Fault> {
        match self {
            Self::Ok | Self::Cancelled => None,
            Self::WrongAnswer | Self::CompileError | Self::RuntimeError => Some(Fault::Student),
            Self::TimeLimit | Self::MemoryLimit | Self::OutputLimit => Some(Fault::Limit),
            Self::InternalError => Some(Fault::Platform),
        }
    }
}

/// A verdict and the sentence that explains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// What we call it.
    pub verdict: Verdict,
    /// One line a student understands; none for `ok`.
    pub error: Option<String>,
}

/// Turns facts into a verdict.
///
/// `error_line` picks the line that names the error out of the program's own messages; it is the
/// language's (see [`crate::Language::error_line`]) and is asked only when the program failed by
/// itself.
pub fn judge(outcome: &Outcome, limits: &Limits, error_line: impl Fn(&str) -> Option<String>) -> Judgement {
    let failed = |verdict, error: String| Judgement { verdict, error: Some(error) };
    if outcome.cancelled {
        return failed(Verdict::Cancelled, "the submission was cancelled".to_owned());
    }
    if let Some(hit) = outcome.limit_hit {
        let (verdict, error) = limit_sentence(hit, limits);
        return failed(verdict, error);
    }
    match outcome.ending {
        Ending::Exited(0) if outcome.answer == Answer::Missing => {
            failed(Verdict::RuntimeError, "the program ended before the function returned".to_owned())
        }
        Ending::Exited(0) => Judgement { verdict: Verdict::Ok, error: None },
        Ending::Exited(status) => {
            let messages = String::from_utf8_lossy(&outcome.stderr.bytes);
            let line = error_line(&messages).or_else(|| last_line(&messages));
            failed(Verdict::RuntimeError, line.unwrap_or_else(|| format!("the program ended with exit code {status}")))
        }
        // Runtimes say why they abort; the other signals come without a word.
        Ending::Signaled(SIGABRT) => {
            let messages = String::from_utf8_lossy(&outcome.stderr.bytes);
            failed(Verdict::RuntimeError, error_line(&messages).unwrap_or_else(|| signal_sentence(SIGABRT)))
        }
        Ending::Signaled(signal) => failed(Verdict::RuntimeError, signal_sentence(signal)),
        Ending::NotExecutable => {
            failed(Verdict::RuntimeError, "what the compiler made is not a program that can be executed".to_owned())
        }
        Ending::Killed => failed(Verdict::InternalError, "the run was stopped by Code Runner".to_owned()),
    }
}

/// Why code that was compiled can not be run; none if it can.
///
/// `text` is what the compiler wrote, `diagnostics` what was found in it. The artifact counts as the
/// outcome's answer.
pub fn judge_compile(outcome: &Outcome, limits: &Limits, text: &str, diagnostics: &[Diagnostic]) -> Option<Judgement> {
    let failed = |error: String| Some(Judgement { verdict: Verdict::CompileError, error: Some(error) });
    if outcome.cancelled {
        return Some(Judgement { verdict: Verdict::Cancelled, error: Some("the submission was cancelled".to_owned()) });
    }
    if let Some(hit) = outcome.limit_hit {
        let (_, sentence) = limit_sentence(hit, limits);
        return failed(sentence.replacen("the program", "the compiler", 1));
    }
    match outcome.ending {
        Ending::Exited(0) if outcome.answer == Answer::Missing => failed("the compiler made no program".to_owned()),
        Ending::Exited(0) => None,
        Ending::Exited(status) => failed(
            first_error(text, diagnostics).unwrap_or_else(|| format!("the compiler ended with exit code {status}")),
        ),
        Ending::Signaled(signal) => failed(signal_sentence(signal).replacen("the program", "the compiler", 1)),
        Ending::Killed | Ending::NotExecutable => Some(Judgement {
            verdict: Verdict::InternalError,
            error: Some("the compiler was stopped by Code Runner".to_owned()),
        }),
    }
}

/// Why code that failed could not have run: whoever checks it says that it can not be parsed. A check that
/// itself came to grief says nothing. `error_line` finds the language's own line of an error in what it wrote.
pub fn judge_check(
    outcome: &Outcome,
    text: &str,
    diagnostics: &[Diagnostic],
    error_line: impl Fn(&str) -> Option<String>,
) -> Option<Judgement> {
    let parsed = !matches!(outcome.ending, Ending::Exited(status) if status != 0);
    if parsed || outcome.cancelled || outcome.limit_hit.is_some() {
        return None;
    }
    let named = if diagnostics.is_empty() { error_line(text) } else { None };
    let error = named.or_else(|| first_error(text, diagnostics));
    let error = error.unwrap_or_else(|| "the code can not be parsed".to_owned());
    Some(Judgement { verdict: Verdict::CompileError, error: Some(error) })
}

/// The first thing a student has to change.
fn first_error(text: &str, diagnostics: &[Diagnostic]) -> Option<String> {
    let error = diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
    let in_words = error.map(|Diagnostic { line, message, .. }| format!("line {line}: {message}"));
    in_words.or_else(|| text.lines().find(|line| !line.trim().is_empty()).map(one_line))
}

fn limit_sentence(hit: LimitHit, limits: &Limits) -> (Verdict, String) {
    let Limits { cpu_time, wall_time, memory_kib, processes: _, output_bytes, file_bytes: _, open_files: _ } = limits;
    match hit {
        LimitHit::CpuTime => {
            (Verdict::TimeLimit, format!("the program used more than {} s of CPU time", cpu_time.as_secs_f64()))
        }
        LimitHit::WallTime => {
            (Verdict::TimeLimit, format!("the program ran for longer than {} s", wall_time.as_secs_f64()))
        }
        LimitHit::Memory => {
            (Verdict::MemoryLimit, format!("the program used more than {} of memory", kib(*memory_kib)))
        }
        LimitHit::Output => {
            (Verdict::OutputLimit, format!("the program wrote more than {output_bytes} bytes of output"))
        }
    }
}

fn kib(amount: u64) -> String {
    if amount.is_multiple_of(1024) { format!("{} MiB", amount / 1024) } else { format!("{amount} KiB") }
}

/// The signals a failing program dies of, in words (signal(7), x86-64 numbers).
fn signal_sentence(signal: i32) -> String {
    let known = match signal {
        4 => Some(("SIGILL", "illegal instruction")),
        SIGABRT => Some(("SIGABRT", "aborted")),
        7 => Some(("SIGBUS", "bad memory access")),
        8 => Some(("SIGFPE", "arithmetic error, such as a division by zero")),
        9 => Some(("SIGKILL", "killed")),
        11 => Some(("SIGSEGV", "invalid memory access")),
        13 => Some(("SIGPIPE", "wrote to a closed pipe")),
        15 => Some(("SIGTERM", "terminated")),
        24 => Some(("SIGXCPU", "used more CPU time than allowed")),
        25 => Some(("SIGXFSZ", "wrote a file larger than allowed")),
        31 => Some(("SIGSYS", "used a forbidden system call")),
        _ => None,
    };
    match known {
        Some((name, words)) => format!("the program was stopped by signal {signal} ({name}: {words})"),
        None => format!("the program was stopped by signal {signal}"),
    }
}
