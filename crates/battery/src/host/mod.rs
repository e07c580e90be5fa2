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

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

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

    /// What is there that was not there before, once it has had time to go: a killed process is gone when its parent has
    /// noticed, and that of an orphan is the host's own. The server's own boxes, in which it tries its languages, are not
    /// told from others; `patience` has to be longer than they live.
    pub fn left_since(place: &Place, before: &Self, patience: Duration) -> Vec<Finding> {
        Self::left_of(|| Self::now(place), before, patience)
    }

    fn left_of(mut look: impl FnMut() -> Self, before: &Self, patience: Duration) -> Vec<Finding> {
        let deadline = Instant::now() + patience;
        let mut still = look();
        loop {
            let left = still.beyond(before);
            if left.is_empty() || Instant::now() >= deadline {
                return left;
            }
            std::thread::sleep(PAUSE);
            still.keep_what_is_in(&look());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup;

    /// A look that finds these cgroups, which the launcher has files of.
    fn with(boxes: &[&str]) -> Look {
        let cgroups = boxes.iter().map(|name| (*name).to_owned()).collect();
        let files = boxes.iter().map(|name| (format!("launcher: {name}/tasks"), 1)).collect();
        Look { things: BTreeMap::from([("U2 cgroups", cgroups)]), descriptors: files }
    }

    fn left(looks: &[&[&str]], patience: Duration) -> Vec<String> {
        let mut looks = looks.iter();
        let mut last = with(&[]);
        let look = || {
            if let Some(boxes) = looks.next() {
                last = with(boxes);
            }
            last.clone()
        };
        Look::left_of(look, &with(&[]), patience).into_iter().map(|finding| finding.check).collect()
    }

    #[test]
    fn a_box_in_which_the_server_tries_a_language_is_not_left() {
        let looks: [&[&str]; 4] = [&["7-1"], &["7-1"], &["7-1"], &[]];
        assert!(left(&looks, setup::PATIENCE).is_empty());
    }

    #[test]
    fn of_boxes_that_come_and_go_none_is_left() {
        let looks: [&[&str]; 3] = [&["7-1"], &["7-1", "7-2"], &["7-2", "7-3"]];
        assert!(left(&looks, setup::PATIENCE).is_empty());
    }

    #[test]
    fn what_does_not_go_is_left() {
        assert_eq!(left(&[&["7-1"]], setup::PATIENCE_WITH_HOLES), ["U2 cgroups", "U3 descriptors"]);
    }
}
