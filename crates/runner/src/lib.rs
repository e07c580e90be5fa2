//! What launcher, runner and templates say to each other, and how a process becomes a confined program.
//!
//! The runner itself is the binary beside this library. It is PID 1 of a box that the launcher has
//! built: it starts the student's program as a second process under the box's own uid, reaps what is
//! orphaned, and tells how the program ended. It enforces nothing that the kernel does not enforce
//! for it, and it never reads a byte that the program wrote.
//!
//! ```text
//! launcher                      runner (PID 1)                   program
//!    | --- Job, Go ---------------> |
//!    |                             | -- files, fork, confine, exec --------> |
//!    | <------------ Started ----- |                                          |
//!    | <------------ Ended ------- | <------------------- waitid ------------ |
//!    |      (the runner exits: the kernel kills whatever is left in the box)
//! ```
//!
//! A program can be started before there is anything for it to do. It then waits at the gate, a FIFO in `/code`,
//! which it opens when it is warm, and from which it reads one byte when its files have arrived:
//!
//! ```text
//! launcher                      runner (PID 1)                   program
//!    | --- Job -------------------> |
//!    |                             | -- FIFO, fork, confine, exec ---------> |
//!    | <------------ Ready ------- | <------------------- open(gate) -------- |
//!    | --- Go --------------------> |                                         |
//!    | <------------ Started ----- | -- files, a byte into the gate --------> |
//!    | <------------ Ended ------- | <------------------- waitid ------------ |
//! ```
//!
//! One that ends and has left that byte there has not begun: how it ended is our failure, and not its doing.
//!
//! Or a template process outside the box, of the launcher's, forks into it. `confine` is the same in all three.
//!
//! Where there is no launcher, because somebody else's container stands in the place of the box, the same binary is all
//! there is: [`container`] takes a whole submission and enforces its limits by itself.

#![deny(unsafe_code)]

pub mod confine;
pub mod container;
pub mod holes;
pub mod protocol;
pub mod sys;
