//! The kit of each language, as `code-runner languages test` runs it in boxes, in containers.

use std::sync::Arc;

use executor::kit::{load_examples, load_kit, try_example};
use libtest_mimic::Trial;
use model::{ExecId, Limits};
use tokio::runtime::Runtime;

use crate::bench::{languages, repository};
use crate::contract::Subject;
use crate::trial;

/// One trial for each language and case.
pub fn trials(runtime: &Arc<Runtime>, subject: &Subject) -> Vec<Trial> {
    let folder = repository().join("languages");
    let kit = load_kit(&folder).expect("is readable");
    let mut trials = Vec::new();
    for language in languages().into_iter().map(|loaded| loaded.language) {
        for example in load_examples(&folder, &kit, &language).expect("are readable") {
            let (runtime, subject, language) = (Arc::clone(runtime), subject.clone(), language.clone());
            let name = format!("kit::{}::{}::{}", subject.name, language.id, example.case.name);
            trials.push(trial(name, move || {
                let id = ExecId::new(uuid::Uuid::new_v4());
                let limits = Limits::default();
                let tried = runtime.block_on(try_example(&*subject.executor, &language, &example, &limits, id));
                tried.result.expect("comes out right");
            }));
        }
    }
    trials
}
