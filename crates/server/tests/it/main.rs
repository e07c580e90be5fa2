//! Tests of the whole server: the application over a real store and an executor that runs nothing.

mod support;

mod access;
mod bad_input;
mod batch;
mod cancel;
mod command_keys;
mod command_run;
mod connections;
mod documentation;
mod events;
mod execution_log;
mod health;
mod hosts;
mod json;
mod key_limits;
mod keys;
mod languages;
mod logs;
mod metrics;
mod observing;
mod pages;
mod queue;
mod result;
mod run;
mod scheduler;
mod serve;
mod settings;
