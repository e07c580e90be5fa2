//! The pure rules, each tested in a microsecond.

mod language;
mod limits;
mod text;
mod verdict;
