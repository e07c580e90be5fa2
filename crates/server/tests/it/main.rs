//! Tests of the whole server: the application over a real store and an executor that runs nothing.

mod support;

mod access;
mod backlog;
mod bad_input;
mod batch;
mod callbacks;
mod cancel;
mod catalogue;
mod command_grade;
mod command_keys;
mod command_run;
mod connections;
mod dagger;
mod documentation;
mod events;
mod execution_log;
mod faults;
mod grading;
mod health;
mod hosts;
mod housekeeping;
mod idempotency;
mod json;
mod key_change;
mod key_limits;
mod keys;
mod languages;
mod logs;
mod metrics;
mod no_store;
mod observing;
mod pages;
mod poison;
mod queue;
mod result;
mod run;
mod scheduler;
mod serve;
mod settings;
mod stats;
mod students;
#[cfg(feature = "otel")]
mod traces;
