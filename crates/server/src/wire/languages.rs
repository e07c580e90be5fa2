//! The languages as clients and operators see them.

use std::time::SystemTime;

use executor::LanguageStatus;
use model::{Language, Limits, Packages, Preparation};
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::ToSchema;

use super::names::ModeName;
use super::request::LimitsBody;
use super::response::milliseconds;

/// Every language there is, installed or not.
#[derive(Debug, Serialize, ToSchema)]
pub struct Languages {
    /// The language of a request that names none.
    #[schema(example = "python")]
    pub default: String,
    /// In the order of their ids.
    pub languages: Vec<LanguageBody>,
}

/// One language.
#[derive(Debug, Serialize, ToSchema)]
pub struct LanguageBody {
    /// What a request calls it.
    #[schema(example = "python")]
    pub id: String,
    /// What people call it.
    #[schema(example = "Python 3")]
    pub name: String,
    /// What a request may call it too.
    #[schema(example = json!(["py", "python3"]))]
    pub aliases: Vec<String>,
    /// The extensions by which its files are known, without the dot. Another language may have the same.
    #[schema(example = json!(["py"]))]
    pub extensions: Vec<String>,
    /// Can it be used? A submission in a language that can not is answered with 503; where several nodes share a store, it is
    /// accepted and waits for a worker that has it.
    pub available: bool,
    /// The installed version, as it names itself; null if that is not known.
    #[schema(required, example = "Python 3.11.2")]
    pub version: Option<String>,
    /// Why it can not be used, in general.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "its self-test failed")]
    pub reason: Option<&'static str>,
    /// The same with what this host said, for keys with the scope `admin` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// What brings it, where it is not installed: Debian packages, and those of npm and PyPI with `npm:` or
    /// `pypi:` in front. `make languages` installs them all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub packages: Vec<String>,
    /// Its modes.
    pub modes: Vec<ModeName>,
    /// Is it compiled? Then a submission may have `compile_options`.
    pub compiled: bool,
    /// What a run may use.
    pub limits: DefaultAndMaximum,
    /// The last time it was tried here; null before the first, and where it is run by other nodes.
    #[schema(required)]
    pub self_test: Option<SelfTest>,
}

/// What a run may use.
#[derive(Debug, Serialize, ToSchema)]
pub struct DefaultAndMaximum {
    /// What applies when the request says nothing.
    pub default: LimitsBody,
    /// The most that a request can ask for.
    pub maximum: LimitsBody,
}

/// A self-test: the language's version command, in a box.
#[derive(Debug, Serialize, ToSchema)]
pub struct SelfTest {
    /// Did it work?
    pub passed: bool,
    /// When, in RFC 3339.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T12:00:00Z")]
    pub at: String,
    /// How long it took.
    #[schema(example = 21.5)]
    pub duration_ms: f64,
}

impl LanguageBody {
    /// The language, how it stands, and what a run in it may use; `in_full` says whether paths of this host and what its
    /// system said are for the reader to know.
    pub fn new(language: &Language, status: &LanguageStatus, default: Limits, maximum: Limits, in_full: bool) -> Self {
        let (version, self_test) = match status {
            LanguageStatus::NotInstalled { .. } | LanguageStatus::Untested | LanguageStatus::OnNoNode => (None, None),
            LanguageStatus::OnAnotherNode { version } => (version.clone(), None),
            LanguageStatus::Tested { result, at, took } => {
                let duration_ms = milliseconds(*took);
                (result.clone().ok(), Some(SelfTest { passed: result.is_ok(), at: rfc3339(*at), duration_ms }))
            }
        };
        let is_absent = matches!(status, LanguageStatus::NotInstalled { .. });
        let reason = in_general(status);
        Self {
            id: language.id.clone(),
            name: language.name.clone(),
            aliases: language.aliases.clone(),
            extensions: language.extensions().into_iter().map(str::to_owned).collect(),
            available: reason.is_none(),
            version,
            reason,
            cause: status.unavailable().filter(|_| in_full),
            packages: if is_absent { package_names(&language.packages) } else { Vec::new() },
            modes: language.modes.keys().copied().map(ModeName).collect(),
            compiled: language.modes.values().any(|spec| matches!(spec.preparation, Preparation::Compile { .. })),
            limits: DefaultAndMaximum { default: default.into(), maximum: maximum.into() },
            self_test,
        }
    }
}

/// Why nothing can be run in it, without anything of this host.
fn in_general(status: &LanguageStatus) -> Option<&'static str> {
    match status {
        LanguageStatus::NotInstalled { .. } => Some("it is not installed"),
        LanguageStatus::OnNoNode => Some("no worker that is there has it"),
        LanguageStatus::Untested
        | LanguageStatus::Tested { result: Ok(_), .. }
        | LanguageStatus::OnAnotherNode { .. } => None,
        LanguageStatus::Tested { result: Err(_), .. } => Some("its self-test failed"),
    }
}

/// All packages, those not of Debian with their registry in front.
pub fn package_names(packages: &Packages) -> Vec<String> {
    let Packages { debian, npm, pypi } = packages;
    let debian = debian.iter().cloned();
    debian
        .chain(npm.iter().map(|name| format!("npm:{name}")))
        .chain(pypi.iter().map(|name| format!("pypi:{name}")))
        .collect()
}

/// The time as clients read it.
pub fn rfc3339(time: SystemTime) -> String {
    // It fails for years beyond 9999 only.
    OffsetDateTime::from(time).format(&Rfc3339).unwrap_or_default()
}
