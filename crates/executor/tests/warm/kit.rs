//! The kit of each language that has a warm start, with boxes that are warm: every case of it must come out as it does cold,
//! and with a warm start.

use std::sync::{Arc, Mutex, PoisonError};

use executor::kit::{Example, load_examples, load_kit, try_example};
use executor::{LoadedLanguage, NativeExecutor};
use libtest_mimic::{Failed, Trial};
use model::{ExecId, Language, Limits};
use uuid::Uuid;

use crate::{Bench, languages, repository};

/// What is tested here, as far as it can be started warm. It must be installed; `make test` (see TESTED in the Makefile)
/// sees to it.
const TESTED: [&str; 8] = ["c", "cpp", "go", "java", "javascript", "python", "rust", "typescript"];

/// Those that have a warm start.
pub fn warm_languages(loaded: &[LoadedLanguage]) -> Vec<String> {
    let languages = loaded.iter().map(|loaded| &loaded.language);
    languages.filter(|language| TESTED.contains(&&*language.id) && is_warm(language)).map(|l| l.id.clone()).collect()
}

fn is_warm(language: &Language) -> bool {
    language.modes.values().any(|mode| mode.warm.is_some() || mode.warm_compile.is_some())
}

/// One test for each case of the language. They share an executor, which the first makes and the last ends.
pub fn trials(id: &str) -> Vec<Trial> {
    let folder = repository().join("languages");
    let kit = load_kit(&folder).expect("the kit is right");
    let loaded = languages();
    let language = &loaded.iter().find(|loaded| loaded.language.id == id).expect("is there").language;
    let examples = load_examples(&folder, &kit, language).expect("every case is there");
    let shared = Arc::new(Mutex::new((None, examples.len())));
    let trial = |example: Example| {
        let (language, shared) = (language.clone(), Arc::clone(&shared));
        Trial::test(format!("warm/{id}/{}", example.case.name), move || {
            let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
            let bench = match shared.0.take() {
                Some(bench) => bench,
                None => Bench::of(&language.id)?,
            };
            let result = try_warm(&bench, &language, &example);
            shared.1 -= 1;
            shared.0 = (shared.1 > 0).then_some(bench);
            result.map_err(Failed::from)
        })
    };
    examples.into_iter().map(trial).collect()
}

fn try_warm(bench: &Bench, language: &Language, example: &Example) -> Result<(), String> {
    let executor: &NativeExecutor = &bench.executor;
    bench.wait_until_warm()?;
    let (before, _) = executor.started();
    let id = ExecId::new(Uuid::new_v4());
    let tried = bench.runtime.block_on(try_example(executor, language, example, &Limits::default(), id));
    tried.result?;
    // Where there is nothing to run, and where less memory was asked for than boxes were made with, nothing was warm.
    let has_limits = example.case.limits != model::LimitsRequest::default();
    if executor.started().0 == before && !example.case.runs.is_empty() && !has_limits {
        return Err("nothing in it was started warm".to_owned());
    }
    Ok(())
}
