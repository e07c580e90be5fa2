//! The native executor beside which the others are put.

use std::path::Path;
use std::sync::Arc;

use executor::{Ceilings, CompileCacheSettings, LauncherCommand, NativeExecutor, Starts, load_languages};
use model::Limits;

use crate::bench::{LANGUAGES, repository};

/// As it is in boxes of its own, each made for its use.
pub fn start() -> Arc<NativeExecutor> {
    let mut languages = load_languages(&repository().join("languages")).expect("are readable");
    languages.retain(|loaded| LANGUAGES.contains(&loaded.language.id.as_str()));
    let program = std::env::current_exe().expect("has a path");
    let folder = program.parent().and_then(Path::parent).expect("lies in target/…/deps").to_owned();
    let command = LauncherCommand {
        program,
        arguments: vec!["launcher".to_owned()],
        runner: folder.join("code-runner-runner"),
        probe: folder.join("code-runner-probe"),
        ground: sandbox::Ground::take().expect("has a folder for lock files"),
        holes: sandbox::Holes::default(),
        starts: Starts::STRICT,
    };
    let ceilings = Ceilings { run: Limits::default(), compile: Limits::for_compiling() };
    let executor = NativeExecutor::start(&command, languages, ceilings, CompileCacheSettings::default(), 2);
    Arc::new(executor.expect("boxes can be made"))
}
