//! The kit of each language, as `code-runner languages test` runs it in boxes, in containers.

use std::sync::Arc;

use executor::kit::{load_examples, load_kit, try_example};
use fake_engine::FakeEngine;
use libtest_mimic::Trial;
use model::{ExecId, Limits};
use tokio::runtime::Runtime;

use crate::bench::{Changes, executor_of, languages_named, repository};
use crate::trial;

/// Those that `make test` installs on every host and that have a container: interpreted and compiled, to the machine's code and to
/// a virtual machine's.
const LANGUAGES: [&str; 6] = ["bash", "c", "cpp", "java", "javascript", "python"];

/// Of these the rest of the tests says nothing; each case takes a second or more.
const SLOW: [&str; 3] = ["cpp", "java", "javascript"];

/// What is tried of them in `make test`: what depends on the toolchain most. `make test-dagger-kits` tries everything.
const BRIEF: [&str; 4] = ["square", "runtime_error_function", "compile_error_function", "memory_hog"];

/// Set, it asks for everything.
const WHOLE: &str = "CODE_RUNNER_WHOLE_KITS";

/// One trial for each language and case.
pub fn trials(runtime: &Arc<Runtime>, engine: &FakeEngine) -> Vec<Trial> {
    let executor = Arc::new(executor_of(&[engine], Changes::default(), &LANGUAGES));
    let folder = repository().join("languages");
    let kit = load_kit(&folder).expect("is readable");
    let is_whole = std::env::var_os(WHOLE).is_some();
    let mut trials = Vec::new();
    for language in languages_named(&LANGUAGES).into_iter().map(|loaded| loaded.language) {
        let is_tried = |name: &str| is_whole || !SLOW.contains(&&*language.id) || BRIEF.contains(&name);
        let examples = load_examples(&folder, &kit, &language).expect("are readable");
        for example in examples.into_iter().filter(|example| is_tried(&example.case.name)) {
            let (runtime, executor, language) = (Arc::clone(runtime), Arc::clone(&executor), language.clone());
            let name = format!("kit::{}::{}", language.id, example.case.name);
            trials.push(trial(name, move || {
                let id = ExecId::new(uuid::Uuid::new_v4());
                let limits = Limits::default();
                let tried = runtime.block_on(try_example(&*executor, &language, &example, &limits, id));
                tried.result.expect("comes out right");
            }));
        }
    }
    trials
}
