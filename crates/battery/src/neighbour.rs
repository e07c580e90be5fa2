//! `battery neighbour`: how much longer an ordinary submission takes beside each attack.
//!
//! A measurement, with no opinion of what is too much. Before and after each attack the same is measured without it,
//! so that whatever else the machine does is in both.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde::Serialize;

use crate::bench::Bench;
use crate::canaries::Canaries;
use crate::cases::{self, Case};
use crate::catalogue::Catalogue;
use crate::checks;
use crate::options::Common;
use crate::run::with_ordinary;
use crate::summary::table;
use crate::{ordinary, report};

/// One program stands for an attack, in the first of these languages that has one.
const PREFERRED: [&str; 3] = ["c", "python", "bash"];

/// The last attack that is about what a program uses or reaches; those after it are about single calls and answers.
const LAST: &str = "A-090";

/// Times of ordinary submissions, from the request to the answer, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
struct Times {
    p50: f64,
    p95: f64,
    max: f64,
}

/// One attack and its neighbour.
#[derive(Debug, Serialize)]
struct Beside {
    ids: Vec<String>,
    file: String,
    /// How often the attack was submitted meanwhile.
    submissions: usize,
    alone: Times,
    beside: Times,
    /// 95 of 100 beside it, to 95 of 100 alone.
    ratio: f64,
}

/// Measures and prints. Fails only if an ordinary submission is answered wrongly.
pub fn run(common: &Common, count: usize) -> Result<bool, String> {
    let catalogue = Catalogue::load(&common.attacks)?;
    let chosen = choose(&catalogue, common.cases()?);
    let languages = with_ordinary(cases::languages(&chosen));
    let canaries = Canaries::plant()?;
    let mut measured = Vec::new();
    for path in common.paths() {
        let bench = Bench::start(common.setup(path, &languages, None)?, &canaries)?;
        let (usable, _) = bench.usable(&chosen);
        let mut alone = samples(&bench, count)?;
        for (number, case) in usable.iter().enumerate() {
            let (beside, submissions) = beside(&bench, case, count)?;
            let after = samples(&bench, count)?;
            let (alone_times, beside) = (times(alone.iter().chain(&after)), times(&beside));
            let ratio = beside.p95 / alone_times.p95;
            eprintln!("{}/{} {ratio:.2} {}", number + 1, usable.len(), case.name);
            let (ids, file) = (case.header.ids.clone(), case.name.clone());
            measured.push(Beside { ids, file, submissions, alone: alone_times, beside, ratio });
            alone = after;
        }
        bench.server.stop()?;
    }
    measured.sort_by(|one, other| other.ratio.total_cmp(&one.ratio));
    print(&measured);
    report::write(&common.report, "neighbour", &measured)?;
    Ok(true)
}

/// One program for each attack up to [`LAST`], each program once.
fn choose(catalogue: &Catalogue, cases: Vec<Case>) -> Vec<Case> {
    let wanted = catalogue.attacks.iter().map(|attack| attack.id.as_str()).filter(|id| (..=LAST).contains(id));
    let rank = |case: &&Case| PREFERRED.iter().position(|id| *id == case.language).unwrap_or(PREFERRED.len());
    let mut chosen: Vec<&Case> = Vec::new();
    for id in wanted {
        let best = cases.iter().filter(|case| case.header.ids.iter().any(|has| has == id)).min_by_key(rank);
        if let Some(best) = best.filter(|best| chosen.iter().all(|case| case.name != best.name)) {
            chosen.push(best);
        }
    }
    chosen.into_iter().cloned().collect()
}

/// So many ordinary submissions, one after the other, in milliseconds.
fn samples(bench: &Bench<'_>, count: usize) -> Result<Vec<f64>, String> {
    let one = |_| ordinary::neighbour(&bench.server.client).map(|answer| answer.elapsed.as_secs_f64() * 1000.0);
    (0..count).map(one).collect()
}

/// The same while the attack is submitted again as soon as it is answered, and how often that was.
fn beside(bench: &Bench<'_>, case: &Case, count: usize) -> Result<(Vec<f64>, usize), String> {
    let (is_over, submissions) = (AtomicBool::new(false), AtomicUsize::new(0));
    let samples = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                submissions.fetch_add(1, Ordering::Relaxed);
                checks::post(&bench.server.client, case, bench.canaries, None);
            }
        });
        let samples = samples(bench, count);
        is_over.store(true, Ordering::Relaxed);
        samples
    });
    samples.map(|samples| (samples, submissions.into_inner()))
}

fn times<'a>(samples: impl IntoIterator<Item = &'a f64>) -> Times {
    let mut sorted: Vec<f64> = samples.into_iter().copied().collect();
    sorted.sort_by(f64::total_cmp);
    // The smallest that so many of a hundred do not exceed.
    let part = |hundredths: usize| sorted[(sorted.len() * hundredths).div_ceil(100).max(1) - 1];
    Times { p50: part(50), p95: part(95), max: part(100) }
}

fn print(measured: &[Beside]) {
    let mut table =
        table(&["attack", "program", "p95 ratio", "alone p50/p95/max ms", "beside it p50/p95/max ms", "runs"]);
    let shown = |times: &Times| format!("{:.0} / {:.0} / {:.0}", times.p50, times.p95, times.max);
    for Beside { ids, file, submissions, alone, beside, ratio } in measured {
        let ratio = format!("{ratio:.2}");
        table.add_row([ids.join(" "), file.clone(), ratio, shown(alone), shown(beside), submissions.to_string()]);
    }
    println!("{table}");
    if let Some(worst) = measured.first() {
        println!("worst: {} ({}), {:.2} times p95 alone", worst.file, worst.ids.join(" "), worst.ratio);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_samples() {
        let samples: Vec<f64> = (1..=40).rev().map(f64::from).collect();
        assert_eq!(times(&samples), Times { p50: 20.0, p95: 38.0, max: 40.0 });
        assert_eq!(times(&[7.0]), Times { p50: 7.0, p95: 7.0, max: 7.0 });
    }

    #[test]
    fn one_program_stands_for_an_attack() {
        let catalogue: Catalogue = toml::from_str(
            "group = []\n\
            [[attack]]\nid = \"A-001\"\ngroup = \"A1\"\nwhat = \"w\"\nlanguages = []\n\
            [[attack]]\nid = \"A-091\"\ngroup = \"A1\"\nwhat = \"w\"\nlanguages = []\n",
        )
        .expect("is right");
        let case = |language: &str, id: &str| {
            let code = format!("#: what w\n#: id {id}\n#: expect ok\n");
            let header = code.parse().expect("is right");
            Case { name: format!("{language}/a"), language: language.to_owned(), code, header }
        };
        let cases = vec![case("java", "A-001"), case("python", "A-001"), case("c", "A-091")];
        let names: Vec<String> = choose(&catalogue, cases).into_iter().map(|case| case.name).collect();
        assert_eq!(names, ["python/a"]);
    }
}
