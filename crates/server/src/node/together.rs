//! What a node among several does beside its work: it says that it is there, and hears what the others say.

use std::sync::Arc;

use store::Fleet;
use tokio::task::JoinHandle;

use super::common::Common;
use crate::config::Config;
use crate::fleet::{Announcer, Bridge, Members, Publisher, Runs, Together};
use crate::scheduler::Stop;
use crate::secrets::random_digits;

use super::ServeError;
use super::tasks::Tasks;

/// A node of a fleet that has said that it is there.
pub(super) struct Joined {
    /// For requests.
    pub together: Together,
    /// For runs.
    pub publisher: Arc<Publisher>,
    announcer: Arc<Announcer>,
    bridge: JoinHandle<()>,
}

impl Joined {
    /// Says that the node is there, and begins to listen.
    pub async fn new(
        config: &Config,
        common: &Common,
        fleet: Arc<dyn Fleet>,
        members: Arc<Members>,
        runs: Option<Runs>,
    ) -> Result<Self, ServeError> {
        let publisher = Publisher::new(fleet.clone(), common.events.clone());
        let announcer = Announcer {
            fleet: fleet.clone(),
            members: members.clone(),
            throughput: common.throughput.clone(),
            store: common.store.clone(),
            name: name(config)?,
            runs,
            lease: config.lease(),
            draining: common.draining.clone(),
        };
        announcer.begin().await?;
        tracing::info!(node = announcer.name, others = members.nodes().len().saturating_sub(1), "joined the fleet");
        let bridge = Bridge {
            fleet: fleet.clone(),
            wake: common.wake.clone(),
            waiters: common.waiters.clone(),
            events: common.events.clone(),
            cancels: common.cancels.clone(),
            publisher: publisher.clone(),
        };
        Ok(Self {
            together: Together { store: fleet, members },
            publisher,
            announcer: Arc::new(announcer),
            bridge: tokio::spawn(bridge.run()),
        })
    }

    /// Goes on saying that it is there until it is asked to stop.
    pub fn keep(&self, tasks: &mut Tasks, stop: Stop) {
        tasks.start("the other nodes are not told of this one any more", self.announcer.clone().run(stop));
    }

    /// Says that it is gone. To be called when nothing runs any more.
    pub async fn leave(self) {
        self.bridge.abort();
        self.announcer.leave().await;
    }
}

/// What this node is called: as its settings say, or by its host with a random end, because a host may have several.
fn name(config: &Config) -> Result<String, ServeError> {
    if let Some(name) = &config.node_name {
        return Ok(name.clone());
    }
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let plain = host.chars().filter(|c| c.is_ascii_alphanumeric() || ".-_".contains(*c)).take(80);
    Ok(format!("{}-{}", plain.collect::<String>(), random_digits::<4>()?))
}
