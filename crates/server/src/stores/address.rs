//! The address of a database as an operator writes it, made one that holds all that it takes to get there.
//!
//! ```text
//!  CODE_RUNNER_STORE ---+
//!  PGSSL... ------------+--> host, mode, files --> is that safe, and does it fit? --> content of the files --> DatabaseAddress
//!  the host's roots ----+
//! ```
//!
//! What would be ignored elsewhere is refused here where it is about security: a mode that is misspelt, an authority that nobody
//! would ask for, a parameter of TLS that is not known. Nothing is looked up, and nobody is connected to.

use std::borrow::Cow;

use store::DatabaseAddress;
use url::Url;

use super::certificates;
use crate::callbacks::outside::Outside;
use crate::config::{Secret, StoreChoice};
use crate::node::ServeError;

/// A parameter of the address, by all its names, and the variable of the environment that stands for it where it is missing.
struct Parameter {
    names: &'static [&'static str],
    variable: &'static str,
}

/// How much of TLS there is, whom to believe, and what to show.
const TLS: [Parameter; 4] = [
    Parameter { names: &["sslmode", "ssl-mode"], variable: "PGSSLMODE" },
    Parameter { names: &["sslrootcert", "ssl-root-cert", "ssl-ca"], variable: "PGSSLROOTCERT" },
    Parameter { names: &["sslcert", "ssl-cert"], variable: "PGSSLCERT" },
    Parameter { names: &["sslkey", "ssl-key"], variable: "PGSSLKEY" },
];

/// What else would make a connection safer, and what would lead it to another host than the one that is checked. Whatever begins
/// with `ssl` is refused, too.
const REFUSED: [&str; 6] = ["host", "hostaddr", "channel_binding", "gssencmode", "require_auth", "requirepeer"];

/// How much of TLS there is; libpq says what each means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl Mode {
    const ALL: [(&'static str, Self); 6] = [
        ("disable", Self::Disable),
        ("allow", Self::Allow),
        ("prefer", Self::Prefer),
        ("require", Self::Require),
        ("verify-ca", Self::VerifyCa),
        ("verify-full", Self::VerifyFull),
    ];

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, mode)| mode)
    }

    fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, mode)| *mode == self).map_or("verify-full", |(name, _)| name)
    }
}

/// Whom to believe.
#[derive(Debug, PartialEq, Eq)]
enum Roots {
    /// Nobody is asked.
    None,
    /// Those that this host trusts.
    Hosts,
    /// Those in this file.
    File(String),
}

/// The address with everything it names. Reads files, and `variable` of the environment.
///
/// # Errors
/// [`ServeError::StoreAddress`], which says what is to be changed, and no password.
pub fn complete(
    address: &Secret,
    outside: &Outside,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<DatabaseAddress, ServeError> {
    let refused = |what: String| ServeError::StoreAddress(format!("CODE_RUNNER_STORE {what}"));
    let mut url = Url::parse(address.expose()).map_err(|_| refused(format!("is none of {}", StoreChoice::ALLOWED)))?;
    if url.host_str().is_none_or(|host| host.is_empty() || host.starts_with('%')) {
        return Err(refused("names no host; a database is reached over the network, not by a file".to_owned()));
    }
    let mut given: [Option<String>; TLS.len()] = Default::default();
    let mut rest = Vec::new();
    for (name, value) in url.query_pairs() {
        if let Some(place) = TLS.iter().position(|parameter| parameter.names.contains(&&*name)) {
            given[place] = Some(value.into_owned());
        } else if name.starts_with("ssl") || REFUSED.contains(&&*name) {
            return Err(refused(format!("has the parameter {name}, which Code Runner does not know to obey")));
        } else {
            rest.push((name.into_owned(), value.into_owned()));
        }
    }
    let [mode, roots, certificate, key] = std::array::from_fn(|place| {
        let set = || variable(TLS[place].variable).filter(|value| !value.is_empty());
        given[place].take().or_else(set)
    });
    let (mode, roots) = trust(mode, roots).map_err(|what| refused(what.into()))?;
    let authorities = match roots {
        Roots::None => None,
        Roots::Hosts => Some(certificates::of_host(outside).map_err(refused)?),
        Roots::File(path) => Some(certificates::authorities(&path).map_err(refused)?),
    };
    let client = match (certificate, key) {
        (None, None) => None,
        (Some(certificate), Some(key)) => Some(certificates::of_client(&certificate, &key).map_err(refused)?),
        _ => return Err(refused("names only one of sslcert and sslkey".to_owned())),
    };
    rest.push(("sslmode".to_owned(), mode.name().to_owned()));
    let has_password = url.password().is_some() || rest.iter().any(|(name, _)| name == "password");
    if !has_password && variable("PGPASSWORD").is_none() {
        // An empty one is one. For none, sqlx would look for a file in the home of this user, which is not to be seen later.
        rest.push(("password".to_owned(), String::new()));
    }
    url.query_pairs_mut().clear().extend_pairs(rest);
    Ok(DatabaseAddress { url: url.into(), authorities, client })
}

/// How much of TLS there is to be, and whom to believe.
///
/// # Errors
/// What does not fit together; fits after the name of the setting.
fn trust(mode: Option<String>, roots: Option<String>) -> Result<(Mode, Roots), Cow<'static, str>> {
    let mode = match mode {
        Some(text) => {
            let names = Mode::ALL.map(|(name, _)| name).join(", ");
            Some(Mode::parse(&text).ok_or_else(|| format!("has sslmode={text}; allowed is {names}"))?)
        }
        None => None,
    };
    match (roots.as_deref(), mode) {
        (None, Some(mode @ (Mode::VerifyCa | Mode::VerifyFull))) => Ok((mode, Roots::Hosts)),
        (None, mode) => Ok((mode.unwrap_or(Mode::Prefer), Roots::None)),
        // Anybody has a certificate of one of those, for a name of theirs.
        (Some("system"), None | Some(Mode::VerifyFull)) => Ok((Mode::VerifyFull, Roots::Hosts)),
        (Some("system"), Some(_)) => Err("has sslrootcert=system, which needs sslmode=verify-full".into()),
        (Some(file), Some(Mode::VerifyFull)) => Ok((Mode::VerifyFull, Roots::File(file.to_owned()))),
        // As in libpq.
        (Some(file), Some(Mode::VerifyCa | Mode::Require)) => Ok((Mode::VerifyCa, Roots::File(file.to_owned()))),
        (Some(_), None | Some(Mode::Disable | Mode::Allow | Mode::Prefer)) => {
            Err("has sslrootcert, of which nothing comes without sslmode=verify-full or sslmode=verify-ca".into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(text: &str) -> Result<DatabaseAddress, String> {
        completed_in(text, &[])
    }

    fn completed_in(text: &str, environment: &[(&str, &str)]) -> Result<DatabaseAddress, String> {
        let variable = |name: &str| {
            environment.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned())
        };
        let outside = Outside::given(None, Vec::new());
        complete(&Secret::new(text), &outside, variable).map_err(|error| error.to_string())
    }

    #[test]
    fn the_host_and_what_is_not_about_tls_stay_as_they_are() {
        for (given, url) in [
            ("postgres://ada:p%40ss@db.school.example:5433/runs?sslmode=require", None),
            ("postgres://ada@[::1]/runs?password=x&sslmode=disable", None),
            ("postgres://ada:x@10.0.0.7/runs?ssl-mode=REQUIRE", Some("postgres://ada:x@10.0.0.7/runs?sslmode=require")),
            ("postgres://ada:x@db/runs", Some("postgres://ada:x@db/runs?sslmode=prefer")),
            ("postgres://ada@db/runs", Some("postgres://ada@db/runs?sslmode=prefer&password=")),
            (
                "postgres://ada:x@db/runs?options=-c%20a%3Db&sslmode=disable",
                Some("postgres://ada:x@db/runs?options=-c+a%3Db&sslmode=disable"),
            ),
        ] {
            let found = completed(given).unwrap();
            assert_eq!(found.url, url.unwrap_or(given));
            assert!(found.authorities.is_none() && found.client.is_none());
        }
        let with_password = completed_in("postgres://ada@db/runs", &[("PGPASSWORD", "hush")]).unwrap();
        assert_eq!(with_password.url, "postgres://ada@db/runs?sslmode=prefer");
    }

    #[test]
    fn what_would_be_ignored_and_is_about_security_is_refused() {
        for (parameters, reason) in [
            ("sslmode=verify_full", "sslmode=verify_full; allowed is disable, allow, prefer"),
            ("sslcrl=x", "sslcrl"),
            ("sslnegotiation=direct", "sslnegotiation"),
            ("channel_binding=require", "channel_binding"),
            ("hostaddr=10.0.0.8&sslmode=verify-full", "hostaddr"),
            ("host=other", "the parameter host"),
            ("sslrootcert=/root.crt", "without sslmode=verify-full"),
            ("sslrootcert=/root.crt&sslmode=prefer", "without sslmode=verify-full"),
            ("sslrootcert=system&sslmode=verify-ca", "needs sslmode=verify-full"),
            ("sslrootcert=/nowhere/root.crt&sslmode=verify-ca", "/nowhere/root.crt, which can not be read"),
            ("sslcert=/x.crt", "only one of sslcert and sslkey"),
            ("sslcert=/nowhere/x.crt&sslkey=/nowhere/x.key", "/nowhere/x.crt, which can not be read"),
            // The host of the test is given none.
            ("sslmode=verify-full", "no certificates of authorities"),
            ("sslrootcert=system", "no certificates of authorities"),
        ] {
            let error = completed(&format!("postgres://ada:hush@db/runs?{parameters}")).err().expect(parameters);
            assert!(error.starts_with("CODE_RUNNER_STORE ") && error.contains(reason), "{parameters}: {error}");
            assert!(!error.contains("hush"), "{error}");
        }
        let error = completed("postgres://%2Frun%2Fpostgresql/runs").err().expect("a folder");
        assert!(error.contains("names no host"), "{error}");
    }

    #[test]
    fn the_environment_says_what_the_address_does_not() {
        let address = "postgres://ada:x@db/runs";
        let found = completed_in(address, &[("PGSSLMODE", "require"), ("PGSSLROOTCERT", "")]).unwrap();
        assert_eq!(found.url, "postgres://ada:x@db/runs?sslmode=require");
        let found = completed_in(&format!("{address}?sslmode=disable"), &[("PGSSLMODE", "require")]).unwrap();
        assert_eq!(found.url, "postgres://ada:x@db/runs?sslmode=disable");
        let environment = [("PGSSLMODE", "verify-full"), ("PGSSLROOTCERT", "/nowhere/root.crt")];
        let error = completed_in(address, &environment).err().expect("there is no such file");
        assert!(error.contains("/nowhere/root.crt"), "{error}");
        let error = completed_in(address, &[("PGSSLMODE", "verify")]).err().expect("there is no such mode");
        assert!(error.contains("sslmode=verify;"), "{error}");
    }

    #[test]
    fn whom_to_believe_follows_from_both() {
        let of =
            |mode: Option<&str>, roots: Option<&str>| trust(mode.map(str::to_owned), roots.map(str::to_owned)).ok();
        let file = || Roots::File("f".to_owned());
        assert_eq!(of(None, None), Some((Mode::Prefer, Roots::None)));
        assert_eq!(of(Some("require"), None), Some((Mode::Require, Roots::None)));
        assert_eq!(of(Some("require"), Some("f")), Some((Mode::VerifyCa, file())));
        assert_eq!(of(Some("verify-ca"), Some("f")), Some((Mode::VerifyCa, file())));
        assert_eq!(of(Some("verify-full"), Some("f")), Some((Mode::VerifyFull, file())));
        assert_eq!(of(Some("Verify-Full"), None), Some((Mode::VerifyFull, Roots::Hosts)));
        assert_eq!(of(None, Some("system")), Some((Mode::VerifyFull, Roots::Hosts)));
        assert_eq!(of(Some("require"), Some("system")), None);
    }
}
