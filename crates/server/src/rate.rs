//! How many requests a key may still make in this minute.
//!
//! A token bucket in its shortest form (the generic cell rate algorithm): one point in time for each key says when its
//! bucket will be full again. Chosen over counting in windows because a client can not use two windows' worth around
//! their edge, because the wait it is told is exact, and because a key costs the same few bytes whatever its limit,
//! where a log of the last minute would grow with it. A bucket holds a minute's worth: that many requests may come
//! at once, and then one each time a token has come back.
//!
//! It is kept in memory: a restart fills all buckets. Where several nodes share a store, the store counts
//! ([`store::Fleet::take_request`]), and here is only noted what it said last.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const MINUTE: Duration = Duration::from_secs(60);

/// The buckets of all keys that have made a request under a limit. There are no more than keys in the store.
#[derive(Debug, Default)]
pub struct Buckets(Mutex<HashMap<String, Instant>>);

impl Buckets {
    /// Takes a token of this key, which gets `per_minute` of them in a minute (at least 1).
    ///
    /// # Errors
    /// None is left: the time until one is there.
    pub fn take(&self, key: &str, per_minute: u32, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.buckets();
        let full_at = full_at(&buckets, key, now);
        let after = full_at + token(per_minute);
        match (after - now).checked_sub(MINUTE) {
            Some(wait) if !wait.is_zero() => Err(wait),
            _ => {
                buckets.insert(key.to_owned(), after);
                Ok(())
            }
        }
    }

    /// Notes how many tokens are left, as somebody says who counts for all nodes.
    pub fn note(&self, key: &str, left: u32, per_minute: u32, now: Instant) {
        let missing = token(per_minute) * per_minute.saturating_sub(left);
        self.buckets().insert(key.to_owned(), now + missing);
    }

    /// How many tokens are left.
    pub fn left(&self, key: &str, per_minute: u32, now: Instant) -> u32 {
        let missing = full_at(&self.buckets(), key, now) - now;
        let left = MINUTE.saturating_sub(missing).as_nanos() / token(per_minute).as_nanos();
        u32::try_from(left).unwrap_or(u32::MAX).min(per_minute)
    }

    fn buckets(&self) -> MutexGuard<'_, HashMap<String, Instant>> {
        // Nothing that holds this lock can leave it half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn full_at(buckets: &HashMap<String, Instant>, key: &str, now: Instant) -> Instant {
    buckets.get(key).map_or(now, |full_at| (*full_at).max(now))
}

/// How long it takes for a token to come back. Rounded down, so that a bucket holds all its tokens.
fn token(per_minute: u32) -> Duration {
    MINUTE / per_minute.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_minutes_worth_at_once_and_then_one_for_each_token_that_comes_back() {
        for per_minute in [1, 2, 7, 60, 1000, 1_000_000_000] {
            let (buckets, now) = (Buckets::default(), Instant::now());
            let many = per_minute.min(1000);
            for sent in 0..many {
                assert_eq!(buckets.left("a", per_minute, now), per_minute - sent);
                assert_eq!(buckets.take("a", per_minute, now), Ok(()), "{sent} of {per_minute}");
            }
            if many < per_minute {
                continue;
            }
            let wait = buckets.take("a", per_minute, now).unwrap_err();
            assert!(wait <= MINUTE / per_minute + Duration::from_nanos(u64::from(per_minute)), "{wait:?}");
            assert_eq!(buckets.left("a", per_minute, now), 0);
            assert!(buckets.take("a", per_minute, now + wait - Duration::from_nanos(1)).is_err());
            assert_eq!(buckets.take("a", per_minute, now + wait), Ok(()), "what was said is true");
            assert!(buckets.take("a", per_minute, now + wait).is_err());
        }
    }

    #[test]
    fn a_refusal_costs_nothing_and_a_pause_fills_the_bucket_and_no_more() {
        let (buckets, now) = (Buckets::default(), Instant::now());
        for _ in 0..6 {
            buckets.take("a", 6, now).unwrap();
        }
        for _ in 0..100 {
            assert_eq!(buckets.take("a", 6, now), Err(10 * SECOND));
        }
        let later = now + 10_000 * SECOND;
        assert_eq!(buckets.left("a", 6, later), 6);
        assert_eq!((0..10).filter(|_| buckets.take("a", 6, later).is_ok()).count(), 6);
    }

    #[test]
    fn what_is_noted_is_left_and_comes_back() {
        let (buckets, now) = (Buckets::default(), Instant::now());
        buckets.note("a", 2, 6, now);
        assert_eq!(buckets.left("a", 6, now), 2);
        assert_eq!(buckets.left("a", 6, now + 10 * SECOND), 3);
        buckets.note("a", 0, 6, now);
        assert_eq!(buckets.left("a", 6, now), 0);
    }

    #[test]
    fn keys_have_buckets_of_their_own() {
        let (buckets, now) = (Buckets::default(), Instant::now());
        buckets.take("a", 1, now).unwrap();
        assert!(buckets.take("a", 1, now).is_err());
        assert_eq!(buckets.take("b", 1, now), Ok(()));
    }
}
