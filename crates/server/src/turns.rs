//! A state that one asks the store for while others wait: whoever waited while that failed has failed with it.
//!
//! Without that, each would ask again when its turn comes, and of many requests that find the store away at the same moment the
//! last would be told so after as many times the patience of one. What is kept under it, and when it is asked for, is not known here.

use std::ops::{Deref, DerefMut};

use store::StoreError;
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::Instant;

/// A state, for one at a time.
#[derive(Debug, Default)]
pub struct Turns<T>(Mutex<Kept<T>>);

#[derive(Debug, Default)]
struct Kept<T> {
    state: T,
    /// When the store failed last, and how.
    failed: Option<(Instant, &'static str, String)>,
}

/// The state, as long as it is this one's turn.
#[derive(Debug)]
pub struct Turn<'a, T>(MutexGuard<'a, Kept<T>>);

impl<T> Turns<T> {
    /// With this state.
    pub fn new(state: T) -> Self {
        Self(Mutex::new(Kept { state, failed: None }))
    }

    /// Waits for the turn of whoever asks.
    ///
    /// # Errors
    /// That of somebody before, if it came while this one waited.
    pub async fn next(&self) -> Result<Turn<'_, T>, StoreError> {
        let since = Instant::now();
        let kept = self.0.lock().await;
        match &kept.failed {
            Some((at, context, reason)) if *at >= since => Err(StoreError { context, source: reason.clone().into() }),
            _ => Ok(Turn(kept)),
        }
    }
}

impl<T> Turn<'_, T> {
    /// Passes on what the store answered, and remembers a failure for those who wait.
    ///
    /// # Errors
    /// What was given.
    pub fn heard<R>(&mut self, answer: Result<R, StoreError>) -> Result<R, StoreError> {
        if let Err(error) = &answer {
            self.0.failed = Some((Instant::now(), error.context, error.source.to_string()));
        }
        answer
    }
}

impl<T> Deref for Turn<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.state
    }
}

impl<T> DerefMut for Turn<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure() -> Result<(), StoreError> {
        Err(StoreError { context: "asking", source: "it is away".into() })
    }

    #[tokio::test]
    async fn who_waits_fails_with_the_one_before_and_who_comes_later_asks_again() {
        let turns = Turns::new(0);
        let mut first = turns.next().await.unwrap();
        let others = futures_util::future::join_all((0..20).map(|_| turns.next()));
        // They are asked in this order, and so the others wait when it fails.
        let failing = async {
            first.heard(failure()).unwrap_err();
            drop(first);
        };
        let (others, ()) = tokio::join!(biased; others, failing);
        for other in others {
            let error = other.unwrap_err();
            assert_eq!((error.context, error.source.to_string().as_str()), ("asking", "it is away"));
        }
        *turns.next().await.unwrap() += 1;
        assert_eq!(*turns.next().await.unwrap(), 1);
    }
}
