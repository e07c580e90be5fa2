//! How executors stand that use somebody else's engine, as plain data for whoever shows it.

/// How an engine stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineStatus {
    /// Where it is.
    pub host: String,
    /// Its version, or why it is not used.
    pub version: Result<String, String>,
    /// How many submissions it may run at the same time.
    pub permits: usize,
    /// How many it could begin now.
    pub free: usize,
    /// How many sessions were opened, since the start.
    pub sessions: u64,
}

/// Something that a box promises and a container does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weaker {
    /// What it is about.
    pub name: &'static str,
    /// How it is there.
    pub there: &'static str,
}

/// What is not run in boxes, by whom, and what is weaker for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// Which languages, by their ids.
    pub languages: Vec<String>,
    /// The engines.
    pub engines: Vec<EngineStatus>,
    /// What is weaker, as far as it is known by now.
    pub weaker: Vec<Weaker>,
}
