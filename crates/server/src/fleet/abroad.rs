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

use super::members::{Available, Members};

/// The executors of all nodes, seen from one.
pub struct Abroad {
    /// This node's, if it has one.
    own: Option<Arc<dyn Executor>>,
    members: Arc<Members>,
}

impl Abroad {
    /// Of this node, and of those.
    pub fn new(own: Option<Arc<dyn Executor>>, members: Arc<Members>) -> Self {
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
        self.own.as_ref().map_or(WallStatus::Untested, |own| own.wall())
    }

    fn compile_cache(&self) -> CompileCacheStatus {
        self.own.as_ref().map(|own| own.compile_cache()).unwrap_or_default()
    }

    fn boxes_ahead(&self) -> AheadStatus {
        self.own.as_ref().map(|own| own.boxes_ahead()).unwrap_or_default()
    }

    fn language(&self, id: &str) -> LanguageStatus {
        let own = self.own.as_ref().map(|own| own.language(id)).filter(|status| status.unavailable().is_none());
        match (own, self.members.language(id)) {
            (Some(own), _) => own,
            (None, Available::Here(version)) => LanguageStatus::OnAnotherNode { version },
            (None, Available::Nowhere) => LanguageStatus::OnNoNode,
        }
    }

    fn elsewhere(&self) -> Option<Elsewhere> {
        self.own.as_ref().and_then(|own| own.elsewhere())
    }
}
