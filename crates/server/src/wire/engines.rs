//! What `GET /health` says of what is not run in boxes of this host.

use executor::{Elsewhere, EngineStatus, Weaker};
use serde::Serialize;
use utoipa::ToSchema;

/// Languages that are run in containers of Dagger Engines, and what is weaker for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DaggerHealth {
    /// Which languages.
    #[schema(example = json!(["python"]))]
    pub languages: Vec<String>,
    /// The engines, in the order of the setting.
    pub engines: Vec<EngineHealth>,
    /// What a box promises and a container does not.
    pub weaker: Vec<WeakerBody>,
}

/// An engine.
#[derive(Debug, Serialize, ToSchema)]
pub struct EngineHealth {
    /// Its address.
    #[schema(example = "unix:///run/dagger/engine.sock")]
    pub address: String,
    /// Its version; null while it can not be used.
    #[schema(example = "v0.21.9")]
    pub version: Option<String>,
    /// Why it can not be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Submissions that it may run at the same time.
    #[schema(example = 4)]
    pub permits: usize,
    /// Submissions that it could begin now.
    #[schema(example = 4)]
    pub free: usize,
}

/// Something that a box promises and a container does not.
#[derive(Debug, Serialize, ToSchema)]
pub struct WeakerBody {
    /// What it is about.
    #[schema(example = "network")]
    pub name: &'static str,
    /// How it is there.
    #[schema(example = "refused by the system call filter alone; the container has an interface")]
    pub there: &'static str,
}

impl From<Elsewhere> for DaggerHealth {
    fn from(elsewhere: Elsewhere) -> Self {
        let Elsewhere { languages, engines, weaker } = elsewhere;
        Self {
            languages,
            engines: engines.into_iter().map(EngineHealth::from).collect(),
            weaker: weaker.into_iter().map(|Weaker { name, there }| WeakerBody { name, there }).collect(),
        }
    }
}

impl From<EngineStatus> for EngineHealth {
    fn from(status: EngineStatus) -> Self {
        let EngineStatus { host, version, permits, free, sessions: _ } = status;
        let (version, error) = match version {
            Ok(version) => (Some(version), None),
            Err(error) => (None, Some(error)),
        };
        Self { address: host, version, error, permits, free }
    }
}
