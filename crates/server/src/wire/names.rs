//! The model's words on the wire. Their schemas list what the model lists, so that the documentation
//! can not lag behind.

use model::{Fault, Mode, Priority, Severity, Verdict, Wall};
use serde::Serialize;
use store::Scope;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// What `code` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ModeName(pub Mode);

/// How urgent a submission is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PriorityName(pub Priority);

/// How a run, or a whole submission, went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct VerdictName(pub Verdict);

/// Whose fault a verdict is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FaultName(pub Fault);

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SeverityName(pub Severity);

/// What stood around the programs, where it was less than a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct WallName(pub Wall);

/// Something a key may do; for its schema alone.
#[derive(Debug)]
pub struct ScopeName;

impl PartialSchema for ScopeName {
    fn schema() -> RefOr<Schema> {
        words(
            Scope::ALL.map(Scope::name),
            "`run`: submit. `read`: read results, languages and counters. `admin`: manage keys.",
        )
    }
}

impl ToSchema for ScopeName {
    fn name() -> std::borrow::Cow<'static, str> {
        "Scope".into()
    }
}

impl PartialSchema for SeverityName {
    fn schema() -> RefOr<Schema> {
        words(
            Severity::ALL.map(Severity::name),
            "`error`: it has to be changed. `warning`: it may have to be. `note`: it says more about another one.",
        )
    }
}

impl ToSchema for SeverityName {
    fn name() -> std::borrow::Cow<'static, str> {
        "Severity".into()
    }
}

impl PartialSchema for ModeName {
    fn schema() -> RefOr<Schema> {
        words(
            Mode::ALL.map(Mode::name),
            "`function`: the body of a function of `input_str` that returns its answer, or a text that defines \
             `solve(input_str)`. `program`: a whole program, input on standard input, answer on standard output.",
        )
    }
}

impl PartialSchema for PriorityName {
    fn schema() -> RefOr<Schema> {
        words(
            Priority::ALL.map(Priority::name),
            "Who is next while submissions wait: `exam` before `normal` before `batch`. None waits for ever: of sixteen \
             submissions that begin, three are `normal` and one is `batch` if such wait. Within a class the API keys take turns.",
        )
    }
}

impl ToSchema for PriorityName {
    fn name() -> std::borrow::Cow<'static, str> {
        "Priority".into()
    }
}

impl PartialSchema for VerdictName {
    fn schema() -> RefOr<Schema> {
        words(
            Verdict::ALL.map(Verdict::name),
            "`ok`: it ran to its end. `wrong_answer`: the answer is not the expected one. `compile_error`, \
             `runtime_error`: the code failed. `time_limit`, `memory_limit`, `output_limit`: it used more than it was \
             given. `cancelled`: the caller stopped it. `internal_error`: Code Runner failed; says nothing about the \
             code.",
        )
    }
}

impl PartialSchema for FaultName {
    fn schema() -> RefOr<Schema> {
        words(
            [Fault::Student, Fault::Limit, Fault::Platform].map(fault_name),
            "`student`: the code is wrong. `limit`: the code may be right but used more than it was given. \
             `platform`: Code Runner failed; it has tried again before saying so.",
        )
    }
}

impl PartialSchema for WallName {
    fn schema() -> RefOr<Schema> {
        words(
            ["container"],
            "`container`: the programs ran in a container that an engine made, which is a weaker wall than a box; `GET /health` \
             lists what is weaker under `dagger`.",
        )
    }
}

impl ToSchema for WallName {
    fn name() -> std::borrow::Cow<'static, str> {
        "Wall".into()
    }
}

impl ToSchema for ModeName {
    fn name() -> std::borrow::Cow<'static, str> {
        "Mode".into()
    }
}

impl ToSchema for VerdictName {
    fn name() -> std::borrow::Cow<'static, str> {
        "Verdict".into()
    }
}

impl ToSchema for FaultName {
    fn name() -> std::borrow::Cow<'static, str> {
        "Fault".into()
    }
}

const fn fault_name(fault: Fault) -> &'static str {
    match fault {
        Fault::Student => "student",
        Fault::Limit => "limit",
        Fault::Platform => "platform",
    }
}

fn words<const N: usize>(words: [&'static str; N], description: &str) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).description(Some(description)).into()
}
