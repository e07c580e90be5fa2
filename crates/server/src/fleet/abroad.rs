//! What the API of a node sees of the whole fleet: an executor that runs nothing, and knows what others run.
//!
//! Where this node runs something itself, what stands here comes from its own executor; everything else from the
//! [`Members`]. It is always ready: what is accepted waits in the store for whoever is.

use std::sync::Arc;

use async_trait::async_trait;
use executor::{
    AheadStatus, Cancel, CompileCacheStatus, Elsewhere, Executor, ExecutorError, LanguageStatus, Observer, WallStatus,
};
use model::{Report, Submission};

use super::announcer::Runs;
use super::members::{Available, Members};

/// The executors of all nodes, seen from one.
pub struct Abroad {
    /// What this node runs, if it does.
    own: Option<Runs>,
    members: Arc<Members>,
}

impl Abroad {
    /// Of this node, and of those.
    pub fn new(own: Option<Runs>, members: Arc<Members>) -> Self {
        Self { own, members }
    }
}

#[async_trait]
impl Executor for Abroad {
    async fn run(&self, _: &Submission, _: &Cancel, _: &Observer) -> Result<Report, ExecutorError> {
        let cause = "submissions are run by whoever takes them out of the store".to_owned();
        Err(ExecutorError { context: "running a submission where it was accepted", cause })
    }

    fn ready(&self) -> Result<(), String> {
        Ok(())
    }

    fn wall(&self) -> WallStatus {
        self.own.as_ref().map_or(WallStatus::Untested, |own| own.executor.wall())
    }

    fn compile_cache(&self) -> CompileCacheStatus {
        self.own.as_ref().map(|own| own.executor.compile_cache()).unwrap_or_default()
    }

    fn boxes_ahead(&self) -> AheadStatus {
        self.own.as_ref().map(|own| own.executor.boxes_ahead()).unwrap_or_default()
    }

    fn language(&self, id: &str) -> LanguageStatus {
        let own = self.own.as_ref().filter(|own| own.languages.iter().any(|language| language == id));
        let own = own.map(|own| own.executor.language(id)).filter(|status| status.unavailable().is_none());
        match (own, self.members.language(id)) {
            (Some(own), _) => own,
            (None, Available::Here(version)) => LanguageStatus::OnAnotherNode { version },
            (None, Available::Nowhere) => LanguageStatus::OnNoNode,
        }
    }

    fn elsewhere(&self) -> Option<Elsewhere> {
        self.own.as_ref().and_then(|own| own.executor.elsewhere())
    }
}

#[cfg(test)]
mod tests {
    use executor::fake::FakeExecutor;
    use store::{KnownNode, Node, NodeLanguage};
    use time::OffsetDateTime;

    use super::*;

    #[test]
    fn what_runs_here_is_known_best_and_of_the_rest_what_others_say() {
        let members = Arc::new(Members::default());
        let language = |id: &str| NodeLanguage { id: id.to_owned(), runtime: Some(format!("{id} there")) };
        let node = Node {
            name: "other".to_owned(),
            version: String::new(),
            languages: ["python", "c", "go"].map(language).into(),
            workers: 1,
            draining: false,
        };
        let now = OffsetDateTime::UNIX_EPOCH;
        members.set(vec![KnownNode { node, started_at: now, seen_at: now }]);
        let executor = FakeExecutor::echoing();
        executor.set_language("c", LanguageStatus::NotInstalled { missing: "/usr/bin/cc".to_owned() });
        // It could run Go, too, and does not take any.
        let languages = ["python", "c", "shell"].map(str::to_owned).into();
        let abroad = Abroad::new(Some(Runs { executor: Arc::new(executor), languages, workers: 1 }), members.clone());
        let there = |id: &str| LanguageStatus::OnAnotherNode { version: Some(format!("{id} there")) };
        assert!(matches!(abroad.language("python"), LanguageStatus::Tested { result: Ok(_), .. }));
        assert_eq!((abroad.language("c"), abroad.language("go")), (there("c"), there("go")));
        assert_eq!(abroad.language("rust"), LanguageStatus::OnNoNode);
        assert_eq!(Abroad::new(None, members).language("python"), there("python"));
    }
}
