//! `battery controls`: a program that can not notice an open hole shows nothing. Each case that names holes is run
//! against a server in which these are open, and must fail there.
//!
//! An open hole really lets the program out, as far as the case goes. So what it leaves on the host is removed after
//! each, and the server is started afresh whenever something was left.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::bench::Bench;
use crate::canaries::Canaries;
use crate::cases::{self, Case};
use crate::checks::{self, ANSWER, BLAME, Outcome};
use crate::finding::Finding;
use crate::options::Common;
use crate::run::with_ordinary;
use crate::setup::StartPath;
use crate::summary::table;
use crate::{alone, compare, report};

/// How long a verdict is waited for. With limits left out there may be none.
const PATIENCE: Duration = Duration::from_secs(20);

/// One case with its holes open.
#[derive(Debug, Serialize, Deserialize)]
struct Control {
    file: String,
    holes: String,
    path: String,
    fired: bool,
    verdicts: Vec<String>,
    findings: Vec<Finding>,
}

/// Runs all controls. Did all of them fire?
pub fn run(common: &Common) -> Result<bool, String> {
    let cases: Vec<Case> = common.cases()?.into_iter().filter(|case| !case.header.control.is_empty()).collect();
    let mut sets: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for case in cases {
        sets.entry(case.header.control.join("+")).or_default().push(case);
    }
    let (canaries, mut controls) = (Canaries::plant()?, Vec::new());
    for path in common.paths() {
        for (number, (holes, cases)) in sets.iter().enumerate() {
            eprintln!("set {}/{}: {holes}", number + 1, sets.len());
            controls.extend(run_set(common, path, holes, cases, &canaries)?);
        }
    }
    print(&controls);
    report::write(&common.report, "controls", &controls)?;
    Ok(controls.iter().all(|control| control.fired))
}

/// The programs whose control did not fire, if controls were ever run.
pub fn silent(report: &Path) -> Option<BTreeSet<String>> {
    let controls: Vec<Control> = serde_json::from_value(report::section(report, "controls")?).ok()?;
    Some(controls.into_iter().filter(|control| !control.fired).map(|control| control.file).collect())
}

fn run_set(
    common: &Common,
    path: StartPath,
    holes: &str,
    cases: &[Case],
    canaries: &Canaries,
) -> Result<Vec<Control>, String> {
    let languages = with_ordinary(cases::languages(cases));
    let control = |case: &Case, outcome| Control::new(case, holes, path, outcome);
    let mut bench = match Bench::start(common.setup(path, &languages, Some(holes))?, canaries) {
        Ok(bench) => bench,
        // The others may still show something.
        Err(what) => return Ok(cases.iter().map(|case| control(case, not_run(case, &what))).collect()),
    };
    let mut controls = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let outcome = match bench.server.language(&case.language) {
            Ok(()) => run_one(&mut bench, case),
            Err(reason) => not_run(case, &reason),
        };
        let outcome_findings = outcome.findings.clone();
        controls.push(control(case, outcome));
        tell(number, cases.len(), &controls[number]);
        bench.settle(&outcome_findings)?;
    }
    bench.end();
    Ok(controls)
}

/// What has not run has shown nothing.
fn not_run(case: &Case, why: &str) -> Outcome {
    eprintln!("{}: {why}", case.name);
    Outcome { findings: vec![Finding::new(ANSWER, why)], ..Outcome::default() }
}

fn tell(number: usize, count: usize, control: &Control) {
    let Control { file, fired, findings, .. } = control;
    let why = findings.first().map(|finding| format!("{}: {}", finding.check, compare::short(&finding.detail)));
    let state = if *fired { "fired" } else { "SILENT" };
    eprintln!("{:>4}/{count} {state:<6} {file}  {}", number + 1, why.unwrap_or_default());
}

impl Control {
    fn new(case: &Case, holes: &str, path: StartPath, outcome: Outcome) -> Self {
        let Outcome { verdicts, findings, .. } = outcome;
        Self {
            file: case.name.clone(),
            holes: holes.to_owned(),
            path: path.name().to_owned(),
            fired: has_fired(&findings),
            verdicts,
            findings,
        }
    }
}

/// Was it the program that noticed? A server that does not run it shows nothing.
fn has_fired(findings: &[Finding]) -> bool {
    let is_broken = |finding: &Finding| finding.check == BLAME;
    !findings.iter().any(is_broken) && findings.iter().any(|finding| finding.check != ANSWER)
}

fn run_one(bench: &mut Bench<'_>, case: &Case) -> Outcome {
    // A case that takes longer by its own header must not fire for that.
    let patience = PATIENCE.max(checks::longest(case).min(checks::runs(case) + PATIENCE / 2));
    let (mut outcome, tasks) = alone::count_tasks(&bench.server.place, case, || {
        checks::post(&bench.server.client, case, bench.canaries, Some(patience))
    });
    if let Some(most) = case.header.tasks.filter(|most| tasks > *most) {
        outcome
            .findings
            .push(Finding::new(checks::EXPECTATION, format!("at most {most} tasks are expected, seen {tasks}")));
    }
    outcome.findings.extend(bench.look_around());
    outcome
}

fn print(controls: &[Control]) {
    let mut sets: BTreeMap<&str, Vec<&Control>> = BTreeMap::new();
    for control in controls {
        sets.entry(&control.holes).or_default().push(control);
    }
    let mut table = table(&["holes", "probes", "fired", "silent"]);
    for (holes, controls) in sets {
        let silent: Vec<&str> =
            controls.iter().filter(|control| !control.fired).map(|control| &*control.file).collect();
        let fired = (controls.len() - silent.len()).to_string();
        table.add_row([holes.to_owned(), controls.len().to_string(), fired, silent.join("\n")]);
    }
    println!("{table}");
    let fired = controls.iter().filter(|control| control.fired).count();
    println!("{} probes, {fired} fired, {} silent", controls.len(), controls.len() - fired);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_program_noticed_counts() {
        let finding = |check| Finding::new(check, "");
        assert!(!has_fired(&[]));
        assert!(!has_fired(&[finding(ANSWER)]));
        assert!(!has_fired(&[finding(BLAME), finding("expectation")]));
        assert!(has_fired(&[finding("expectation")]));
        assert!(has_fired(&[finding(ANSWER), finding("U8 server and launcher")]));
    }
}
