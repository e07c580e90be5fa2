//! The protocol between launcher and runner from outside.

mod protocol;
