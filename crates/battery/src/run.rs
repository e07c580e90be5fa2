//! `battery run`: every case, alone and, if asked for, under load, with all checks; the tables and the report.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::bench::Bench;
use crate::canaries::Canaries;
use crate::cases::{self, Case};
use crate::catalogue::Catalogue;
use crate::checks::Outcome;
use crate::finding::Finding;
use crate::host::Look;
use crate::kernel_log::KernelLog;
use crate::options::{Common, Passes};
use crate::report::{self, Entry};
use crate::setup::StartPath;
use crate::size::Size;
use crate::tools::Tools;
use crate::{alone, controls, loaded, ordinary, summary};

/// The section `run` of the report.
#[derive(Serialize)]
struct Section {
    server: String,
    groups: Vec<summary::Row>,
    whole: Vec<Whole>,
    cases: Vec<Entry>,
}

/// What is only known of all cases on a path together.
#[derive(Debug, Default, Serialize)]
pub struct Whole {
    /// How the server was started.
    pub path: &'static str,
    /// Memory and data, before and after.
    pub size: [Size; 2],
    /// How many things of each kind there were on the host, before and after.
    pub host: [BTreeMap<String, usize>; 2],
    /// How many files of tool chains were compared.
    pub tool_files: usize,
    /// Were they read from the disk again?
    pub page_cache_was_dropped: bool,
    /// Could the kernel's log be read?
    pub kernel_log_is_readable: bool,
    /// What is wrong and no single case's fault.
    pub findings: Vec<Finding>,
}

/// Runs the battery. Was everything as it should be?
pub fn run(common: &Common, passes: &Passes) -> Result<bool, String> {
    let catalogue = Catalogue::load(&common.attacks)?;
    let cases = common.cases()?;
    let (mut entries, mut whole) = (Vec::new(), Vec::new());
    for (number, path) in common.paths().into_iter().enumerate() {
        // What load changes does not depend on who has started the server.
        let passes = Passes { loaded: passes.loaded && number == 0, ..*passes };
        let cases = if number == 0 { cases.clone() } else { passes.of_further(&cases) };
        whole.push(on_path(common, &passes, path, &cases, &mut entries)?);
    }
    let silent = controls::silent(&common.report);
    let groups = summary::by_group(&catalogue, &entries, &silent.clone().unwrap_or_default());
    summary::print_run(&catalogue, &groups, &entries, &whole);
    if silent.is_none() {
        println!("no control was run yet: `with control` is what the programs say of themselves");
    }
    let passed = entries.iter().all(|entry| entry.passed) && whole.iter().all(|whole| whole.findings.is_empty());
    let groups = groups.into_iter().map(summary::Row::from).collect();
    let server = common.server.display().to_string();
    report::write(&common.report, "run", &Section { server, groups, whole, cases: entries })?;
    Ok(passed)
}

fn on_path(
    common: &Common,
    passes: &Passes,
    path: StartPath,
    cases: &[Case],
    entries: &mut Vec<Entry>,
) -> Result<Whole, String> {
    let languages = with_ordinary(cases::languages(cases));
    let tools = (!common.skip_tools).then(|| Tools::digest(&common.languages(), &languages)).transpose()?;
    let canaries = Canaries::plant()?;
    let mut kernel_log = KernelLog::from_now();
    let mut bench = Bench::start(common.setup(path, &languages, None)?, &canaries)?;
    let (size, host) = (Size::of(&bench.server), bench.before.counts());

    let (usable, others) = bench.usable(cases);
    for (case, reason) in others {
        let findings = vec![Finding::new("language", reason)];
        entries.push(Entry::new(case, path.name(), "none", Outcome { findings, ..Outcome::default() }));
    }
    if !passes.loaded_only {
        run_alone(&mut bench, &usable, path, entries)?;
    }
    if passes.loaded || passes.loaded_only {
        let further: Vec<&Case> = usable.iter().copied().filter(|case| passes.has_further(case)).collect();
        run_loaded(&mut bench, &further, path, entries)?;
    }

    let mut whole = Whole {
        path: path.name(),
        size: [size, Size::of(&bench.server)],
        host: [host, Look::now(&bench.server.place).counts()],
        kernel_log_is_readable: kernel_log.is_readable(),
        ..Whole::default()
    };
    let complaints = kernel_log.complaints(&bench.server.place).into_iter();
    whole.findings.extend(complaints.map(|line| Finding::new("U8 kernel log", line)));
    let ended = bench.server.stop().and_then(|()| path.clean());
    whole.findings.extend(ended.err().map(|what| Finding::new("U8 server and launcher", what)));
    if let Some(tools) = tools {
        compare_tools(common, &languages, &tools, &mut whole)?;
    }
    Ok(whole)
}

fn run_alone(bench: &mut Bench<'_>, cases: &[&Case], path: StartPath, entries: &mut Vec<Entry>) -> Result<(), String> {
    for (number, case) in cases.iter().enumerate() {
        let outcome = alone::run(bench, case).without_known(case);
        tell(number, cases.len(), "alone", case, &outcome);
        bench.settle(&outcome.findings)?;
        entries.push(Entry::new(case, path.name(), "alone", outcome));
    }
    Ok(())
}

fn run_loaded(bench: &mut Bench<'_>, cases: &[&Case], path: StartPath, entries: &mut Vec<Entry>) -> Result<(), String> {
    for (chunk_number, chunk) in cases.chunks(loaded::CHUNK).enumerate() {
        let outcomes = loaded::run(bench, chunk).into_iter().zip(chunk);
        let outcomes: Vec<Outcome> = outcomes.map(|(outcome, case)| outcome.without_known(case)).collect();
        let findings: Vec<Finding> = outcomes.iter().flat_map(|outcome| outcome.findings.clone()).collect();
        for (number, (case, outcome)) in chunk.iter().zip(outcomes).enumerate() {
            tell(chunk_number * loaded::CHUNK + number, cases.len(), "loaded", case, &outcome);
            entries.push(Entry::new(case, path.name(), "loaded", outcome));
        }
        bench.settle(&findings)?;
    }
    Ok(())
}

/// The digests again, from the page cache and from the disk.
fn compare_tools(common: &Common, languages: &[String], before: &Tools, whole: &mut Whole) -> Result<(), String> {
    whole.tool_files = before.count();
    whole.findings.extend(before.differences(&Tools::digest(&common.languages(), languages)?, "in the page cache"));
    whole.page_cache_was_dropped = Tools::drop_page_cache();
    if whole.page_cache_was_dropped {
        whole.findings.extend(before.differences(&Tools::digest(&common.languages(), languages)?, "on the disk"));
    }
    Ok(())
}

/// The languages, and that of ordinary submissions.
pub fn with_ordinary(mut languages: Vec<String>) -> Vec<String> {
    if !languages.iter().any(|id| id == ordinary::LANGUAGE) {
        languages.push(ordinary::LANGUAGE.to_owned());
    }
    languages
}

/// A line of progress.
pub fn tell(number: usize, count: usize, what: &str, case: &Case, outcome: &Outcome) {
    let state = if outcome.findings.is_empty() { "ok" } else { "FAILED" };
    let seconds = outcome.elapsed.as_secs_f64();
    eprintln!("{:>4}/{count} {what} {state:<6} {seconds:>6.2} s  {}", number + 1, case.name);
    for finding in &outcome.findings {
        eprintln!("          {}: {}", finding.check, crate::compare::short(&finding.detail));
    }
}
