//! The bound of the queue, on the real store: exact however many come at once, and what it leaves to whom.

use std::sync::Arc;

use futures_util::FutureExt;
use model::Submission;
use server::backlog::Backlog;
use store::{SqliteStore, Store, StoreError, Waiting};
use tempfile::TempDir;
use tokio::sync::{Barrier, oneshot};

use crate::support::{soon, submission};

const MOST: u64 = 50;

#[derive(Clone)]
struct Queue {
    store: Arc<SqliteStore>,
    backlog: Arc<Backlog>,
    _folder: Arc<TempDir>,
}

impl Queue {
    async fn new(most: u64) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let store = SqliteStore::open(&folder.path().join("store.db")).await.expect("the store opens");
        Self { store: Arc::new(store), backlog: Arc::new(Backlog::new(most)), _folder: Arc::new(folder) }
    }

    /// Submits one as the server does, and says whether there was room.
    async fn send(&self, owner: &str, shared: bool) -> bool {
        let place = self.backlog.admit(&*self.store, owner, 1, shared).await.expect("the store works");
        let Some(place) = place else { return false };
        place.hold(submit(self.store.clone(), owner.to_owned())).await.expect("no panic").expect("the store works");
        true
    }

    /// As many as these at the same moment; how many were let in.
    async fn send_at_once(&self, owners: &[&'static str], shared: bool) -> u64 {
        let start = Arc::new(Barrier::new(owners.len()));
        let one = |owner: &'static str| {
            let (start, queue) = (start.clone(), self.clone());
            tokio::spawn(async move {
                start.wait().await;
                queue.send(owner, shared).await
            })
        };
        let all: Vec<_> = owners.iter().map(|owner| one(owner)).collect();
        let mut accepted = 0;
        for sent in all {
            accepted += u64::from(soon(sent).await.expect("no panic"));
        }
        accepted
    }

    async fn waiting(&self, owner: &str) -> Waiting {
        self.store.waiting(owner).await.expect("the store works")
    }
}

async fn submit(store: Arc<SqliteStore>, owner: String) -> Result<(), StoreError> {
    let submission = Submission { owner, ..submission(&["x"]) };
    store.submit(&submission).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_fill_the_queue_to_its_last_place_and_no_further() {
    for round in 0..5 {
        let queue = Queue::new(MOST).await;
        assert_eq!(queue.send_at_once(&["a"; 200], false).await, MOST, "round {round}");
        assert_eq!(queue.waiting("a").await, Waiting { all: MOST, own: MOST });
        // Each claim makes room for one.
        for _ in 0..3 {
            queue.store.claim(std::time::Duration::from_secs(60)).await.unwrap().expect("something waits");
        }
        assert_eq!(queue.send_at_once(&["a"; 100], false).await, 3, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_leave_to_other_keys_what_is_theirs() {
    for round in 0..5 {
        let queue = Queue::new(MOST).await;
        assert_eq!(queue.send_at_once(&["a"; 200], true).await, MOST / 2, "round {round}");
        let queue = Queue::new(MOST).await;
        let owners: Vec<_> = ["a", "b"].repeat(100);
        let accepted = queue.send_at_once(&owners, true).await;
        let (a, b) = (queue.waiting("a").await, queue.waiting("b").await);
        assert_eq!((a.all, a.own + b.own), (accepted, accepted));
        assert!(accepted <= MOST, "{accepted}");
        // Nobody was refused who had less than what is left.
        for own in [a.own, b.own] {
            assert!(own + 1 > MOST - accepted, "{own} of {accepted}: there was room");
        }
    }
}

/// `docs/waiting.md`: keys that fill the queue one after the other leave nothing, and then what gets free is for whoever has
/// nothing waiting.
#[tokio::test]
async fn many_keys_together_fill_the_queue_and_what_gets_free_is_for_those_who_have_nothing() {
    let queue = Queue::new(1000).await;
    let mut keys = 0;
    while queue.waiting("").await.all < 1000 {
        let owner = format!("flood-{keys}");
        let mut sent = 0;
        while queue.send(&owner, true).await {
            sent += 1;
        }
        assert!(sent > 0, "{owner} has nothing, and there was a place");
        keys += 1;
    }
    assert_eq!(keys, 10, "each takes half of what is left");
    assert!(!queue.send("new", true).await);
    queue.store.claim(std::time::Duration::from_secs(60)).await.unwrap().expect("something waits");
    for flood in 0..keys {
        let owner = format!("flood-{flood}");
        let owns = queue.waiting(&owner).await.own;
        assert!(owns == 0 || !queue.send(&owner, true).await, "{owner} has {owns}");
    }
    assert!(queue.send("new", true).await);
    assert!(!queue.send("newer", true).await);
}

#[tokio::test]
async fn a_place_is_held_for_a_client_that_has_gone_and_given_back_by_one_that_sent_nothing() {
    let queue = Queue::new(1).await;
    let place = queue.backlog.admit(&*queue.store, "a", 1, false).await.unwrap().expect("there is room");
    drop(place);
    let place = queue.backlog.admit(&*queue.store, "a", 1, false).await.unwrap().expect("it was given back");
    let (go_on, told) = oneshot::channel::<()>();
    let store = queue.store.clone();
    let accepting = place.hold(async move {
        told.await.expect("the test goes on");
        submit(store, "a".to_owned()).await
    });
    // The client leaves while its submission is on the way.
    assert!(Box::pin(accepting).now_or_never().is_none());
    let mut next = Box::pin(queue.send("a", false));
    assert!(futures_util::poll!(&mut next).is_pending());
    tokio::task::yield_now().await;
    go_on.send(()).expect("it is on the way");
    assert!(!soon(next).await, "the place is taken");
    assert_eq!(queue.waiting("a").await.all, 1);
}
