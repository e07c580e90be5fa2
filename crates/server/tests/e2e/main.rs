//! The program as an operator starts it: real processes, real boxes, real kills. Needs root, and the
//! runner and the library of templates built beside `code-runner` (`make test` sees to all).

mod callbacks;
mod cancel;
mod crash;
#[cfg(feature = "dagger")]
mod dagger;
mod database;
mod descriptors;
mod fleet;
mod full;
mod grade;
mod host;
mod keys;
mod languages;
mod names;
mod nodes;
mod outages;
mod parts;
mod platform;
mod server;
mod start;
mod unprivileged;
mod wall;
mod warm;
