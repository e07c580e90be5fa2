//! Linux isolation as a library, in the shape of `std::process`.
//!
//! This crate knows boxes, limits and facts. It knows no language, no HTTP and no verdict.
//!
//! Three processes take part, each with less power than the one before it:
//!
//! ```text
//!  launcher   root, one thread, no network; makes boxes and counts what they use   (launcher.rs)
//!     |  ^
//!     |  |  one socket per slot: Spawn, Kill -> Started, Ended                      (wire.rs)
//!     |  |
//!     |  +-- client: any process, no privilege; holds the pipes of the program      (client.rs)
//!     v
//!  PID 1      root's number but three capabilities, inside the box                  (crate runner)
//!     v
//!  program    the slot's own uid, nothing else
//! ```
//!
//! What a box may contain is fixed when the launcher starts ([`LauncherConfig`]), before anybody
//! untrusted can speak to the client: over the socket a client chooses among templates and lowers
//! limits, and can do no more.
//!
//! The client never opens a path inside a box. What goes in and what comes out are descriptors.

#![deny(unsafe_code)]

mod boxed;
mod cgroup;
mod child;
mod client;
mod confine;
mod error;
mod ground;
mod instance;
mod interior;
mod launcher;
mod layers;
mod root;
mod seccomp;
mod spec;
mod sys;
mod tree;
mod wire;
mod zygote;

pub use client::{Launcher, LauncherWatch, Slot, StopFlag};
pub use confine::{Confinement, confine_self};
pub use error::{SandboxError, Step};
pub use ground::Ground;
pub use launcher::launcher_main;
pub use layers::{Layer, LayerState, has_landlock, missing_layers, probe_layers};
pub use root::Bind;
pub use runner::holes::Holes;
pub use seccomp::{Reachable, container_filters, reachable};
pub use spec::{
    BoxFile, BoxOutcome, BoxRequest, Collected, Exit, FileKind, Hit, LauncherConfig, Limits, Product, Root, Template,
    Usage, Warm, WarmKind,
};

/// Where the control socket of the launcher is found: the descriptor its parent leaves for it.
pub const LAUNCHER_FD: i32 = 3;
