//! The program as an operator starts it: real processes, real boxes, real kills. Needs root, and the
//! runner built beside `code-runner` (`make test` sees to both).

mod crash;
mod languages;
mod server;
mod start;
mod unprivileged;
mod wall;
