//! `battery soak`: thousands of ordinary submissions in several languages with attacks among them, several in flight.
//! Each must be answered rightly, and nothing may be left or have grown at the end.
//!
//! Whether an attack leaves something at once is what `run` asks; here it is whether little things add up.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::Serialize;

use crate::bench::Bench;
use crate::canaries::Canaries;
use crate::cases::{self, Case};
use crate::checks;
use crate::finding::Finding;
use crate::host::Look;
use crate::options::Common;
use crate::ordinary::{self, Exercise};
use crate::report;
use crate::size::Size;
use crate::summary::table;

/// Every tenth submission is an attack.
const ATTACK_EVERY: usize = 10;

/// The most CPU time and time on the clock together that an attack here may have.
const SHORT: Duration = Duration::from_secs(2);

/// How often sizes are taken.
const STEPS: usize = 10;

/// Memory that is no growth: so much more than at the second step, in KiB, and half of it.
const ROOM_KIB: u64 = 32 << 10;

/// The most findings that are kept; after them all is said.
const MOST_FINDINGS: usize = 200;

/// The section `soak` of the report.
#[derive(Serialize)]
struct Section {
    submissions: usize,
    attacks: usize,
    seconds: f64,
    sizes: Vec<Step>,
    findings: Vec<Finding>,
}

/// The sizes when so many submissions were done.
#[derive(Clone, Copy, Serialize)]
struct Step {
    submissions: usize,
    size: Size,
}

/// All that is to be done and all that was seen.
struct Soak<'a> {
    bench: &'a Bench<'a>,
    attacks: Vec<&'a Case>,
    count: usize,
    next: AtomicUsize,
    done: AtomicUsize,
    steps: Mutex<Vec<Step>>,
    findings: Mutex<Vec<Finding>>,
}

/// Runs it on each path. Was all right, and is nothing left?
pub fn run(common: &Common, count: usize, parallel: usize) -> Result<bool, String> {
    let cases: Vec<Case> = common.cases()?.into_iter().filter(is_short).collect();
    let languages =
        cases::languages(&cases).into_iter().chain(ordinary::exercises().map(|one| one.language.to_owned()));
    let mut languages: Vec<String> = languages.collect();
    languages.sort();
    languages.dedup();
    let mut sections = Vec::new();
    for path in common.paths() {
        let canaries = Canaries::plant()?;
        let mut bench = Bench::start(common.setup(path, &languages, None)?, &canaries)?;
        let section = soak(&mut bench, &cases, count, parallel)?;
        print(&section);
        let stopped = bench.server.stop();
        sections.push(section);
        stopped?;
    }
    report::write(&common.report, "soak", &sections)?;
    Ok(sections.iter().all(|section| section.findings.is_empty()))
}

fn soak(bench: &mut Bench<'_>, cases: &[Case], count: usize, parallel: usize) -> Result<Section, String> {
    for exercise in ordinary::exercises() {
        bench.server.language(exercise.language)?;
        exercise.run(&bench.server.client)?;
    }
    bench.before = Look::now(&bench.server.place);
    let started = std::time::Instant::now();
    let (steps, mut findings) = {
        let (attacks, _) = bench.usable(cases);
        let first = Step { submissions: 0, size: Size::of(&bench.server) };
        let soak = Soak {
            bench,
            attacks,
            count,
            next: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            steps: Mutex::new(vec![first]),
            findings: Mutex::default(),
        };
        std::thread::scope(|scope| (0..parallel).for_each(|_| drop(scope.spawn(|| soak.lane()))));
        (soak.steps.into_inner().expect("nobody panics"), soak.findings.into_inner().expect("nobody panics"))
    };
    let seconds = started.elapsed().as_secs_f64();
    findings.extend(bench.look_around());
    findings.extend(growth(&steps));
    Ok(Section { submissions: count, attacks: count / ATTACK_EVERY, seconds, sizes: steps, findings })
}

impl Soak<'_> {
    /// One of the submissions in flight after the other.
    fn lane(&self) {
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.count {
                return;
            }
            self.submit(number);
            let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
            if done.is_multiple_of((self.count / STEPS).max(1)) {
                eprintln!("{done}/{}", self.count);
                let step = Step { submissions: done, size: Size::of(&self.bench.server) };
                self.steps.lock().expect("nobody panics").push(step);
            }
        }
    }

    fn submit(&self, number: usize) {
        let client = &self.bench.server.client;
        let is_attack = number % ATTACK_EVERY == ATTACK_EVERY - 1;
        // Neighbours in the list are much alike; a large prime makes long steps through it.
        let draw = number / ATTACK_EVERY * 7919 % self.attacks.len().max(1);
        match self.attacks.get(draw).filter(|_| is_attack) {
            Some(case) => {
                let outcome = checks::post(client, case, self.bench.canaries, None);
                let named = outcome
                    .findings
                    .into_iter()
                    .map(|finding| Finding::new(&finding.check, format!("{}: {}", case.name, finding.detail)));
                self.report(named.collect());
            }
            None => {
                let exercises: Vec<Exercise> = ordinary::exercises().collect();
                let exercise = &exercises[number % exercises.len()];
                let wrong = exercise.run(client).err();
                self.report(wrong.map(|what| Finding::new("ordinary", what)).into_iter().collect());
            }
        }
    }

    fn report(&self, found: Vec<Finding>) {
        for finding in &found {
            eprintln!("{}: {}", finding.check, finding.detail);
        }
        let mut findings = self.findings.lock().expect("nobody panics");
        let room = MOST_FINDINGS.saturating_sub(findings.len());
        findings.extend(found.into_iter().take(room));
    }
}

/// Ends soon, and is one submission.
fn is_short(case: &Case) -> bool {
    let header = &case.header;
    let is_a_probe = header.expected.iter().all(|expected| expected.output.as_deref() == Some("held"));
    let is_short = header.limits.cpu_time() + header.limits.wall_time() <= SHORT;
    !header.full && header.copies == 1 && (is_short || is_a_probe)
}

/// Memory that grew after everything had been warmed up.
fn growth(steps: &[Step]) -> Vec<Finding> {
    let (Some(warm), Some(last)) = (steps.get(2), steps.last()) else { return Vec::new() };
    let processes = [
        ("the server", warm.size.server_kib, last.size.server_kib),
        ("the launcher", warm.size.launcher_kib, last.size.launcher_kib),
    ];
    let grew = processes.into_iter().filter(|(_, warm, last)| *last > warm + warm / 2 + ROOM_KIB);
    grew.map(|(who, warm, last)| Finding::new("U6 memory", format!("{who} grew from {warm} to {last} KiB"))).collect()
}

fn print(section: &Section) {
    let mut table = table(&["submissions", "server KiB", "launcher KiB", "data KiB"]);
    for Step { submissions, size } in &section.sizes {
        let Size { server_kib, launcher_kib, data_bytes } = size;
        table.add_row(
            [*submissions as u64, *server_kib, *launcher_kib, data_bytes / 1024].map(|number| number.to_string()),
        );
    }
    println!("{table}");
    let Section { submissions, attacks, seconds, findings, .. } = section;
    println!("{submissions} submissions, {attacks} of them attacks, in {seconds:.0} s; {} findings", findings.len());
    for finding in findings {
        println!("    {}: {}", finding.check, crate::compare::short(&finding.detail));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_may_settle_but_not_grow_on_and_on() {
        let step = |server_kib| Step { submissions: 0, size: Size { server_kib, ..Size::default() } };
        let sizes = |sizes: [u64; 4]| growth(&sizes.map(step)).len();
        assert_eq!(sizes([10_000, 40_000, 40_000, 90_000]), 0);
        assert_eq!(sizes([10_000, 40_000, 40_000, 93_000]), 1);
    }
}
