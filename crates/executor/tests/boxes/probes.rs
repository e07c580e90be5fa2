//! The probes of the wall: all hold on this host, and each finds a box that is not as it must be.
//!
//! The holes are those that a template can have, so that no build without a wall is needed to see them found.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use executor::{Executor, WallStatus};
use libtest_mimic::Trial;
use probe::{Expected, Task};
use sandbox::{
    Bind, BoxFile, BoxOutcome, BoxRequest, Exit, FileKind, Launcher, LauncherConfig, Limits, Root, StopFlag, Template,
};

use crate::bench::{Bench, Test, check, named};
use crate::host::Host;
use crate::launcher_command;

/// The tests of this file.
pub fn trials(bench: &Arc<Bench>) -> Vec<Trial> {
    let tests: [(&str, Test); 4] = [
        ("every_probe_of_the_wall_holds_on_this_host", every_probe_holds),
        ("a_probe_of_an_ordinary_box_finds_nothing", an_ordinary_box_has_no_hole),
        ("a_probe_finds_the_hole_of_its_template", each_hole_is_found),
        ("a_probe_finds_that_a_limit_is_not_the_one_it_was_told", each_other_limit_is_found),
    ];
    named(bench, tests)
}

fn every_probe_holds(bench: &Bench) -> Result<(), String> {
    let before = Host::look();
    let round = bench.block_on(bench.executor.probe());
    for probed in &round {
        println!("{:14} {:>6.1} ms {:?}", probed.name, probed.took.as_secs_f64() * 1e3, probed.result);
    }
    check(round.len() >= 10 && round.iter().all(|probed| probed.result.is_ok()), || format!("{round:#?}"))?;
    check(matches!(bench.executor.wall(), WallStatus::Intact { .. }), || format!("{:?}", bench.executor.wall()))?;
    bench.executor.ready()?;
    Host::wait_for(&before)
}

fn an_ordinary_box_has_no_hole(_: &Bench) -> Result<(), String> {
    let outcome = probe(&template(Task::Walls), LIMITS)?;
    check(outcome.exit == Exit::Status(0), || said(&outcome))
}

/// What a template must not have, the task that finds it, and a word of what that prints.
struct Hole {
    task: Task,
    make: fn(&mut Template, &Path),
    found: &'static str,
}

// Landlock, where the kernel has it, keeps a folder from being written whose mount would allow it.
const HOLES: [Hole; 6] = [
    Hole { task: Task::Files, make: shows_a_folder_to_write, found: "is not read-only" },
    Hole { task: Task::Files, make: shows_a_folder_of_the_host, found: "in / there is shared" },
    Hole { task: Task::Files, make: has_a_product, found: "/product can be written" },
    Hole { task: Task::Calls, make: fakes_locks, found: "flock reaches the kernel, and it worked" },
    Hole { task: Task::View, make: has_more_in_its_environment, found: "SECRET=1 is there and was not given" },
    Hole { task: Task::Walls, make: fakes_locks, found: "flock reaches the kernel" },
];

fn shows_a_folder_to_write(template: &mut Template, folder: &Path) {
    show(template, folder, true);
}

fn shows_a_folder_of_the_host(template: &mut Template, folder: &Path) {
    show(template, folder, false);
}

fn show(template: &mut Template, folder: &Path, writable: bool) {
    let (source, target) = (folder.to_owned(), "/shared".to_owned());
    template.root.binds.push(Bind { source, target, is_folder: true, writable });
}

fn has_a_product(template: &mut Template, _: &Path) {
    template.product = Some("/product".to_owned());
}

fn fakes_locks(template: &mut Template, _: &Path) {
    template.fake_locks = true;
}

fn has_more_in_its_environment(template: &mut Template, _: &Path) {
    template.env.push("SECRET=1".to_owned());
}

fn each_hole_is_found(_: &Bench) -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("code-runner-probes-{}", std::process::id()));
    std::fs::create_dir(&folder).map_err(|error| error.to_string())?;
    // A student's uid could write there, were it not for the box.
    std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o777))
        .map_err(|error| error.to_string())?;
    let results: Vec<Result<(), String>> = HOLES.iter().map(|hole| hole.is_found(&folder)).collect();
    // Not remove_dir_all: a probe removes what it could make.
    std::fs::remove_dir(&folder).map_err(|error| error.to_string())?;
    results.into_iter().collect()
}

impl Hole {
    fn is_found(&self, folder: &Path) -> Result<(), String> {
        let Self { task, make, found } = self;
        let mut template = template(*task);
        make(&mut template, folder);
        let outcome = probe(&template, LIMITS)?;
        let said = said(&outcome);
        check(outcome.exit == Exit::Status(probe::BROKEN.into()) && said.contains(found), || format!("{found}: {said}"))
    }
}

fn each_other_limit_is_found(_: &Bench) -> Result<(), String> {
    let others = [
        (Task::View, Limits { open_files: LIMITS.open_files + 1, ..LIMITS }),
        (Task::View, Limits { processes: LIMITS.processes + 1, ..LIMITS }),
        (Task::Fork, Limits { processes: LIMITS.processes + 1, ..LIMITS }),
        (Task::Fill, Limits { file_bytes: LIMITS.file_bytes * 2, ..LIMITS }),
        (Task::Memory, Limits { memory_kib: LIMITS.memory_kib * 8, ..LIMITS }),
    ];
    for (task, limits) in others {
        let outcome = probe(&template(task), limits.clone())?;
        let broken = outcome.exit == Exit::Status(probe::BROKEN.into()) && outcome.hit.is_none();
        check(broken, || format!("{task:?} {limits:?}: {outcome:?}"))?;
    }
    Ok(())
}

const LIMITS: Limits = Limits {
    cpu_time: Duration::from_secs(10),
    wall_time: Duration::from_secs(20),
    memory_kib: 64 * 1024,
    processes: 8,
    output_bytes: 64 * 1024,
    file_bytes: 2 * 1024 * 1024,
    open_files: 32,
};

/// A probe's box as it must be. The probe is told [`LIMITS`], whatever its box has.
fn template(task: Task) -> Template {
    let Limits { memory_kib, processes, file_bytes, open_files, .. } = LIMITS;
    let expected = Expected {
        memory_kib,
        processes: processes.into(),
        file_bytes,
        open_files: open_files.into(),
        landlock: sandbox::has_landlock(),
        env: vec!["A=1".to_owned()],
    };
    let program = format!("/code/{}", probe::PROGRAM);
    Template {
        name: task.word().to_owned(),
        root: Root { own_files: vec![(probe::UID_FILE.to_owned(), "{uid}".to_owned())], ..Root::default() },
        argv: std::iter::once(program).chain(probe::words(task, &expected)).collect(),
        env: expected.env,
        product: None,
        fake_locks: false,
        ceiling: LIMITS,
        warm: None,
    }
}

/// One box with these limits, of a launcher of its own.
fn probe(template: &Template, limits: Limits) -> Result<BoxOutcome, String> {
    let command = launcher_command();
    let template = Template { ceiling: limits.clone(), ..template.clone() };
    let config = LauncherConfig {
        templates: vec![template],
        slots: 1,
        runner: command.runner,
        zygote: None,
        strict: true,
        folder: command.ground.folder().to_owned(),
        holes: sandbox::Holes::default(),
    };
    let run = || -> Result<BoxOutcome, Box<dyn std::error::Error>> {
        let files = [BoxFile::new(probe::PROGRAM, FileKind::Executable, &std::fs::read(&command.probe)?)?];
        let (launcher, mut slots) = Launcher::start(&command.program, &["launcher"], &config)?;
        let request = BoxRequest { template: 0, args: &[], files: &files, stdin: &[], limits };
        let outcome = slots[0].run(&request, &StopFlag::new()?);
        drop(slots);
        launcher.wait()?;
        Ok(outcome?)
    };
    run().map_err(|error| error.to_string())
}

fn said(outcome: &BoxOutcome) -> String {
    format!("{:?} {:?}: {}", outcome.exit, outcome.hit, String::from_utf8_lossy(&outcome.stdout.bytes))
}
