//! What the tracer is told and what it tells: one line of text each.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

/// One of the processes that make a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Of all boxes.
    Launcher,
    /// The launcher's child that puts together what boxes of a kind share.
    Tree,
    /// The launcher's child, which becomes the runner.
    Builder,
    /// The runner's child that copies data files.
    Copier,
    /// The child of the runner, or of the process between, until it is the program.
    Program,
    /// The launcher's child that becomes a warm interpreter, until it is one.
    Template,
    /// That interpreter, from the moment in which it says that it is warm.
    Forker,
    /// Between a warm interpreter and its child in a box.
    Between,
}

/// A part, and of which box, or which tree or template. The launcher has number 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which.
    pub part: Part,
    /// Counted from 1.
    pub number: u32,
}

/// The one call that fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Whose.
    pub place: Place,
    /// Its name.
    pub call: String,
    /// Counted from 1, in that process.
    pub occurrence: u32,
}

/// What the tracer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Every call from now on is counted.
    Attached,
    /// A call begins. Told only where none is to fail.
    Call(Place, String),
    /// It is made to fail.
    Failed,
    /// A box has a builder.
    Built(u32),
    /// In a box there is a process that will be the program.
    Forked(u32),
    /// It is the program now, or has been let through the gate.
    Started(u32),
    /// A fact about that program.
    State(u32, String),
    /// The tracer itself failed.
    Trouble(String),
}

impl Part {
    /// All of them.
    const ALL: [Self; 8] = [
        Self::Launcher,
        Self::Tree,
        Self::Builder,
        Self::Copier,
        Self::Program,
        Self::Template,
        Self::Forker,
        Self::Between,
    ];

    /// For names of tests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Launcher => "launcher",
            Self::Tree => "tree",
            Self::Builder => "builder",
            Self::Copier => "copier",
            Self::Program => "program",
            Self::Template => "template",
            Self::Forker => "forker",
            Self::Between => "between",
        }
    }
}

impl Place {
    fn parse(part: &str, number: &str) -> Option<Self> {
        let part = Part::ALL.into_iter().find(|other| other.name() == part)?;
        Some(Self { part, number: number.parse().ok()? })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.part.name(), self.number)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, call, occurrence } = self;
        write!(f, "{place} {call} {occurrence}")
    }
}

impl Fault {
    /// From the words of its display.
    pub fn parse<S: AsRef<str>>(words: &[S]) -> Option<Self> {
        let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        let [part, number, call, occurrence] = words[..] else { return None };
        let occurrence = occurrence.parse().ok()?;
        Some(Self { place: Place::parse(part, number)?, call: call.to_owned(), occurrence })
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attached => write!(f, "attached"),
            Self::Call(place, name) => write!(f, "call {place} {name}"),
            Self::Failed => write!(f, "failed"),
            Self::Built(number) => write!(f, "built {number}"),
            Self::Forked(number) => write!(f, "forked {number}"),
            Self::Started(number) => write!(f, "started {number}"),
            Self::State(number, fact) => write!(f, "state {number} {}", fact.escape_default()),
            Self::Trouble(what) => write!(f, "trouble {}", what.escape_default()),
        }
    }
}

impl Line {
    fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(' ').unwrap_or((text, ""));
        Some(match kind {
            "attached" => Self::Attached,
            "call" => {
                let [part, number, name] = rest.split(' ').collect::<Vec<_>>()[..] else { return None };
                Self::Call(Place::parse(part, number)?, name.to_owned())
            }
            "failed" => Self::Failed,
            "built" => Self::Built(rest.parse().ok()?),
            "forked" => Self::Forked(rest.parse().ok()?),
            "started" => Self::Started(rest.parse().ok()?),
            "state" => {
                let (number, fact) = rest.split_once(' ')?;
                Self::State(number.parse().ok()?, fact.to_owned())
            }
            "trouble" => Self::Trouble(rest.to_owned()),
            _ => return None,
        })
    }
}

/// A tracer at work.
pub struct Tracing {
    process: Child,
    reader: JoinHandle<Vec<Line>>,
}

impl Tracing {
    /// Begins to trace the launcher; every call it makes after this is counted.
    pub fn begin(launcher: u32, fault: Option<&Fault>) -> Result<Self, String> {
        let mut command = Command::new(std::env::current_exe().map_err(|error| error.to_string())?);
        command.arg("tracer").arg(launcher.to_string());
        command.args(
            fault
                .map(|fault| fault.to_string().split(' ').map(str::to_owned).collect::<Vec<_>>())
                .into_iter()
                .flatten(),
        );
        let mut process =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
        let mut lines = BufReader::new(process.stdout.take().ok_or("no pipe")?).lines();
        let first = lines.next().and_then(Result::ok).unwrap_or_default();
        if Line::parse(&first) != Some(Line::Attached) {
            let _ = process.wait();
            return Err(format!("the launcher can not be traced: {first:?}"));
        }
        let parse = |line: String| Line::parse(&line).unwrap_or(Line::Trouble(line));
        let reader = std::thread::spawn(move || lines.map_while(Result::ok).map(parse).collect());
        Ok(Self { process, reader })
    }

    /// While the launcher lives and all boxes are gone: lets go of it.
    pub fn cut(mut self) -> Result<Trace, String> {
        self.process.kill().map_err(|error| error.to_string())?;
        self.end()
    }

    /// After the launcher's end: all that was seen.
    pub fn end(mut self) -> Result<Trace, String> {
        let lines = self.reader.join().map_err(|_| "the reader of the trace has panicked".to_owned())?;
        self.process.wait().map_err(|error| error.to_string())?;
        match lines.iter().find(|line| matches!(line, Line::Trouble(_))) {
            Some(trouble) => Err(format!("the tracer: {trouble}")),
            None => Ok(Trace(lines)),
        }
    }
}

/// All the tracer has said.
pub struct Trace(pub Vec<Line>);

impl Trace {
    /// How often each process made each call.
    pub fn calls(&self) -> BTreeMap<(Place, String), u32> {
        let mut counts = BTreeMap::new();
        for line in &self.0 {
            if let Line::Call(place, name) = line {
                *counts.entry((*place, name.clone())).or_default() += 1;
            }
        }
        counts
    }

    /// How many lines are such.
    pub fn count(&self, is_such: impl Fn(&Line) -> bool) -> usize {
        self.0.iter().filter(|line| is_such(line)).count()
    }

    /// What was seen before and after the call that was made to fail; `None` if none was.
    pub fn around_the_fault(&self) -> Option<(&[Line], &[Line])> {
        let at = self.0.iter().position(|line| *line == Line::Failed)?;
        Some((&self.0[..at], &self.0[at + 1..]))
    }

    /// The facts about each program that was started.
    pub fn states(&self) -> BTreeMap<u32, Vec<&str>> {
        let mut states: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
        for line in &self.0 {
            if let Line::State(number, fact) = line {
                states.entry(*number).or_default().push(fact);
            }
        }
        states
    }
}
