//! Tests of the store.
//!
//! - `contract`: what every [`store::Store`] must do, written against the trait.
//! - `sqlite`: the contract for SQLite, and what only a file can get wrong.
//! - `keys`: API keys and usage, also beside the process that owns the file.
//! - `damaged`: files that somebody has cut, garbled or tidied away, and a lock that is held.
//! - `killed`: nothing that was acknowledged is lost when the process is killed.
//! - `queue`: what a claim costs in a long queue.
//! - `running`: keys that may have only so many submissions running.
//! - `samples`: submissions and reports to test with.

mod contract;
mod damaged;
mod keys;
mod killed;
mod queue;
mod running;
mod samples;
mod sqlite;
