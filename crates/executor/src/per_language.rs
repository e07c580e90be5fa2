//! Two executors, one of which has some of the languages, and the other all the rest.
//!
//! Each stands for itself: where the one that has some languages can not run anything, these are unavailable, and no
//! other is touched.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use model::{Report, Submission};

use crate::{
    AheadStatus, Cancel, CompileCacheStatus, Elsewhere, Executor, ExecutorError, LanguageStatus, Observer, WallStatus,
};

/// Asks whichever has the language.
pub struct PerLanguage {
    /// Has all languages but those.
    rest: Arc<dyn Executor>,
    /// Has those.
    some: Arc<dyn Executor>,
    languages: BTreeSet<String>,
}

impl PerLanguage {
    /// `some` has these languages, by their ids, and `rest` all others.
    pub fn new(rest: Arc<dyn Executor>, some: Arc<dyn Executor>, languages: BTreeSet<String>) -> Self {
        Self { rest, some, languages }
    }

    fn of(&self, language: &str) -> &dyn Executor {
        if self.languages.contains(language) { &*self.some } else { &*self.rest }
    }
}

#[async_trait]
impl Executor for PerLanguage {
    async fn run(
        &self,
        submission: &Submission,
        cancel: &Cancel,
        observer: &Observer,
    ) -> Result<Report, ExecutorError> {
        self.of(&submission.language).run(submission, cancel, observer).await
    }

    fn ready(&self) -> Result<(), String> {
        self.rest.ready()
    }

    fn wall(&self) -> WallStatus {
        self.rest.wall()
    }

    fn compile_cache(&self) -> CompileCacheStatus {
        self.rest.compile_cache()
    }

    fn boxes_ahead(&self) -> AheadStatus {
        self.rest.boxes_ahead()
    }

    fn language(&self, id: &str) -> LanguageStatus {
        if !self.languages.contains(id) {
            return self.rest.language(id);
        }
        match self.some.ready() {
            Ok(()) => self.some.language(id),
            Err(reason) => LanguageStatus::Tested { result: Err(reason), at: SystemTime::now(), took: Duration::ZERO },
        }
    }

    fn elsewhere(&self) -> Option<Elsewhere> {
        self.some.elsewhere()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::FakeExecutor;

    fn both() -> (FakeExecutor, FakeExecutor, PerLanguage) {
        let (rest, some) = (FakeExecutor::echoing(), FakeExecutor::echoing());
        let languages = BTreeSet::from(["python".to_owned()]);
        let both = PerLanguage::new(Arc::new(rest.clone()), Arc::new(some.clone()), languages);
        (rest, some, both)
    }

    #[test]
    fn a_broken_one_takes_only_its_own_languages_with_it() {
        let (rest, some, both) = both();
        some.set_not_ready(Some("no engine"));
        assert_eq!(both.ready(), Ok(()));
        assert_eq!(both.language("python").unavailable().as_deref(), Some("its self-test failed: no engine"));
        assert_eq!(both.language("c").unavailable(), None);
        some.set_not_ready(None);
        assert_eq!(both.language("python").unavailable(), None);
        rest.set_not_ready(Some("a hole"));
        assert_eq!(both.ready(), Err("a hole".to_owned()));
    }

    #[test]
    fn each_runs_its_own_languages() {
        let (rest, some, both) = both();
        let same = |one: &dyn Executor, other: &dyn Executor| std::ptr::addr_eq(one, other);
        assert!(same(both.of("python"), &*both.some) && same(both.of("c"), &*both.rest));
        some.set_language("python", LanguageStatus::NotInstalled { missing: "there".to_owned() });
        rest.set_language("c", LanguageStatus::NotInstalled { missing: "here".to_owned() });
        let missing = |id| match both.language(id) {
            LanguageStatus::NotInstalled { missing } => missing,
            other => format!("{other:?}"),
        };
        assert_eq!([missing("python"), missing("c")], ["there", "here"]);
    }
}
