//! What a submission is, and how facts about its runs become verdicts.
//!
//! Everything here is plain data and pure functions: a [`Submission`] comes in, each of its inputs
//! leaves an [`Outcome`] (what the kernel saw), [`judge`] turns that into a [`Verdict`], and a
//! [`Report`] collects them. Nothing in this crate opens a file, starts a process or asks for the
//! time, and no language is known by name: a [`Language`] is data read from a folder.

#![forbid(unsafe_code)]

pub mod base64_bytes;
pub mod diagnostic;
pub mod grading;
pub mod kit;
pub mod language;
pub mod limits;
pub mod outcome;
pub mod priority;
pub mod report;
pub mod submission;
pub mod text;
pub mod verdict;

pub use diagnostic::{Diagnostic, Severity};
pub use grading::{Checker, CheckerProgram, Grading, Judged, Points, Share, Summary, Test, TestReport};
pub use kit::Kit;
pub use language::{
    Container, ContainerSource, Language, LanguageError, LineMap, Messages, Mode, ModeSpec, Packages, Preparation,
    WarmKind, WarmSpec, Wrapped, Wrapper,
};
pub use limits::{LimitError, Limits, LimitsRequest};
pub use outcome::{Answer, Captured, Ending, LimitHit, Outcome, Usage};
pub use priority::Priority;
pub use report::{CompileReport, InputReport, Phases, Report, Wall};
pub use submission::{ExecId, Submission, SubmittedFile, is_student};
pub use verdict::{Fault, Judgement, Verdict, judge, judge_check, judge_compile};
