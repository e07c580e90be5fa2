//! Keys and usage: what every [`KeyStore`] must do.

use std::time::Duration;

use model::Verdict;
use store::{
    Added, KeyChange, KeyLimits, KeyName, KeyStore, LeaseUse, LimitsChange, NewKey, OwnerUsage, Scopes, SecretDigest,
    Used,
};
use time::OffsetDateTime;

use crate::both::{Scratch, on_both_stores};
use crate::samples::{HOUR, OWNER, claimed, claimed_and_expired, ok, report, submission, submitted};

const MINUTE: Duration = Duration::from_secs(60);

on_both_stores! {
    a_key_comes_back_as_it_was_made
    a_name_is_given_once_even_after_the_key_was_revoked
    a_rotation_keeps_the_secret_before_and_none_older
    a_change_is_of_what_it_names_and_nothing_else
    every_change_has_a_number_of_its_own
    usage_is_counted_with_the_result_and_for_its_owner_alone
    compiling_counts_unless_a_cache_spared_it
    what_is_refused_is_not_counted_and_what_was_used_yesterday_is_not_todays
}

fn secret(number: u8) -> SecretDigest {
    SecretDigest { digest: [number; 32], public_part: format!("cr_{number:08}") }
}

pub fn key(name: &str) -> NewKey {
    NewKey {
        name: KeyName::parse(name).unwrap(),
        scopes: Scopes { run: true, read: true, admin: false },
        limits: KeyLimits {
            requests_per_minute: Some(60),
            cpu_seconds_per_day: None,
            running: Some(u32::MAX),
            result_days: Some(7),
        },
        expires_at: Some(OffsetDateTime::from_unix_timestamp(4_000_000_000).unwrap()),
        // A digest has to be unique in the store.
        secret: secret(name.len() as u8),
    }
}

/// Whether each secret is the current one, by its public part.
async fn secrets(keys: &dyn KeyStore, name: &str) -> Vec<(String, bool)> {
    let all = keys.keys().await.unwrap();
    let found = all.into_iter().find(|key| key.name == name).expect("the key is listed");
    found.secrets.into_iter().map(|kept| (kept.secret.public_part, kept.valid_until.is_none())).collect()
}

async fn a_key_comes_back_as_it_was_made(scratch: impl Scratch) {
    let made = key("school-a");
    let before = OffsetDateTime::now_utc() - Duration::from_millis(1);
    assert_eq!(scratch.store().add_key(&made).await.unwrap(), Added::Done);
    let after = OffsetDateTime::now_utc();

    let all = scratch.store().keys().await.unwrap();
    let [kept] = all.as_slice() else { panic!("one key, not {all:?}") };
    let NewKey { name, scopes, limits, expires_at, secret } = made;
    assert_eq!((kept.name.as_str(), kept.scopes, kept.limits), (name.as_str(), scopes, limits));
    assert_eq!((kept.expires_at, kept.revoked_at), (expires_at, None));
    assert!((before..=after).contains(&kept.made_at));
    assert_eq!(kept.secrets.iter().map(|kept| &kept.secret).collect::<Vec<_>>(), [&secret]);
}

async fn a_name_is_given_once_even_after_the_key_was_revoked(scratch: impl Scratch) {
    let keys: &dyn KeyStore = scratch.store();
    keys.add_key(&key("school-a")).await.unwrap();
    let again = NewKey { secret: secret(99), ..key("school-a") };
    assert_eq!(keys.add_key(&again).await.unwrap(), Added::NameTaken);

    assert!(keys.revoke_key("school-a").await.unwrap());
    assert!(!keys.revoke_key("school-a").await.unwrap(), "it was revoked before");
    assert_eq!(keys.add_key(&again).await.unwrap(), Added::NameTaken);
    let kept = keys.keys().await.unwrap().remove(0);
    assert!(kept.revoked_at.is_some() && kept.secrets.is_empty(), "{kept:?}");
    for name in ["school-b", "", "no name", "default"] {
        assert!(!keys.revoke_key(name).await.unwrap(), "{name}");
        assert!(!keys.rotate_key(name, &secret(98), MINUTE).await.unwrap(), "{name}");
    }
}

async fn a_rotation_keeps_the_secret_before_and_none_older(scratch: impl Scratch) {
    let keys: &dyn KeyStore = scratch.store();
    keys.add_key(&key("school-a")).await.unwrap();
    let first = secret(8).public_part;
    let (second, third) = (secret(100), secret(101));

    let before = OffsetDateTime::now_utc() - Duration::from_millis(1);
    assert!(keys.rotate_key("school-a", &second, MINUTE).await.unwrap());
    let after = OffsetDateTime::now_utc();
    assert_eq!(secrets(keys, "school-a").await, [(second.public_part.clone(), true), (first, false)]);
    let until = keys.keys().await.unwrap()[0].secrets[1].valid_until.unwrap();
    assert!((before + MINUTE..=after + MINUTE).contains(&until), "{until}");

    assert!(keys.rotate_key("school-a", &third, HOUR).await.unwrap());
    assert_eq!(secrets(keys, "school-a").await, [(third.public_part, true), (second.public_part, false)]);

    keys.revoke_key("school-a").await.unwrap();
    assert!(!keys.rotate_key("school-a", &secret(102), MINUTE).await.unwrap(), "a revoked key stays revoked");
    assert!(secrets(keys, "school-a").await.is_empty());
}

async fn a_change_is_of_what_it_names_and_nothing_else(scratch: impl Scratch) {
    let keys: &dyn KeyStore = scratch.store();
    keys.add_key(&key("school-a")).await.unwrap();
    keys.add_key(&key("school-bb")).await.unwrap();
    let record = async |name: &str| keys.keys().await.unwrap().into_iter().find(|key| key.name == name).unwrap();
    let (mut expected, other) = (record("school-a").await, record("school-bb").await);

    let none = KeyChange::default();
    assert!(keys.change_key("school-a", &none).await.unwrap());
    assert_eq!(record("school-a").await, expected);

    let scopes = Scopes { run: false, read: true, admin: true };
    assert!(keys.change_key("school-a", &KeyChange { scopes: Some(scopes), ..none }).await.unwrap());
    expected.scopes = scopes;
    assert_eq!(record("school-a").await, expected);

    let limits = LimitsChange {
        requests_per_minute: Some(None),
        running: Some(Some(7)),
        result_days: Some(Some(3)),
        ..LimitsChange::default()
    };
    assert!(keys.change_key("school-a", &KeyChange { limits, ..none }).await.unwrap());
    expected.limits =
        KeyLimits { requests_per_minute: None, cpu_seconds_per_day: None, running: Some(7), result_days: Some(3) };
    assert_eq!(record("school-a").await, expected);

    let limits = LimitsChange { cpu_seconds_per_day: Some(Some(9)), ..LimitsChange::default() };
    assert!(keys.change_key("school-a", &KeyChange { limits, expires_at: Some(None), ..none }).await.unwrap());
    (expected.limits.cpu_seconds_per_day, expected.expires_at) = (Some(9), None);
    assert_eq!(record("school-a").await, expected);
    assert_eq!(record("school-bb").await, other);

    keys.revoke_key("school-a").await.unwrap();
    for name in ["school-a", "nobody", "", "no name", "default"] {
        assert!(!keys.change_key(name, &KeyChange { scopes: Some(Scopes::ALL), ..none }).await.unwrap(), "{name}");
    }
    assert_eq!(record("school-a").await.scopes, scopes);
}

async fn every_change_has_a_number_of_its_own(scratch: impl Scratch) {
    let keys: &dyn KeyStore = scratch.store();
    let mut seen = vec![keys.key_changes().await.unwrap()];
    keys.add_key(&key("school-a")).await.unwrap();
    seen.push(keys.key_changes().await.unwrap());
    keys.rotate_key("school-a", &secret(100), MINUTE).await.unwrap();
    seen.push(keys.key_changes().await.unwrap());
    keys.revoke_key("school-a").await.unwrap();
    seen.push(keys.key_changes().await.unwrap());
    // An operator's own tool counts, too.
    scratch.tamper("UPDATE api_keys SET can_admin = NOT can_admin").await;
    seen.push(keys.key_changes().await.unwrap());
    assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");

    submitted(scratch.store()).await;
    assert_eq!(keys.key_changes().await.unwrap(), seen[4], "a submission is no change of a key");
}

async fn usage_is_counted_with_the_result_and_for_its_owner_alone(scratch: impl Scratch) {
    let store = scratch.store();
    assert_eq!(store.usage(OWNER).await.unwrap(), OwnerUsage::default());

    let mut slow = report(Verdict::TimeLimit, Duration::ZERO);
    slow.inputs.push(slow.inputs[0].clone());
    slow.inputs[0].cpu_time = Duration::from_millis(1500);
    slow.inputs[1].cpu_time = Duration::from_millis(250);
    submitted(store).await;
    store.finish(claimed(store).await.lease, &slow).await.unwrap();
    let mut other = submission();
    other.owner = "school-b".to_owned();
    store.submit_finished(&other, &ok()).await.unwrap();
    store.submit_finished(&submission(), &ok()).await.unwrap();

    let used = Used {
        submissions: 2,
        runs: 3,
        cpu_time: Duration::from_millis(1750),
        by_verdict: vec![(Verdict::Ok, 1), (Verdict::TimeLimit, 1)],
    };
    assert_eq!(store.usage(OWNER).await.unwrap(), OwnerUsage { today: used.clone(), total: used });
    assert_eq!(store.cpu_time_today(OWNER).await.unwrap(), Duration::from_millis(1750));
    assert_eq!(store.usage("school-b").await.unwrap().total.submissions, 1);
    assert_eq!(store.cpu_time_today("school-b").await.unwrap(), Duration::ZERO);
}

async fn compiling_counts_unless_a_cache_spared_it(scratch: impl Scratch) {
    let mut compiled = ok();
    compiled.compile = Some(model::CompileReport {
        output: String::new(),
        truncated: false,
        exit_code: Some(0),
        cpu_time: Duration::from_secs(2),
        wall_time: Duration::from_secs(3),
        memory_kib: 1,
        cached: false,
    });
    scratch.store().submit_finished(&submission(), &compiled).await.unwrap();
    assert_eq!(scratch.store().cpu_time_today(OWNER).await.unwrap(), Duration::from_secs(2));
    compiled.compile.as_mut().unwrap().cached = true;
    scratch.store().submit_finished(&submission(), &compiled).await.unwrap();
    assert_eq!(scratch.store().cpu_time_today(OWNER).await.unwrap(), Duration::from_secs(2));
}

async fn what_is_refused_is_not_counted_and_what_was_used_yesterday_is_not_todays(scratch: impl Scratch) {
    let store = scratch.store();
    let mut used = ok();
    used.inputs[0].cpu_time = Duration::from_secs(5);
    submitted(store).await;
    let late = claimed_and_expired(store).await;
    let claim = claimed(store).await;
    assert_eq!(store.finish(late.lease, &used).await.unwrap(), LeaseUse::Superseded);
    assert_eq!(store.usage(OWNER).await.unwrap(), OwnerUsage::default());
    store.finish(claim.lease, &used).await.unwrap();

    scratch.tamper("UPDATE usage_by_day SET day = day - 1").await;
    let usage = store.usage(OWNER).await.unwrap();
    assert_eq!((usage.today, usage.total.cpu_time), (Used::default(), Duration::from_secs(5)));
    assert_eq!(store.cpu_time_today(OWNER).await.unwrap(), Duration::ZERO);
}
