//! The breaches found so far, a line for each.

use std::fmt::Display;

/// More than these are counted and not printed: a wall that is not there at all has one for every file.
const MOST_LINES: usize = 100;

/// What does not hold.
#[derive(Debug, Default)]
pub struct Breaches {
    lines: Vec<String>,
}

impl Breaches {
    /// One more.
    pub fn add(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    /// A breach unless both are the same.
    pub fn must_be<T: PartialEq + Display>(&mut self, what: &str, found: T, expected: T) {
        if found != expected {
            self.add(format!("{what} is {found}, not {expected}"));
        }
    }

    /// Prints them. Were there any?
    pub fn print(&self) -> bool {
        for line in self.lines.iter().take(MOST_LINES) {
            println!("{line}");
        }
        if self.lines.len() > MOST_LINES {
            println!("and {} more", self.lines.len() - MOST_LINES);
        }
        !self.lines.is_empty()
    }
}
