//! Tests of the whole server: the application over a real store and an executor that runs nothing.

mod support;

mod bad_input;
mod batch;
mod cancel;
mod command_run;
mod documentation;
mod events;
mod health;
mod json;
mod keys;
mod languages;
mod metrics;
mod pages;
mod queue;
mod result;
mod run;
mod scheduler;
mod serve;
mod settings;
