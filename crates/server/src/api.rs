//! One module per address of the API. A handler reads the request, calls one thing below it and
//! translates the answer; it decides nothing.

pub mod batch;
pub mod callbacks;
pub mod cancel;
pub mod events;
pub mod health;
pub mod keys;
pub mod languages;
pub mod metrics;
pub mod result;
pub mod run;
pub mod stats;
pub mod students;
pub mod usage;
mod view;
