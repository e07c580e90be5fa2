//! The educational platform: exercises in folders, students and teachers who sign in, attempts that are graded by a Code Runner.
//!
//! ```text
//!  browser --form--> web --one transaction--> database <--what is due-- courier --HTTP, x-api-key--> Code Runner
//!                     |                                                    |
//!                     '--exercises (folders, read again when they change)  '--result--> feedback --> database --> web
//! ```
//!
//! It talks to Code Runner over HTTP and in no other way, as any platform would, and uses no other crate of this repository.
//! Accepted means on the disk: what a student handed in is graded, whatever is down meanwhile. What is in hidden tests is in
//! the exercises, in what Code Runner is sent, and in feedback that teachers see; never in what a student is answered
//! ([`feedback`]).

#![forbid(unsafe_code)]

mod code_runner;
pub mod commands;
mod courier;
mod database;
mod demo;
mod exercises;
mod failing;
mod feedback;
mod http;
mod points;
mod secrets;
mod tries;
mod web;
