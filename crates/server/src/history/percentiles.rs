//! Percentiles of times that were only counted, within a stated error.
//!
//! A time is counted in one of a row of buckets, each a little more than ten percent longer than the one before it, so that
//! one number stands for all times in it and is off by [`ERROR`] at the most. Times of [`SHORTEST`] and less share a bucket.
//! The counts of any two stretches add up, so that a percentile of a day is as good as one of a minute: that of all its
//! times, and not a mean of percentiles. The percentile is the nearest rank: of 20 times the 95th is the 19th.

use std::collections::BTreeMap;
use std::time::Duration;

use store::Spent;

/// The most that a percentile is off, as a part of the true one, where that is longer than [`SHORTEST`].
pub const ERROR: f64 = 0.05;
/// Times up to this are told apart no further: a percentile of them is off by no more than this.
pub const SHORTEST: Duration = Duration::from_micros(100);

/// How much longer the times of a bucket are than those of the one before it.
const GROWTH: f64 = (1.0 + ERROR) / (1.0 - ERROR);

/// Half, nineteen of twenty, ninety-nine of a hundred are no longer than these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percentiles {
    /// The median.
    pub p50: Duration,
    /// The 95th.
    pub p95: Duration,
    /// The 99th.
    pub p99: Duration,
}

/// The bucket of a time.
pub fn bucket(time: Duration) -> i32 {
    if time <= SHORTEST {
        return 0;
    }
    // Less than a thousand, for the longest time that there is.
    (time.as_secs_f64() / SHORTEST.as_secs_f64()).log(GROWTH).ceil() as i32
}

/// The time that stands for those of a bucket.
fn time(bucket: i32) -> Duration {
    if bucket <= 0 {
        return SHORTEST / 2;
    }
    let longest = SHORTEST.as_secs_f64() * GROWTH.powi(bucket);
    Duration::try_from_secs_f64(longest * (1.0 - ERROR)).unwrap_or(Duration::MAX)
}

/// Those of the times of this kind; none if there are none.
pub fn percentiles(times: &BTreeMap<(Spent, i32), u64>, of: Spent) -> Option<Percentiles> {
    // In the order of the times.
    let counts: Vec<(i32, u64)> =
        times.iter().filter(|((spent, _), _)| *spent == of).map(|((_, bucket), count)| (*bucket, *count)).collect();
    let all: u64 = counts.iter().map(|(_, count)| count).sum();
    let at = |percent: u64| {
        let rank = (u128::from(all) * u128::from(percent)).div_ceil(100);
        let mut seen = 0_u128;
        counts.iter().find(|(_, count)| {
            seen += u128::from(*count);
            seen >= rank
        })
    };
    let of = |percent| at(percent).map(|(bucket, _)| time(*bucket));
    Some(Percentiles { p50: of(50)?, p95: of(95)?, p99: of(99)? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The times as they are counted in some stretches, which are then added up.
    fn counted(times: &[Duration], stretches: usize) -> BTreeMap<(Spent, i32), u64> {
        let mut all = store::Happened::default();
        for part in times.chunks(times.len().div_ceil(stretches).max(1)) {
            let mut happened = store::Happened::default();
            for time in part {
                *happened.times.entry((Spent::Execution, bucket(*time))).or_default() += 1;
            }
            all.add(&happened);
        }
        all.times
    }

    fn exact(sorted: &[Duration], percent: usize) -> Duration {
        sorted[(sorted.len() * percent).div_ceil(100) - 1]
    }

    fn is_near(told: Duration, exact: Duration) -> bool {
        if exact <= SHORTEST {
            return told <= SHORTEST;
        }
        let (told, exact) = (told.as_secs_f64(), exact.as_secs_f64());
        // A nanosecond for what a time is cut to.
        (told - exact).abs() <= exact * ERROR + 2e-9
    }

    proptest! {
        /// From a nanosecond to weeks, as many short ones as long ones.
        #[test]
        fn a_percentile_is_within_the_stated_error_of_the_exact_one(
            exponents in prop::collection::vec(0.0..15.5_f64, 1..400),
            stretches in 1..9_usize,
        ) {
            let times: Vec<Duration> =
                exponents.iter().map(|exponent| Duration::from_nanos(10_f64.powf(*exponent) as u64)).collect();
            let told = percentiles(&counted(&times, stretches), Spent::Execution).expect("there are times");
            let mut sorted = times;
            sorted.sort_unstable();
            for (percent, told) in [(50, told.p50), (95, told.p95), (99, told.p99)] {
                let exact = exact(&sorted, percent);
                prop_assert!(is_near(told, exact), "p{percent}: {told:?} for {exact:?}");
            }
        }
    }

    #[test]
    fn no_times_have_no_percentiles_and_kinds_are_kept_apart() {
        let times = counted(&[Duration::from_millis(20)], 1);
        assert_eq!(percentiles(&times, Spent::Queue), None);
        assert!(is_near(percentiles(&times, Spent::Execution).unwrap().p99, Duration::from_millis(20)));
    }

    #[test]
    fn the_longest_time_has_a_bucket() {
        assert_eq!(bucket(Duration::ZERO), 0);
        assert!(bucket(Duration::MAX) < 1000);
        assert!(time(bucket(Duration::MAX)) > Duration::from_secs(u64::MAX / 2));
    }
}
