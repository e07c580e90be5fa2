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
use crate::checks::{self, Outcome};
use crate::finding::Finding;
use crate::options::Common;
use crate::run::{tell, with_ordinary};
use crate::server::StartPath;
use crate::summary::table;
use crate::{alone, report};

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
    let mut bench = Bench::start(common.setup(path, &languages, Some(holes))?, canaries)?;
    let mut controls = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let outcome = match bench.server.language(&case.language) {
            Ok(()) => run_one(&mut bench, case),
            // It has shown nothing, and so is silent.
            Err(reason) => {
                eprintln!("{}: {reason}", case.name);
                Outcome::default()
            }
        };
        tell(number, cases.len(), "control", case, &outcome);
        bench.settle(&outcome.findings)?;
        controls.push(Control {
            file: case.name.clone(),
            holes: holes.to_owned(),
            path: path.name().to_owned(),
            fired: !outcome.findings.is_empty(),
            verdicts: outcome.verdicts,
            findings: outcome.findings,
        });
    }
    bench.end();
    Ok(controls)
}

fn run_one(bench: &mut Bench<'_>, case: &Case) -> Outcome {
    // A case that takes longer by its own header must not fire for that.
    let patience = PATIENCE.max(checks::longest(case).min(checks::runs(case) + PATIENCE / 2));
    let (mut outcome, tasks) = alone::count_tasks(&bench.server.place, case, || {
        checks::post(&bench.server.client, case, bench.canaries, Some(patience))
    });
    if let Some(most) = case.header.tasks.filter(|most| tasks > *most) {
        outcome.findings.push(Finding::new("expectation", format!("at most {most} tasks are expected, seen {tasks}")));
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
