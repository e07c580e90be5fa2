//! Keys, callbacks and history where two nodes do the same at the same moment.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::future::join_all;
use model::{Submission, Verdict};
use store::{
    Added, CallbackSecret, CallbackStore, Fleet, Happened, HistoryStore, KeyChange, KeyStore, Levels, LimitsChange,
    NewKey, Notice, RecentSubmission, Resolution, SecretDigest, Stretch,
};
use time::OffsetDateTime;
use tokio::time::timeout;

use crate::both::{Everything, Postgres, Scratch};
use crate::keys::key;
use crate::samples::{HOUR, OWNER, ok, submission};

fn secret(number: u8) -> SecretDigest {
    SecretDigest { digest: [number; 32], public_part: format!("cr_{number}") }
}

#[tokio::test]
async fn a_key_is_made_once_and_its_last_secret_is_one() {
    let here = Postgres::empty().await;
    let there = here.another().await;
    let nodes: [&dyn Everything; 2] = [here.store(), &there];
    let new = |number: u8| NewKey { secret: secret(number), ..key("school-a") };
    let added = join_all((0..8_u8).map(|number| {
        let (node, key) = (nodes[usize::from(number) % 2], new(number));
        async move { node.add_key(&key).await.unwrap() }
    }))
    .await;
    assert_eq!(added.iter().filter(|added| **added == Added::Done).count(), 1, "{added:?}");

    let rotated = join_all((10..18_u8).map(|number| {
        let node = nodes[usize::from(number) % 2];
        async move { node.rotate_key("school-a", &secret(number), HOUR).await.unwrap() }
    }))
    .await;
    assert!(rotated.into_iter().all(|rotated| rotated));
    let kept = there.keys().await.unwrap().remove(0);
    let current = kept.secrets.iter().filter(|secret| secret.valid_until.is_none()).count();
    assert_eq!((kept.secrets.len(), current), (2, 1), "{kept:?}");

    let revoked = tokio::join!(nodes[0].revoke_key("school-a"), nodes[1].revoke_key("school-a"));
    assert!(revoked.0.unwrap() ^ revoked.1.unwrap(), "by one of them");
}

#[tokio::test]
async fn the_ten_thousandth_key_is_the_last_whatever_node_it_comes_to() {
    let here = Postgres::empty().await;
    let there = here.another().await;
    here.tamper(
        "INSERT INTO api_keys (name, can_run, can_read, can_admin, made_at)
         SELECT convert_to('key' || number, 'UTF8'), true, true, false, micros() FROM generate_series(1, 9999) AS number",
    )
    .await;
    let [one, other] = [("a", 1), ("bb", 2)].map(|(name, number)| NewKey { secret: secret(number), ..key(name) });
    let (first, second) = tokio::join!(here.store().add_key(&one), there.add_key(&other));
    let mut added = [first.unwrap(), second.unwrap()];
    added.sort_by_key(|added| *added == Added::Full);
    assert_eq!(added, [Added::Done, Added::Full]);
}

#[tokio::test]
async fn whoever_may_run_more_is_claimed_by_another_node_at_once() {
    let here = Postgres::empty().await;
    let there = here.another().await;
    here.store().add_key(&key("school-a")).await.unwrap();
    assert_eq!(there.notice().await, Notice::Missed);
    for (limits, expected) in [
        (LimitsChange { running: Some(Some(9)), ..LimitsChange::default() }, true),
        (LimitsChange { result_days: Some(None), ..LimitsChange::default() }, false),
    ] {
        assert!(here.store().change_key("school-a", &KeyChange { limits, ..KeyChange::default() }).await.unwrap());
        here.tamper("SELECT pg_notify('code_runner', 'finished 00000000-0000-0000-0000-000000000000')").await;
        let mut queued = false;
        while timeout(HOUR, there.notice()).await.unwrap() == Notice::Queued {
            queued = true;
        }
        assert_eq!(queued, expected, "{limits:?}");
    }
}

#[tokio::test]
async fn each_callback_is_claimed_once_and_a_node_passes_over_what_another_has() {
    let here = Postgres::empty().await;
    let there = here.another().await;
    let mut ids = HashSet::new();
    for owner in ["a", "b", "c"] {
        for _ in 0..4 {
            let url = Some("https://lms.school.example".to_owned());
            let submission = Submission { owner: owner.to_owned(), callback_url: url, ..submission() };
            here.store().submit_finished(&submission, &ok()).await.unwrap();
            ids.insert(submission.id);
        }
    }
    let nodes: [&dyn CallbackStore; 2] = [here.node(), &there];
    let claimed = join_all((0..16).map(|number| nodes[number % 2].claim_callback(&[], HOUR))).await;
    let claimed: Vec<_> =
        claimed.into_iter().filter_map(|claimed| claimed.unwrap()).map(|due| due.attempt.id).collect();
    assert_eq!((claimed.len(), claimed.into_iter().collect::<HashSet<_>>()), (12, ids));
}

#[tokio::test]
async fn nodes_that_need_a_secret_at_once_have_the_same() {
    let here = Postgres::empty().await;
    let there = here.another().await;
    let nodes: [&dyn CallbackStore; 2] = [here.node(), &there];
    let asked = (0..8).map(|number| nodes[number as usize % 2].callback_secrets(OWNER, CallbackSecret([number; 32])));
    let secrets: Vec<_> = join_all(asked).await.into_iter().map(Result::unwrap).collect();
    assert!(secrets.iter().all(|other| *other == secrets[0]), "one of them had its way");
}

#[tokio::test]
async fn nodes_add_to_the_same_stretches_at_the_same_time() {
    let here = Postgres::empty().await;
    let there = here.another().await;
    let mut recents = Vec::new();
    for _ in 0..4 {
        let submission = submission();
        here.store().submit_finished(&submission, &ok()).await.unwrap();
        let Submission { id, owner, language, mode, .. } = submission;
        let (queue_time, execution_time) = (Duration::ZERO, HOUR);
        let finished_at = OffsetDateTime::from_unix_timestamp(OffsetDateTime::now_utc().unix_timestamp()).unwrap();
        let verdict = Verdict::Ok;
        recents.push(RecentSubmission {
            id,
            owner,
            language,
            mode,
            inputs: 1,
            verdict,
            queue_time,
            execution_time,
            finished_at,
        });
    }
    let now = OffsetDateTime::now_utc();
    let stretch = |running| Stretch {
        start: now,
        happened: Happened {
            finished: [(("python".to_owned(), Verdict::Ok), 1), (("c".to_owned(), Verdict::Ok), 2)].into(),
            times: [].into(),
            levels: Levels { running: Some(running), ..Levels::default() },
        },
    };
    let nodes: [&dyn HistoryStore; 2] = [here.node(), &there];
    let added = join_all((0..20_usize).map(|number| {
        let (stretches, recents, nodes) = ([stretch(number as u64)], &recents, &nodes);
        async move { nodes[number % 2].add_history(&stretches, recents).await }
    }))
    .await;
    added.into_iter().for_each(|added| added.unwrap());
    let found = there.history(Resolution::Coarse, now - HOUR, now + HOUR, HOUR).await.unwrap();
    let [found] = found.as_slice() else { panic!("one hour, not {found:?}") };
    assert_eq!(found.happened.finished.values().copied().collect::<Vec<_>>(), [40, 20]);
    assert_eq!(found.happened.levels.running, Some(19));
    assert_eq!(there.recent(100).await.unwrap().len(), 4);
}
