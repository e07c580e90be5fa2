//! How often somebody may try to sign in: by account and by address, counted in memory.
//!
//! A try is counted before the password is looked at, and forgotten if it was right, so that many at the same time do not get
//! more tries than one after the other.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// For so long tries are counted.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Wrong tries for one account.
const MOST_FOR_ACCOUNT: u32 = 10;
/// Wrong tries from one address: a whole school may have one.
const MOST_FROM_ADDRESS: u32 = 150;
/// Accounts and addresses that are remembered.
const MOST_REMEMBERED: usize = 50_000;

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Who {
    Account(String),
    Address(IpAddr),
}

/// The counts.
#[derive(Default)]
pub struct Tries {
    counted: Mutex<HashMap<Who, (Instant, u32)>>,
}

impl Tries {
    /// Counts a try.
    ///
    /// # Errors
    /// How long to wait, if there were too many.
    pub fn count(&self, account: &str, address: IpAddr) -> Result<(), Duration> {
        self.count_at(account, address, Instant::now())
    }

    /// The password was right.
    pub fn forget(&self, account: &str, address: IpAddr) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        counted.remove(&Who::Account(account.to_owned()));
        if let Some((_, count)) = counted.get_mut(&Who::Address(address)) {
            *count = count.saturating_sub(1);
        }
    }

    fn count_at(&self, account: &str, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= MOST_REMEMBERED {
            counted.retain(|_, (since, _)| now.duration_since(*since) < WINDOW);
            // Whoever fills it with names slows down themselves and nobody else.
            if counted.len() >= MOST_REMEMBERED {
                counted.retain(|who, _| matches!(who, Who::Address(_)));
            }
        }
        let both = [(Who::Account(account.to_owned()), MOST_FOR_ACCOUNT), (Who::Address(address), MOST_FROM_ADDRESS)];
        for (who, most) in &both {
            if let Some((since, count)) = counted.get(who)
                && now.duration_since(*since) < WINDOW
                && count >= most
            {
                return Err(WINDOW - now.duration_since(*since));
            }
        }
        for (who, _) in both {
            let entry = counted.entry(who).or_insert((now, 0));
            if now.duration_since(entry.0) >= WINDOW {
                *entry = (now, 0);
            }
            entry.1 += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_wrong_tries_close_an_account_or_an_address_for_a_while() {
        let (tries, now) = (Tries::default(), Instant::now());
        let address = |last| IpAddr::from([10, 0, 0, last]);
        for number in 0..MOST_FOR_ACCOUNT {
            assert_eq!(tries.count_at("ada", address(u8::try_from(number).unwrap()), now), Ok(()));
        }
        assert_eq!(tries.count_at("ada", address(99), now), Err(WINDOW));
        assert_eq!(tries.count_at("ben", address(1), now), Ok(()));
        assert_eq!(tries.count_at("ada", address(99), now + WINDOW), Ok(()));

        for number in 0..MOST_FROM_ADDRESS {
            let _ = tries.count_at(&format!("name{number}"), address(200), now);
        }
        assert!(tries.count_at("somebody", address(200), now).is_err());
        tries.forget("name1", address(200));
        assert_eq!(tries.count_at("somebody", address(200), now), Ok(()));
    }
}
