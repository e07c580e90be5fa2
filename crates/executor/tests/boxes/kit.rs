//! The kit of the languages that are held to more than the others: each case of each language is a test.
//! `make test-languages` runs the kit of all.

use std::sync::Arc;

use executor::kit::{load_examples, load_kit, try_example};
use executor::load_languages;
use libtest_mimic::{Failed, Trial};
use model::{ExecId, Limits};
use uuid::Uuid;

use crate::bench::Bench;
use crate::repository;

/// They must be installed; `make test` (see TESTED in the Makefile) sees to it.
pub const TESTED: [&str; 8] = ["c", "cpp", "go", "java", "javascript", "python", "rust", "typescript"];

/// One test for each case of each of them.
pub fn trials(bench: &Arc<Bench>) -> Vec<Trial> {
    let folder = repository().join("languages");
    let kit = load_kit(&folder).expect("the kit is right");
    let loaded = load_languages(&folder).expect("the languages are right");
    let mut trials = Vec::new();
    for id in TESTED {
        let language = &loaded.iter().find(|loaded| loaded.language.id == id).expect("is there").language;
        for example in load_examples(&folder, &kit, language).expect("every case is there") {
            let (bench, language) = (Arc::clone(bench), language.clone());
            trials.push(Trial::test(format!("kit/{id}/{}", example.case.name), move || {
                let id = ExecId::new(Uuid::new_v4());
                let limits = Limits::default();
                let tried = bench.block_on(try_example(&*bench.executor, &language, &example, &limits, id));
                tried.result.map_err(Failed::from)
            }));
        }
    }
    trials
}
