//! How fast submissions are finished, and what follows from that for those that wait.
//!
//! What was measured last counts most. It is a guess about work that nobody has seen yet, and is told as one: with one
//! digit that means something, and not at all before anything was measured.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The mean is of about so many submissions.
const REMEMBERED: u32 = 32;
/// How long to stay away when nothing was measured yet, in seconds.
const UNKNOWN_RETRY: u32 = 5;
/// The longest that anybody is sent away for, in seconds: by then everything may be different.
const MOST_RETRY: u32 = 600;
/// Whoever is sent away shall find this part of the queue worked off, and not one place for all who come back.
const ROOM_PART: u64 = 8;

/// The pace of the workers: of this server, or of all nodes that share its store.
#[derive(Debug)]
pub struct Throughput {
    workers: AtomicU32,
    measured: Mutex<Measured>,
}

#[derive(Debug, Default)]
struct Measured {
    /// Never more than [`REMEMBERED`].
    count: u32,
    /// From claim to result.
    mean: Duration,
}

impl Throughput {
    /// Of so many workers, which have done nothing yet.
    pub fn new(workers: usize) -> Self {
        let throughput = Self { workers: AtomicU32::new(1), measured: Mutex::default() };
        throughput.set_workers(workers);
        throughput
    }

    /// So many there are now; one at the least, since what is foretold is foretold for when there is one.
    pub fn set_workers(&self, workers: usize) {
        self.workers.store(u32::try_from(workers).unwrap_or(u32::MAX).max(1), Ordering::Relaxed);
    }

    /// How many workers there are.
    pub fn workers(&self) -> usize {
        usize::try_from(self.workers.load(Ordering::Relaxed)).unwrap_or(usize::MAX)
    }

    /// A submission had its worker for this long, from the claim to the result.
    pub fn finished(&self, took: Duration) {
        let mut measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        measured.count = (measured.count + 1).min(REMEMBERED);
        let (count, mean) = (measured.count, measured.mean);
        measured.mean = (mean * (count - 1) + took) / count;
    }

    /// So many submissions had workers, for this long each on average.
    pub fn finished_many(&self, count: u32, mean: Duration) {
        (0..count.min(REMEMBERED)).for_each(|_| self.finished(mean));
    }

    /// When the result of a submission at this place may be there, in milliseconds from now, to one digit; 0 is a place
    /// of what runs already. `None` if nothing was measured yet.
    pub fn eta_ms(&self, place: u64) -> Option<u64> {
        let mean = self.mean()?.as_secs_f64() * 1e3;
        let ms = mean * place as f64 / f64::from(self.workers.load(Ordering::Relaxed)) + mean;
        Some(to_one_digit(ms))
    }

    /// When it is worth trying again where so many wait, in whole seconds.
    pub fn retry_after(&self, waiting: u64) -> u32 {
        let Some(mean) = self.mean() else { return UNKNOWN_RETRY };
        let room = waiting.div_ceil(ROOM_PART) as f64;
        let seconds = (mean.as_secs_f64() * room / f64::from(self.workers.load(Ordering::Relaxed))).ceil();
        // Within bounds that a whole number has.
        seconds.clamp(1.0, f64::from(MOST_RETRY)) as u32
    }

    fn mean(&self) -> Option<Duration> {
        let measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        (measured.count > 0).then_some(measured.mean)
    }
}

/// The nearest number with one digit and zeros; 10 at the least.
fn to_one_digit(ms: f64) -> u64 {
    let unit = 10_f64.powf(ms.max(10.0).log10().floor());
    // Positive, and less than a day for each of a million submissions.
    ((ms / unit).round() * unit).max(10.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throughput(workers: usize, took: &[u64]) -> Throughput {
        let throughput = Throughput::new(workers);
        took.iter().for_each(|ms| throughput.finished(Duration::from_millis(*ms)));
        throughput
    }

    #[test]
    fn nothing_is_foretold_before_anything_was_measured() {
        assert_eq!((throughput(2, &[]).eta_ms(7), throughput(2, &[]).retry_after(10_000)), (None, 5));
    }

    #[test]
    fn a_guess_has_one_digit() {
        // Workers, times in milliseconds, place, and what is told.
        let cases: [(usize, &[u64], u64, u64); 8] = [
            (1, &[3], 0, 10),
            (1, &[37], 0, 40),
            (1, &[40, 60], 0, 50),
            (1, &[40], 4, 200),
            (4, &[40], 4, 80),
            (2, &[100], 1000, 50_000),
            (1, &[960], 0, 1000),
            (1, &[0], 1000, 10),
        ];
        for (workers, took, place, told) in cases {
            assert_eq!(throughput(workers, took).eta_ms(place), Some(told), "{took:?} with {workers}, place {place}");
        }
    }

    #[test]
    fn what_was_long_ago_is_forgotten() {
        let mut took = vec![60_000];
        took.extend([100; 500]);
        assert_eq!(throughput(1, &took).eta_ms(0), Some(100));
    }

    #[test]
    fn who_is_sent_away_comes_back_when_a_part_of_the_queue_is_worked_off() {
        // Workers, milliseconds for each, how many wait, and the seconds.
        let cases = [(1, 100, 8, 1), (1, 1000, 80, 10), (4, 1000, 80, 3), (1, 1, 1, 1), (1, 60_000, 10_000, 600)];
        for (workers, took, waiting, seconds) in cases {
            assert_eq!(throughput(workers, &[took]).retry_after(waiting), seconds, "{waiting} of {took} ms, {workers}");
        }
    }
}
