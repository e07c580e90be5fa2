//! What a template process loads to fork into boxes: the library behind `kind = "fork"` in a language file.
//!
//! The interpreter imports what it wants to be warm with, opens this library (descriptor 4, with the launcher's socket as
//! descriptor 3) and then loops, because only the interpreter itself knows how to fork:
//!
//! ```text
//! interpreter                          library
//!    | -- code_runner_open() -----------> says that it is warm
//!    | -- code_runner_next() -----------> waits for a box; its children are put into that box's pid namespace
//!    | fork
//!    |   child:  code_runner_become() --> enters the box, is confined
//!    |           code_runner_wait() ----> waits at the gate; then there is code to run
//!    |   parent: code_runner_forked() --> remembers whose child it is
//! ```
//!
//! The template never sees a submission. How its children end is reported from their wait status; a child that has been
//! confined has no way to speak to the launcher.
//!
//! `confine` of the crate `runner` takes the same things away here as in a box that is started cold.

#![deny(unsafe_code)]

mod child;
mod sys;
mod template;

pub use sys::{code_runner_become, code_runner_forked, code_runner_next, code_runner_open, code_runner_wait};
