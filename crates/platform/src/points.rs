//! Points: counted in thousandths, so that sums are exact.

use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The most points of one test.
pub const MOST: f64 = 1_000_000.0;

/// A number of points with at most three decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Points(i64);

impl Points {
    /// What a test is worth where nobody says otherwise.
    pub const ONE: Self = Self(1000);

    /// As they are kept in the database.
    pub fn from_thousandths(thousandths: i64) -> Self {
        Self(thousandths.max(0))
    }

    /// As they are kept in the database.
    pub fn thousandths(self) -> i64 {
        self.0
    }

    /// The nearest; none for what is no number from 0 to [`MOST`].
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    pub fn from_number(number: f64) -> Option<Self> {
        (0.0..=MOST).contains(&number).then(|| Self((number * 1000.0).round() as i64))
    }

    /// As a number for JSON.
    #[expect(clippy::cast_precision_loss, reason = "points are far below 2^53")]
    pub fn number(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number())
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(points: I) -> Self {
        Self(points.map(|points| points.0).sum())
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.number())
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A sum may be more than the most of one test.
        let number = f64::deserialize(deserializer)?;
        #[expect(clippy::cast_possible_truncation, reason = "saturates")]
        let thousandths = (number * 1000.0).round() as i64;
        Ok(Self::from_thousandths(thousandths))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_of_ten_thrice_is_what_it_says_and_whole_points_have_no_decimals() {
        let third = Points::from_number(3.333).unwrap();
        assert_eq!([third, third, third].into_iter().sum::<Points>().to_string(), "9.999");
        assert_eq!(Points::ONE.to_string(), "1");
        assert_eq!(Points::from_number(0.1 + 0.2).unwrap().to_string(), "0.3");
        for bad in [-1.0, f64::NAN, f64::INFINITY, MOST + 1.0] {
            assert_eq!(Points::from_number(bad), None);
        }
    }
}
