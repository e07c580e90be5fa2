//! The pure rules, each tested in a microsecond.

mod compile;
mod grading;
mod kit;
mod language;
mod limits;
mod messages;
mod text;
mod verdict;
mod wrap;
