//! The kinds of boxes the launcher is told about, before anything untrusted can be read.

use sandbox::{LauncherConfig, Limits, Template};

use crate::languages::LoadedLanguage;
use crate::plan::{BoxKind, has_answer};

/// One template per language and mode, and one per language that prints its version; the kinds are
/// in the order of the templates.
pub fn templates(languages: &[LoadedLanguage]) -> (Vec<BoxKind>, Vec<Template>) {
    languages.iter().flat_map(of_language).unzip()
}

fn of_language(loaded: &LoadedLanguage) -> Vec<(BoxKind, Template)> {
    let LoadedLanguage { language, harnesses: _, root } = loaded;
    let env: Vec<String> = language.env.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let template = |what: &str, argv: &[String], answer| Template {
        name: format!("{} {what}", language.id),
        root: root.clone(),
        argv: argv.to_vec(),
        env: env.clone(),
        answer,
    };
    let runs = language.modes.iter().map(|(mode, spec)| {
        let kind = BoxKind::Run(language.id.clone(), *mode);
        (kind, template(mode.name(), &spec.run, has_answer(*mode)))
    });
    let version = (BoxKind::Version(language.id.clone()), template("version", &language.version_command, false));
    runs.chain([version]).collect()
}

/// The operator's maximum, in the sandbox's terms. Exhaustive on purpose: a new limit must be
/// decided upon here.
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
pub fn launcher_config(
    templates: Vec<Template>,
    slots: u16,
    ceiling: &model::Limits,
    runner: std::path::PathBuf,
) -> LauncherConfig {
    LauncherConfig { templates, slots, ceiling: box_limits(ceiling), runner }
}
