//! What a template process loads to fork into boxes: the library behind `kind = "fork"` in a language file.
//!
//! The interpreter imports what it wants to be warm with, opens this library (descriptor 4, with the launcher's socket as
//! descriptor 3) and then loops, because only the interpreter itself knows how to fork:
//!
//! ```text
//! interpreter                          library
//!    | -- code_runner_open() -----------> gives up what no child may have, and says that it is warm
//!    | -- code_runner_next() -----------> waits for a box
//!    | (what the interpreter does before a fork)
//!    | -- code_runner_fork() -----------> forks into the box's pid namespace, twice; the process between them ends at once
//!    |   child:  (what it does after a fork)
//!    |           code_runner_become() --> enters the rest of the box, is confined
//!    |           code_runner_wait() ----> waits at the gate; then there is code to run
//!    |   parent: (what it does after a fork) and next again
//! ```
//!
//! The process between them is why the child is a child of the box's PID 1, which sees how it ends, and not of the template,
//! which has no more to do with it. It shares the template's memory for as long as it lives, and costs next to nothing.
//!
//! The template never sees a submission. A child that has been confined has no way to speak to the launcher.
//!
//! `confine` of the crate `runner` takes the same things away here as in a box that is started cold.

#![deny(unsafe_code)]

mod child;
mod sys;
mod template;

pub use sys::{code_runner_become, code_runner_fork, code_runner_next, code_runner_open, code_runner_wait};
