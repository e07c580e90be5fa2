//! The `code-runner` command: the HTTP API, the workers and the command line.
//!
//! `routes` lists every URL, `config` every setting, `metrics` every metric. A request becomes a
//! [`model::Submission`] in `wire`, waits in the [`store::Store`], and `scheduler` hands it to the
//! [`executor::Executor`]. Nothing here knows how a sandbox works or runs code itself.

#![deny(unsafe_code)]

pub mod access;
pub mod api;
pub mod app;
pub mod backend;
pub mod backlog;
pub mod body;
pub mod callbacks;
pub mod cancels;
pub mod commands;
pub mod config;
pub mod cors;
pub mod dagger;
pub mod descriptors;
pub mod error;
pub mod events;
pub mod execution_log;
pub mod fleet;
pub mod history;
pub mod hosts;
pub mod housekeeping;
pub mod http;
pub mod idempotency;
pub mod json;
pub mod key_rules;
pub mod keyring;
pub mod keys;
pub mod logging;
pub mod metrics;
pub mod node;
pub mod pages;
pub mod prefer;
pub mod privileges;
pub mod rate;
pub mod request_id;
pub mod routes;
pub mod scheduler;
pub mod secrets;
pub mod self_tests;
pub mod signals;
pub mod stores;
pub mod swagger;
mod sys;
pub mod throughput;
pub mod traces;
pub mod turns;
pub mod validate;
pub mod waiters;
pub mod wire;
