//! The kinds of boxes the launcher is told about, before anything untrusted can be read.

use model::{ModeSpec, Preparation};
use sandbox::{LauncherConfig, Limits, Root, Template};

use super::LauncherCommand;
use crate::languages::LoadedLanguage;
use crate::plan::{ANSWER, ARTIFACT, BoxKind, has_answer};

/// The operator's maximum for each kind of work.
#[derive(Debug, Clone)]
pub struct Ceilings {
    /// What a run may use at most.
    pub run: model::Limits,
    /// What a compiler may use.
    pub compile: model::Limits,
}

/// For every language that is installed, one template that prints its version, and for each mode one that
/// runs and one that compiles or checks; the kinds are in the order of the templates.
pub fn templates(languages: &[LoadedLanguage], ceilings: &Ceilings) -> (Vec<BoxKind>, Vec<Template>) {
    languages.iter().flat_map(|loaded| of_language(loaded, ceilings)).unzip()
}

fn of_language(loaded: &LoadedLanguage, ceilings: &Ceilings) -> Vec<(BoxKind, Template)> {
    let LoadedLanguage { language, harness: _, root } = loaded;
    let Ok(root) = root else { return Vec::new() };
    let id = || language.id.clone();
    let env: Vec<String> = language.env.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let template = |what: String, argv: &[String], product: Option<&str>, ceiling: &model::Limits| Template {
        name: format!("{} {what}", language.id),
        root: Root::clone(root),
        argv: argv.to_vec(),
        env: env.clone(),
        product: product.map(str::to_owned),
        fake_locks: language.fake_locks,
        ceiling: box_limits(ceiling),
    };
    let version = template("version".to_owned(), &language.version_command, None, &ceilings.run);
    let mut kinds = vec![(BoxKind::Version(id()), version)];
    for (mode, ModeSpec { source: _, harness: _, preparation, run, wrapper: _ }) in &language.modes {
        let named = |what: &str| format!("{what} {}", mode.name());
        let answer = has_answer(*mode).then_some(ANSWER);
        kinds.push((BoxKind::Run(id(), *mode), template(named("run"), run, answer, &ceilings.run)));
        match preparation {
            Preparation::None => {}
            Preparation::Check(command) => {
                let checks = template(named("check"), command, None, &ceilings.compile);
                kinds.push((BoxKind::Check(id(), *mode), checks));
            }
            Preparation::Compile { command, artifact: _ } => {
                let compiles = template(named("compile"), command, Some(ARTIFACT), &ceilings.compile);
                kinds.push((BoxKind::Compile(id(), *mode), compiles));
            }
        }
    }
    kinds
}

/// The model's limits in the sandbox's terms. Exhaustive on purpose: a new limit must be decided upon here.
pub fn box_limits(limits: &model::Limits) -> Limits {
    let model::Limits { cpu_time, wall_time, memory_kib, processes, output_bytes, file_bytes, open_files } = limits;
    Limits {
        cpu_time: *cpu_time,
        wall_time: *wall_time,
        memory_kib: *memory_kib,
        processes: *processes,
        output_bytes: *output_bytes,
        file_bytes: *file_bytes,
        open_files: *open_files,
    }
}

/// What the launcher is started with.
pub fn launcher_config(templates: Vec<Template>, slots: u16, command: &LauncherCommand) -> LauncherConfig {
    let LauncherCommand { program: _, arguments: _, runner, probe: _, ground, holes } = command;
    LauncherConfig {
        templates,
        slots,
        runner: runner.clone(),
        folder: ground.folder().to_owned(),
        holes: holes.clone(),
    }
}
