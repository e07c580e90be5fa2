//! The kinds of boxes the launcher is told about, before anything untrusted can be read.

use std::collections::BTreeMap;

use model::{ModeSpec, Preparation, WarmKind, WarmSpec};
use sandbox::{LauncherConfig, Limits, Root, Template, Warm};

use super::LauncherCommand;
use crate::languages::LoadedLanguage;
use crate::plan::{ANSWER, ARTIFACT, BoxKind, has_answer};

/// The folder in which the files of warm starts stand.
const WARM: &str = "/warm";

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
    let LoadedLanguage { language, harness, root } = loaded;
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
        warm: None,
    };
    let warmed = |template: Template, spec: &Option<WarmSpec>| match spec {
        Some(spec) => with_warm(template, spec, harness),
        None => template,
    };
    let version = template("version".to_owned(), &language.version_command, None, &ceilings.run);
    let mut kinds = vec![(BoxKind::Version(id()), version)];
    for (mode, ModeSpec { source: _, harness: _, preparation, run, warm, warm_compile, wrapper: _ }) in &language.modes
    {
        let named = |what: &str| format!("{what} {}", mode.name());
        let answer = has_answer(*mode).then_some(ANSWER);
        let runs = warmed(template(named("run"), run, answer, &ceilings.run), warm);
        kinds.push((BoxKind::Run(id(), *mode), runs));
        match preparation {
            Preparation::None => {}
            Preparation::Check(command) => {
                let checks = template(named("check"), command, None, &ceilings.compile);
                kinds.push((BoxKind::Check(id(), *mode), checks));
            }
            Preparation::Compile { command, artifact: _ } => {
                let compiles = template(named("compile"), command, Some(ARTIFACT), &ceilings.compile);
                kinds.push((BoxKind::Compile(id(), *mode), warmed(compiles, warm_compile)));
            }
        }
    }
    kinds
}

/// The same kind of box, in which the program can be started before there is anything for it to do.
fn with_warm(template: Template, spec: &WarmSpec, contents: &BTreeMap<String, String>) -> Template {
    let WarmSpec { kind, files, command } = spec;
    // All of them were read when the language was.
    let file = |name: &String| (format!("{WARM}/{name}"), contents.get(name).cloned().unwrap_or_default());
    let files = files.iter().map(file).collect();
    let kind = match kind {
        WarmKind::Process => sandbox::WarmKind::Process,
        WarmKind::Fork => sandbox::WarmKind::Fork,
    };
    Template { warm: Some(Warm { kind, argv: command.clone(), files }), ..template }
}

/// Does its program have a process, and memory, of its own while it waits?
pub fn is_heavy(template: &Template) -> bool {
    template.warm.as_ref().is_some_and(|warm| warm.kind == sandbox::WarmKind::Process)
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
    let LauncherCommand { program: _, arguments: _, runner, probe: _, ground, holes, starts } = command;
    LauncherConfig {
        templates,
        slots,
        runner: runner.clone(),
        zygote: starts.zygote.clone(),
        strict: starts.strict,
        folder: ground.folder().to_owned(),
        holes: holes.clone(),
    }
}
