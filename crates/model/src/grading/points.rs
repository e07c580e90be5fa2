//! Points, exactly: sums of them are the same in every order.

use serde::{Deserialize, Serialize};

/// The most points of one test.
const MOST: u32 = 1_000_000;
/// Points are kept in thousandths.
const PARTS: u64 = 1000;
/// Shares are kept in millionths.
const WHOLE: u64 = 1_000_000;

/// What a test is worth, or what was given for it: a number with three decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Points(u64);

/// A part of the points of a test, from none to all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u64);

/// The number can not be points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a number from 0 to {MOST} with at most three decimals")]
pub struct PointsError;

impl Points {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// What a test is worth that says nothing.
    pub const ONE: Self = Self(PARTS);

    /// As many points, from 0 to 1,000,000 and with at most three decimals.
    ///
    /// # Errors
    /// [`PointsError`] says what is allowed.
    pub fn new(number: f64) -> Result<Self, PointsError> {
        let parts = number * PARTS as f64;
        let whole = parts.round();
        // 0.1 is no number of a computer's: what is nearest to a thousandth is meant to be it.
        let is_one = (0.0..=f64::from(MOST)).contains(&number) && (parts - whole).abs() < 1e-5;
        // Exact: whole, positive and small enough.
        if is_one { Ok(Self(whole as u64)) } else { Err(PointsError) }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, more: Self) -> Self {
        Self(self.0.saturating_add(more.0))
    }

    /// So much of them, rounded down to a thousandth.
    #[must_use]
    pub fn share(self, Share(share): Share) -> Self {
        Self(u64::try_from(u128::from(self.0) * u128::from(share) / u128::from(WHOLE)).unwrap_or(self.0))
    }

    /// As a number.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / PARTS as f64
    }
}

impl Share {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// All.
    pub const ALL: Self = Self(WHOLE);

    /// A number from 0 to 1; `None` for any other.
    pub fn new(number: f64) -> Option<Self> {
        (0.0..=1.0).contains(&number).then(|| Self((number * WHOLE as f64).round() as u64))
    }
}
