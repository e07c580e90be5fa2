//! Points as they are shown; what they are says [`model::Points`].

use model::Points;
use serde_json::Value;

/// With as many decimals as they have.
pub fn shown(points: Points) -> String {
    // The shortest text that is read as the same number, and three decimals always have one.
    points.as_f64().to_string()
}

/// As JSON has it: whole numbers without a point.
pub fn json(points: Points) -> Value {
    let number = points.as_f64();
    // Exact: points are far fewer than a number holds.
    if number.fract() == 0.0 { (number as u64).into() } else { number.into() }
}

/// The points that somebody else's number means, to the nearest thousandth.
pub fn nearest(number: f64) -> Points {
    Points::new((number * 1000.0).round() / 1000.0).unwrap_or(Points::NONE)
}

/// All together.
pub fn sum(points: impl Iterator<Item = Points>) -> Points {
    points.fold(Points::NONE, Points::plus)
}

/// How much of a hundred this is, of so many; none if there are none to get.
pub fn percent(points: Points, of: Points) -> Option<f64> {
    (of > Points::NONE).then(|| points.as_f64() * 100.0 / of.as_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_shown_as_they_were_given() {
        for (number, text, value) in [
            (0.0, "0", Value::from(0)),
            (2.0, "2", 2.into()),
            (0.1, "0.1", 0.1.into()),
            (2.125, "2.125", 2.125.into()),
            (1e6, "1000000", 1_000_000.into()),
        ] {
            let points = Points::new(number).unwrap();
            assert_eq!((shown(points).as_str(), json(points), nearest(number)), (text, value, points));
        }
        let tenth = Points::new(0.1).unwrap();
        assert_eq!(sum([tenth; 10].into_iter()), Points::ONE);
        assert_eq!((percent(tenth, Points::ONE), percent(tenth, Points::NONE)), (Some(10.0), None));
        assert_eq!(nearest(f64::NAN), Points::NONE);
    }
}
