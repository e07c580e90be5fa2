//! Says that this node is there, and keeps up to date who else is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use executor::{Executor, LanguageStatus};
use store::{Fleet, Node, NodeLanguage, Store, StoreError, Totals};
use tokio::time::{Instant, sleep};

use super::members::Members;
use crate::scheduler::Stop;
use crate::throughput::Throughput;

/// From one look at who is there to the next, and the longest until others can know of a change here.
const LOOK: Duration = Duration::from_secs(1);
/// A node says that it is there so often while what it said last is taken to be true.
const BEATS: u32 = 3;
/// From one look at how fast the fleet is to the next, where nothing is run.
const MEASURE: Duration = Duration::from_secs(10);

/// What a node runs.
#[derive(Clone)]
pub struct Runs {
    /// The executor.
    pub executor: Arc<dyn Executor>,
    /// The languages that are taken out of the queue, by their ids.
    pub languages: Vec<String>,
    /// How many submissions at the same time.
    pub workers: usize,
}

/// One for each node.
pub struct Announcer {
    /// Where nodes meet.
    pub fleet: Arc<dyn Fleet>,
    /// Kept up to date.
    pub members: Arc<Members>,
    /// Told how many workers there are.
    pub throughput: Arc<Throughput>,
    /// Asked how fast they are, where nothing is run.
    pub store: Arc<dyn Store>,
    /// What this node is called.
    pub name: String,
    /// What it runs, if it does.
    pub runs: Option<Runs>,
    /// How long what it says is true.
    pub lease: Duration,
    /// It takes nothing new.
    pub draining: Arc<AtomicBool>,
}

impl Announcer {
    /// The first announcement, so that a node which can not be heard does not start.
    ///
    /// # Errors
    /// The store's.
    pub async fn begin(&self) -> Result<(), StoreError> {
        self.fleet.announce(&self.node(), self.lease).await?;
        self.look().await
    }

    /// Goes on until it is asked to stop; by then all others have been told that this node takes nothing new.
    pub async fn run(self: Arc<Self>, stop: Stop) {
        let mut said: Option<(Node, Instant)> = None;
        let mut measured = None;
        let mut store_works = true;
        loop {
            let ends = stop.asked();
            let done = self.round(&mut said, &mut measured).await;
            if let Err(error) = &done
                && store_works
            {
                tracing::warn!(error = %error, "the other nodes can not be told of this one until the store works again");
            }
            store_works = done.is_ok();
            if ends {
                return;
            }
            tokio::select! {
                () = sleep(LOOK) => {}
                () = stop.clone().wait() => {}
            }
        }
    }

    /// This node is gone.
    pub async fn leave(&self) {
        if let Err(error) = self.fleet.leave(&self.name).await {
            tracing::warn!(error = %error, "the other nodes do not know yet that this one is gone");
        }
    }

    async fn round(
        &self,
        said: &mut Option<(Node, Instant)>,
        measured: &mut Option<(Totals, Instant)>,
    ) -> Result<(), StoreError> {
        let node = self.node();
        // A language that broke after the start would be claimed here for nothing, while others could run it.
        self.fleet.claim_only(node.languages.iter().map(|language| language.id.clone()).collect());
        let is_news = |(last, at): &(Node, Instant)| *last != node || at.elapsed() >= self.lease / BEATS;
        if said.as_ref().is_none_or(is_news) {
            self.fleet.announce(&node, self.lease).await?;
            *said = Some((node, Instant::now()));
        }
        self.look().await?;
        if self.runs.is_none() && measured.as_ref().is_none_or(|(_, at)| at.elapsed() >= MEASURE) {
            let now = self.store.totals().await?;
            if let Some((before, _)) = measured {
                self.measure(before, &now);
            }
            *measured = Some((now, Instant::now()));
        }
        Ok(())
    }

    async fn look(&self) -> Result<(), StoreError> {
        self.members.set(self.fleet.nodes().await?);
        self.throughput.set_workers(self.members.workers());
        Ok(())
    }

    /// What all nodes finished in between is all that is known of how fast they are, where nothing is run.
    fn measure(&self, before: &Totals, now: &Totals) {
        let finished = |totals: &Totals| totals.by_verdict.iter().map(|(_, count)| count).sum::<u64>();
        let count = u32::try_from(finished(now).saturating_sub(finished(before))).unwrap_or(u32::MAX);
        let spent = now.sum_execution_time.saturating_sub(before.sum_execution_time);
        if let Some(mean) = spent.checked_div(count) {
            self.throughput.finished_many(count, mean);
        }
    }

    fn node(&self) -> Node {
        let Some(Runs { executor, languages, workers }) = &self.runs else { return self.with(Vec::new(), 0) };
        // Behind a broken wall nothing is run.
        let usable = languages.iter().filter(|_| executor.ready().is_ok());
        let usable = usable.filter_map(|id| match executor.language(id) {
            LanguageStatus::Tested { result: Ok(version), .. } => {
                Some(NodeLanguage { id: id.clone(), runtime: Some(version) })
            }
            LanguageStatus::Untested => Some(NodeLanguage { id: id.clone(), runtime: None }),
            _ => None,
        });
        self.with(usable.collect(), u32::try_from(*workers).unwrap_or(u32::MAX))
    }

    fn with(&self, languages: Vec<NodeLanguage>, workers: u32) -> Node {
        Node {
            name: self.name.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            languages,
            workers,
            draining: self.draining.load(Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use executor::fake::FakeExecutor;
    use model::{ExecId, Mode, Submission};
    use store::PostgresStore;
    use uuid::Uuid;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn a_language_that_breaks_is_neither_told_of_nor_claimed_until_it_works_again() {
        let language = "c".to_owned();
        let store = PostgresStore::connect(&testdb::database().await, Some(vec![language.clone()])).await.unwrap();
        let (store, executor) = (Arc::new(store), Arc::new(FakeExecutor::echoing()));
        let members = Arc::new(Members::default());
        let announcer = Announcer {
            fleet: store.clone(),
            members: members.clone(),
            throughput: Arc::new(Throughput::new(1)),
            store: store.clone(),
            name: "node".to_owned(),
            runs: Some(Runs { executor: executor.clone(), languages: vec![language.clone()], workers: 1 }),
            lease: HOUR,
            draining: Arc::default(),
        };
        let submission =
            Submission::plain(ExecId::new(Uuid::new_v4()), "admin", &language, Mode::Program, "", vec![String::new()]);
        store.submit(&submission).await.unwrap();
        let (mut said, mut measured) = (None, None);
        let told = || members.nodes()[0].node.languages.len();

        let works = executor.language("c");
        executor.set_language("c", LanguageStatus::NotInstalled { missing: "/usr/bin/cc".to_owned() });
        announcer.round(&mut said, &mut measured).await.unwrap();
        assert_eq!(told(), 0);
        assert!(store.claim(HOUR).await.unwrap().is_none());

        executor.set_language("c", works);
        announcer.round(&mut said, &mut measured).await.unwrap();
        assert_eq!(told(), 1);
        assert_eq!(store.claim(HOUR).await.unwrap().unwrap().submission, submission);
    }
}
