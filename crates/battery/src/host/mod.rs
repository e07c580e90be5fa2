//! What of one server's boxes could be left on the host, listed so that before and after can be compared.
//!
//! Only what belongs to the server under test is looked at, by the name its launcher gave to its cgroups and by its
//! block of uids: other servers may run on this host at the same time.

mod cgroups;
mod descriptors;
mod files;
mod ipc;
mod place;
mod processes;
mod remove;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::{Duration, Instant};

pub use cgroups::most_tasks;
pub use place::Place;
pub use processes::resident_kib;
pub use remove::remove_leftovers;
use waiting::Waiting;

use crate::finding::Finding;

/// How long the last traces may take to go: a killed process is gone when its parent has noticed, and that of an
/// orphan is the host's own.
const PATIENCE: Duration = Duration::from_secs(2);

/// Everything a box makes somewhere, by the name of the check that asks for it.
#[derive(Debug, Clone)]
pub struct Look {
    things: BTreeMap<&'static str, BTreeSet<String>>,
    /// How many open descriptors of each kind.
    descriptors: BTreeMap<String, usize>,
}

impl Look {
    /// The state now.
    pub fn now(place: &Place) -> Self {
        let waiting = Waiting::now(place);
        let things = BTreeMap::from([
            ("U2 processes", processes::of_boxes(place, &waiting)),
            ("U2 zombies", processes::zombies(place)),
            ("U2 cgroups", cgroups::of_boxes(place, &waiting)),
            ("U3 mounts", mounts(place)),
            ("U3 IPC objects", ipc::objects(place)),
            ("U3 files", files::of_boxes(place)),
        ]);
        Self { things, descriptors: descriptors::of(place, &waiting) }
    }

    /// What is there that was not there before, once it has had time to go.
    pub fn left_since(place: &Place, before: &Self) -> Vec<Finding> {
        let deadline = Instant::now() + PATIENCE;
        let mut still = Self::now(place);
        loop {
            let left = still.beyond(before);
            if left.is_empty() || Instant::now() >= deadline {
                return left;
            }
            std::thread::sleep(Duration::from_millis(20));
            still.keep_what_is_in(&Self::now(place));
        }
    }

    /// Forgets what has gone. What has come since is of others: the server tries its wall, a box after the other.
    fn keep_what_is_in(&mut self, later: &Self) {
        for (check, things) in &mut self.things {
            things.retain(|thing| later.things[check].contains(thing));
        }
        for (kind, count) in &mut self.descriptors {
            *count = (*count).min(later.descriptors.get(kind).copied().unwrap_or(0));
        }
    }

    /// What is in this look and not in the one before.
    fn beyond(&self, before: &Self) -> Vec<Finding> {
        let mut found = Vec::new();
        for (check, now) in &self.things {
            let left: Vec<&String> = now.difference(&before.things[check]).collect();
            if !left.is_empty() {
                found.push(Finding::new(check, format!("{} left: {:?}", left.len(), &left[..left.len().min(10)])));
            }
        }
        let more = |(kind, now): (&String, &usize)| {
            let before = before.descriptors.get(kind).copied().unwrap_or_default();
            (*now > before).then(|| format!("{kind}: {now}, before {before}"))
        };
        let more: Vec<String> = self.descriptors.iter().filter_map(more).collect();
        if !more.is_empty() {
            found.push(Finding::new("U3 descriptors", more.join("; ")));
        }
        found
    }

    /// How many there are of each, for reports.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        let things = self.things.iter().map(|(check, things)| ((*check).to_owned(), things.len()));
        let descriptors = self.descriptors.values().sum();
        things.chain([("U3 descriptors".to_owned(), descriptors)]).collect()
    }
}

/// The mount tables that are not a box's.
fn mounts(place: &Place) -> BTreeSet<String> {
    let of = |who: &str, path: String| {
        let who = who.to_owned();
        lines(&path).into_iter().map(move |line| format!("{who}: {line}")).collect::<Vec<_>>()
    };
    let server = of("server", format!("/proc/{}/mountinfo", place.server));
    let launcher = of("launcher", format!("/proc/{}/mountinfo", place.launcher));
    of("host", "/proc/self/mountinfo".to_owned()).into_iter().chain(server).chain(launcher).collect()
}

/// The paths in a folder; none if it can not be read.
fn entries(folder: &str) -> Vec<String> {
    let read = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    read.map(|entry| entry.path().display().to_string()).collect()
}

fn lines(path: &str) -> Vec<String> {
    fs::read_to_string(path).unwrap_or_default().lines().map(str::to_owned).collect()
}
