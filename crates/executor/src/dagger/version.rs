//! Which versions of the engine are used. Pure.
//!
//! From 0.22 on nothing is known, and the pre-releases of 1.0 give every program the engine's own API by default, which would
//! make a student's code its master. Before 0.21.1 ids have types of their own.

/// The first version whose memory is bounded.
const BOUNDED: (u64, u64, u64) = (0, 21, 9);
/// The first that is used.
const LEAST: (u64, u64, u64) = (0, 21, 1);
/// The first that is not any more.
const END: (u64, u64, u64) = (0, 22, 0);

/// What is said of a version that is used: `None`, or what is weak about it.
///
/// # Errors
/// Why it is not used.
pub fn check(version: &str) -> Result<Option<&'static str>, String> {
    let numbers = numbers(version).ok_or_else(|| format!("`{version}` is no version of a release"))?;
    if numbers < LEAST || numbers >= END {
        return Err(format!("its version is {version}; allowed is 0.21.1 to any 0.21"));
    }
    Ok((numbers < BOUNDED).then_some("before 0.21.9 the engine's memory grows without bound"))
}

/// Of `v0.21.8` and `0.21.8`, and of nothing with more behind it.
fn numbers(version: &str) -> Option<(u64, u64, u64)> {
    let mut parts = version.strip_prefix('v').unwrap_or(version).split('.');
    let mut number = || {
        let part = parts.next()?;
        part.chars().all(|c| c.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let numbers = (number()?, number()?, number()?);
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_open_the_engine_to_programs_are_refused() {
        for used in ["v0.21.9", "0.21.11", "v0.21.100"] {
            assert_eq!(check(used), Ok(None), "{used}");
        }
        for weak in ["v0.21.1", "v0.21.8"] {
            assert!(check(weak).is_ok_and(|weak| weak.is_some()), "{weak}");
        }
        for refused in [
            "v0.21.0",
            "v0.20.9",
            "v0.22.0",
            "v1.0.0",
            "v1.0.0-beta.12",
            "v0.21.9-dev",
            "",
            "v",
            "v0.21",
            "0.21.9.1",
            "v0.+21.9",
        ] {
            assert!(check(refused).is_err(), "{refused}");
        }
    }
}
