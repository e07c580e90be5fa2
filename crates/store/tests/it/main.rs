//! Tests of the store.
//!
//! - `contract`: what every [`store::Store`] must do, written against the trait.
//! - `sqlite`: the contract for SQLite, and what only a file can get wrong.
//! - `beside`: the keys of a file beside the process that owns it.
//! - `both`: the two stores, for tests that are for both.
//! - `callbacks`: whom to tell of results.
//! - `keys`: API keys and usage.
//! - `copy`: from SQLite to PostgreSQL.
//! - `damaged`: files that somebody has cut, garbled or tidied away, and a lock that is held.
//! - `failover`: a standby that takes over.
//! - `fleet`: what several nodes share beside the queue.
//! - `history`: what happened when, and which submissions finished last.
//! - `killed`: nothing that was acknowledged is lost when the process is killed.
//! - `networks`: a way to the database that is divided, slow or loses messages.
//! - `no_store`: what is not to stay leaves nothing behind.
//! - `nodes`: keys, callbacks and history where two nodes do the same at once.
//! - `once`: requests that may be repeated.
//! - `outages`: a database that is cut off, stopped, killed or locked.
//! - `postgres`: the contract for PostgreSQL, and what only a shared database can get wrong.
//! - `queue`: what a claim costs in a long queue.
//! - `retention`: results are deleted when they have had their time, and the file does not grow for ever.
//! - `running`: keys that may have only so many submissions running.
//! - `samples`: submissions and reports to test with.
//! - `students`: erasing what belongs to a student.
//! - `tls`: databases and nodes that prove who they are.

mod beside;
mod both;
mod callbacks;
mod contract;
mod copy;
mod damaged;
mod failover;
mod fleet;
mod history;
mod keys;
mod killed;
mod networks;
mod no_store;
mod nodes;
mod once;
mod outages;
mod postgres;
mod queue;
mod retention;
mod running;
mod samples;
mod sqlite;
mod students;
mod tls;
