//! What the launcher and the runner say to each other.
//!
//! The runner itself is the binary beside this library. It is PID 1 of a box that the launcher has
//! built: it starts the student's program as a second process under the box's own uid, reaps what is
//! orphaned, and tells how the program ended. It enforces nothing that the kernel does not enforce
//! for it, and it never reads a byte that the program wrote.
//!
//! ```text
//! launcher                      runner (PID 1)                   program
//!    | --- Job ------------------> |
//!    |                             | -- fork, limits, uid, seccomp, exec --> |
//!    | <------------ Started ----- |                                          |
//!    | <------------ Ended ------- | <------------------- waitid ------------ |
//!    |      (the runner exits: the kernel kills whatever is left in the box)
//! ```

#![forbid(unsafe_code)]

pub mod holes;
pub mod protocol;
