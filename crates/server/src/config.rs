//! Every setting of Code Runner, on one page.
//!
//! Each line of [`settings!`] below declares one: its sentence, its type, its flag (the name with
//! `-`), its key in the TOML file (the name), its environment variable, what is allowed and its
//! default. The command line, `docs/settings.md` and the struct [`Config`] come from these lines, so
//! that they can not disagree. A flag wins over the environment, that over the file, that over the
//! default. Nothing here opens a socket or a data folder.

mod collector;
mod engines;
mod kinds;
mod lists;
mod page;
mod sources;
mod store;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use executor::{Ahead, CacheScope, CompileCacheSettings};
use model::Limits;

use crate::body::Pace;
use crate::callbacks::targets::Targets;

pub use collector::Collector;
use collector::CollectorAddress;
pub use engines::DaggerLanguages;
use engines::{EngineList, LanguageList};
pub use kinds::Secret;
use kinds::{Absent, Address, Filter, Kind, Name, Number, Path, Token, Value, Word};
use lists::{HostList, OriginList, TargetList};
pub use page::markdown;
pub use sources::{Given, SettingArgs};
pub use store::StoreChoice;
use store::{LanguageIds, NodeName, StoreAddress};

/// One setting as it is shown to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The key in the TOML file; with `-` for `_` it is the flag.
    pub key: &'static str,
    /// The environment variable.
    pub env: &'static str,
    /// What it means, in one sentence.
    pub doc: &'static str,
    /// What applies when nobody sets it.
    pub default: String,
    /// What may be given.
    pub allowed: String,
    /// Its value is never shown, and it can not be given as a flag: command lines are public.
    pub secret: bool,
}

impl Setting {
    /// The flag, without the dashes in front; none for a secret.
    pub fn flag(&self) -> Option<String> {
        (!self.secret).then(|| self.key.replace('_', "-"))
    }
}

/// Why the settings can not be used. Fits after "code-runner: ".
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value that is not allowed.
    #[error("{place} is {value}; allowed is {allowed}")]
    Value {
        /// Which setting, and where it was given.
        place: String,
        /// What was given; hidden if secret.
        value: String,
        /// What would do.
        allowed: String,
    },
    /// The settings file names something that is no setting.
    #[error("{file} sets `{key}`, which is no setting; the settings are {known}")]
    UnknownKey {
        /// The settings file.
        file: String,
        /// The unknown key.
        key: String,
        /// All keys.
        known: String,
    },
    /// The settings file can not be read or is not TOML.
    #[error("the settings file {file} can not be used: {cause}")]
    File {
        /// The settings file.
        file: String,
        /// Why.
        cause: String,
    },
}

/// How programs are started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// In boxes made ahead, and from interpreters that wait.
    Warm,
    /// Each program for one use alone, when its code is there; boxes without a program wait.
    Strict,
}

/// Who the runner is in a container of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DaggerUser {
    /// Root, which makes programs another user.
    Root,
    /// An ordinary user, and so are programs.
    User,
}

macro_rules! settings {
    ($( #[doc = $doc:literal] $name:ident: $type:ty, $env:literal, $kind:expr, $presence:expr; )*) => {
        /// Every setting, with its final value.
        #[derive(Debug, Clone)]
        pub struct Config { $( #[doc = $doc] pub $name: $type, )* }

        /// Every setting, in the order of the documentation.
        pub fn settings() -> Vec<Setting> {
            vec![ $( Setting {
                key: stringify!($name),
                env: $env,
                doc: $doc.trim_ascii(),
                default: $presence.in_words(),
                allowed: $kind.allowed(),
                secret: $kind.is_secret(),
            } ),* ]
        }

        impl Config {
            /// Takes each setting from the first place that has it, and checks it.
            ///
            /// # Errors
            /// [`ConfigError`] names the setting, the place, the value and what is allowed.
            pub fn resolve(given: Given) -> Result<Self, ConfigError> {
                let all = settings();
                let given = given.with_file(&all)?;
                let mut settings = all.iter();
                let config = Self { $( $name: {
                    let setting = settings.next().expect("as many settings as fields: both come from one list");
                    given.find(setting, &$kind, &$presence)?
                } ),* };
                config.checked()
            }
        }
    };
}

const MIB: u64 = 1024 * 1024;
const HOUR_MS: u64 = 3_600_000;
const LIMIT_MOST: u64 = 1 << 40;
const MOST_WORKERS: usize = 64;
const MOST_AHEAD: usize = 120;

settings! {
    #[doc = "A TOML file with any of these settings."]
    config: Option<PathBuf>, "CODE_RUNNER_CONFIG", Path, Absent("none");
    #[doc = "The key that clients send in the header `x-api-key`."]
    api_token: Option<Secret>, "API_TOKEN", Token, Absent("on loopback a random key, kept in the data directory; elsewhere none, and the server refuses to start");
    #[doc = "A file that holds the key, instead of `API_TOKEN`."]
    api_token_file: Option<PathBuf>, "API_TOKEN_FILE", Path, Absent("none");
    #[doc = "The language of a request that names none."]
    language: String, "CODE_LANGUAGE", Name, Value("python");
    #[doc = "The address and port to listen on."]
    listen: SocketAddr, "CODE_RUNNER_LISTEN", Address, Value("127.0.0.1:5000");
    #[doc = "The names and addresses by which clients call this server; requests for others are answered with 421, so that no web page can pretend to be this server."]
    hosts: Option<Vec<String>>, "CODE_RUNNER_HOSTS", HostList, Absent("where only this host can reach the server, `localhost`, `127.0.0.1`, `[::1]` and the address it listens on; elsewhere any");
    #[doc = "The origins of web pages that browsers let use this server (CORS). A page needs a key like everybody else."]
    cors_origins: Option<Vec<String>>, "CODE_RUNNER_CORS_ORIGINS", OriginList, Absent("none");
    #[doc = "Whether the pages are there: the playground at `/`, `/dashboard`, and `/swagger` with `/openapi.json`."]
    pages: bool, "CODE_RUNNER_PAGES", Word(&[("on", true), ("off", false)]), Value("on");
    #[doc = "Where the database and the generated key are kept."]
    data_dir: PathBuf, "CODE_RUNNER_DATA_DIR", Path, Value("./data");
    #[doc = "Where the daily log of executions is written."]
    log_dir: PathBuf, "CODE_RUNNER_LOG_DIR", Path, Value("./logs");
    #[doc = "Where submissions and results are kept: `sqlite` is a file in the data directory, for one server alone; an address `postgres://…` is a database that any number of nodes share (`docs/many-nodes.md`)."]
    store: StoreChoice, "CODE_RUNNER_STORE", StoreAddress, Value("sqlite");
    #[doc = "A file that holds the address of the database, instead of `CODE_RUNNER_STORE`."]
    store_file: Option<PathBuf>, "CODE_RUNNER_STORE_FILE", Path, Absent("none");
    #[doc = "How long a request waits for the database that several nodes share, each time it asks it something, in milliseconds; then it is answered with 503."]
    store_timeout_ms: u64, "CODE_RUNNER_STORE_TIMEOUT_MS", Number::<u64>::between(100, HOUR_MS), Value(millis(::store::REQUEST_PATIENCE));
    #[doc = "What this node is called among those that share a store; no two that run have the same name."]
    node_name: Option<String>, "CODE_RUNNER_NODE_NAME", NodeName, Absent("the name of the host, with a random end");
    #[doc = "The languages that this node runs, by their ids, where several nodes share a store."]
    node_languages: Option<Vec<String>>, "CODE_RUNNER_NODE_LANGUAGES", LanguageIds, Absent("all that are installed and work at the start");
    #[doc = "How long a node that says nothing is taken to be alive, in milliseconds; then another runs what it ran."]
    lease_ms: u64, "CODE_RUNNER_LEASE_MS", Number::<u64>::between(1000, HOUR_MS), Value(30_000_u64);
    #[doc = "Where the languages are, one folder each."]
    languages_dir: PathBuf, "CODE_RUNNER_LANGUAGES_DIR", Path, Value("./languages");
    #[doc = "The static program that is the first process of every box; `code-runner-probe`, which tries the wall, is beside it."]
    runner: Option<PathBuf>, "CODE_RUNNER_RUNNER", Path, Absent("`code-runner-runner` beside `code-runner`");
    #[doc = "Which of the server's own messages go to standard error: a level, or levels per module."]
    log: String, "CODE_RUNNER_LOG", Filter, Value("info");
    #[doc = "How many submissions run at the same time. A worker without one runs inputs of another's."]
    workers: Option<usize>, "CODE_RUNNER_WORKERS", Number::<usize>::between(1, MOST_WORKERS), Absent("the number of processor cores, at most 64");
    #[doc = "How programs are started: `warm`, from interpreters that wait, or `strict`, each anew when its code is there. Boxes are made ahead either way."]
    start: Start, "CODE_RUNNER_START", Word(&[("warm", Start::Warm), ("strict", Start::Strict)]), Value("warm");
    #[doc = "How many boxes wait for their use at the most; 0 for none."]
    ahead: Option<usize>, "CODE_RUNNER_AHEAD", Number::<usize>::between(0, MOST_AHEAD), Absent("12 for each worker, at least 24 and at most 120");
    #[doc = "The user id the server runs as once it has prepared the sandbox; never root."]
    service_user: Option<u32>, "CODE_RUNNER_SERVICE_USER", Number::<u32>::between(1, 4_294_967_294), Absent("the owner of the data directory, or if that is root a user id nobody else has");
    #[doc = "The most CPU time a run may use, in milliseconds."]
    max_cpu_time_ms: u64, "CODE_RUNNER_MAX_CPU_TIME_MS", Number::<u64>::between(1, HOUR_MS), Value(millis(Limits::default().cpu_time));
    #[doc = "The most time a run may take on the clock, in milliseconds."]
    max_wall_time_ms: u64, "CODE_RUNNER_MAX_WALL_TIME_MS", Number::<u64>::between(1, HOUR_MS), Value(millis(Limits::default().wall_time));
    #[doc = "The most memory a run may use, in KiB, its files included."]
    max_memory_kib: u64, "CODE_RUNNER_MAX_MEMORY_KIB", Number::<u64>::between(4096, LIMIT_MOST / 1024), Value(Limits::default().memory_kib);
    #[doc = "The most processes and threads a run may have at the same time."]
    max_processes: u32, "CODE_RUNNER_MAX_PROCESSES", Number::<u32>::between(1, 32_768), Value(Limits::default().processes);
    #[doc = "The most bytes that are kept of each of a run's output, standard output and standard error."]
    max_output_bytes: u64, "CODE_RUNNER_MAX_OUTPUT_BYTES", Number::<u64>::between(1, 1024 * MIB), Value(Limits::default().output_bytes);
    #[doc = "The most bytes a run may write to files."]
    max_file_bytes: u64, "CODE_RUNNER_MAX_FILE_BYTES", Number::<u64>::between(4096, LIMIT_MOST), Value(Limits::default().file_bytes);
    #[doc = "The most files each process of a run may have open."]
    max_open_files: u32, "CODE_RUNNER_MAX_OPEN_FILES", Number::<u32>::between(16, 1_048_576), Value(Limits::default().open_files);
    #[doc = "The CPU time a compiler may use, in milliseconds."]
    max_compile_cpu_time_ms: u64, "CODE_RUNNER_MAX_COMPILE_CPU_TIME_MS", Number::<u64>::between(1, HOUR_MS), Value(millis(Limits::for_compiling().cpu_time));
    #[doc = "The time a compiler may take on the clock, in milliseconds."]
    max_compile_wall_time_ms: u64, "CODE_RUNNER_MAX_COMPILE_WALL_TIME_MS", Number::<u64>::between(1, HOUR_MS), Value(millis(Limits::for_compiling().wall_time));
    #[doc = "The memory a compiler may use, in KiB, its files included."]
    max_compile_memory_kib: u64, "CODE_RUNNER_MAX_COMPILE_MEMORY_KIB", Number::<u64>::between(4096, LIMIT_MOST / 1024), Value(Limits::for_compiling().memory_kib);
    #[doc = "The processes and threads a compiler may have at the same time."]
    max_compile_processes: u32, "CODE_RUNNER_MAX_COMPILE_PROCESSES", Number::<u32>::between(1, 32_768), Value(Limits::for_compiling().processes);
    #[doc = "The bytes that are kept of what a compiler prints."]
    max_compile_output_bytes: u64, "CODE_RUNNER_MAX_COMPILE_OUTPUT_BYTES", Number::<u64>::between(1, 1024 * MIB), Value(Limits::for_compiling().output_bytes);
    #[doc = "The bytes a compiler may write to files; also the size of the largest artifact."]
    max_compile_file_bytes: u64, "CODE_RUNNER_MAX_COMPILE_FILE_BYTES", Number::<u64>::between(4096, LIMIT_MOST), Value(Limits::for_compiling().file_bytes);
    #[doc = "How many bytes of what compilers made and said are kept in memory, so that the same code need not be compiled again; 0 keeps nothing."]
    compile_cache_bytes: u64, "CODE_RUNNER_COMPILE_CACHE_BYTES", Number::<u64>::between(0, LIMIT_MOST), Value(CompileCacheSettings::default().bytes);
    #[doc = "Whose compilations a submission may find: those of the same API key, each of which has an equal part of the bytes, or those of all."]
    compile_cache_scope: CacheScope, "CODE_RUNNER_COMPILE_CACHE_SCOPE", Word(&[("key", CacheScope::Key), ("shared", CacheScope::Shared)]), Value("key");
    #[doc = "The largest request body, in bytes."]
    max_body_bytes: usize, "CODE_RUNNER_MAX_BODY_BYTES", Number::<usize>::between(1024, 1 << 30), Value(8 * MIB);
    #[doc = "The longest code, in bytes; at most the largest body."]
    max_code_bytes: usize, "CODE_RUNNER_MAX_CODE_BYTES", Number::<usize>::between(1, 1 << 30), Value(MIB);
    #[doc = "The most inputs in one request."]
    max_inputs: usize, "CODE_RUNNER_MAX_INPUTS", Number::<usize>::between(1, 1_000_000), Value(1000);
    #[doc = "The longest input, in bytes; at most the largest body."]
    max_input_bytes: usize, "CODE_RUNNER_MAX_INPUT_BYTES", Number::<usize>::between(1, 1 << 30), Value(4 * MIB);
    #[doc = "The most submissions that wait; more are answered with 503. Where there are several keys, one of them may have as many as there are places left."]
    max_queued: u64, "CODE_RUNNER_MAX_QUEUED", Number::<u64>::between(1, 10_000_000), Value(10_000);
    #[doc = "How many days a result is kept; then it is deleted, and its address answers 404. Counters stay."]
    result_days: u32, "CODE_RUNNER_RESULT_DAYS", Number::<u32>::between(1, 36_500), Value(30_u32);
    #[doc = "Where the results of submissions with a `callback_url` may be sent: `public` is every address of the public internet and no private one; hosts that are named are trusted with whatever address they have."]
    callback_targets: Targets, "CODE_RUNNER_CALLBACK_TARGETS", TargetList, Value("public");
    #[doc = "How often a callback is tried, with waits that grow from seconds to a day, before it is given up."]
    callback_tries: u32, "CODE_RUNNER_CALLBACK_TRIES", Number::<u32>::between(1, 20), Value(8_u32);
    #[doc = "How long a try of a callback may take, in milliseconds."]
    callback_timeout_ms: u64, "CODE_RUNNER_CALLBACK_TIMEOUT_MS", Number::<u64>::between(100, 60_000), Value(15_000_u64);
    #[doc = "The most connections that are open at the same time; more wait in the kernel. Fewer where the process may not have enough descriptors (`ulimit -n`) for them and for boxes."]
    max_connections: usize, "CODE_RUNNER_MAX_CONNECTIONS", Number::<usize>::between(1, 1_000_000), Value(4096);
    #[doc = "How long a client may take to send the head of a request, and stay silent between two, in milliseconds."]
    header_timeout_ms: u64, "CODE_RUNNER_HEADER_TIMEOUT_MS", Number::<u64>::between(10, HOUR_MS), Value(10_000);
    #[doc = "How long a client may take to send the body of a request, in milliseconds."]
    body_timeout_ms: u64, "CODE_RUNNER_BODY_TIMEOUT_MS", Number::<u64>::between(10, HOUR_MS), Value(30_000);
    #[doc = "How long a client may be slower than `min_rate` while it sends a body or takes an answer, in milliseconds."]
    stall_timeout_ms: u64, "CODE_RUNNER_STALL_TIMEOUT_MS", Number::<u64>::between(10, HOUR_MS), Value(10_000);
    #[doc = "How many bytes a second a client sends of a body, and takes of an answer, at the least."]
    min_rate: u64, "CODE_RUNNER_MIN_RATE", Number::<u64>::between(1, 1 << 30), Value(1024);
    #[doc = "Where the OpenTelemetry collector is that spans are sent to, by OTLP over HTTP to `/v1/traces` behind this. Only a build with the feature `otel` sends any."]
    otlp_endpoint: Option<Collector>, "OTEL_EXPORTER_OTLP_ENDPOINT", CollectorAddress, Absent("none");
    #[doc = "The languages whose submissions are run in containers of Dagger Engines instead of boxes, which is a weaker wall (`docs/dagger.md`). Only a build with the feature `dagger` can."]
    dagger_languages: Option<DaggerLanguages>, "CODE_RUNNER_DAGGER_LANGUAGES", LanguageList, Absent("none");
    #[doc = "Where the Dagger Engines are. A submission goes to the one with most room, and to another where one fails."]
    dagger_engines: Option<Vec<String>>, "CODE_RUNNER_DAGGER_ENGINES", EngineList, Absent("none, and nothing can be run in containers");
    #[doc = "The command `dagger`, of the engines' version. It is never downloaded."]
    dagger_cli: PathBuf, "CODE_RUNNER_DAGGER_CLI", Path, Value("/usr/local/bin/dagger");
    #[doc = "Who the runner is in a container: `root`, so that programs can be another user, or `user`, where nothing may be root, and programs are the same user as the runner."]
    dagger_user: DaggerUser, "CODE_RUNNER_DAGGER_USER", Word(&[("root", DaggerUser::Root), ("user", DaggerUser::User)]), Value("root");
    #[doc = "The first of the user ids that programs in containers have; there are as many as `dagger_permits`, and servers that share an engine need different ones."]
    dagger_first_uid: u32, "CODE_RUNNER_DAGGER_FIRST_UID", Number::<u32>::between(1000, 4_294_000_000), Value(1_800_000_000_u32);
    #[doc = "How many submissions each Dagger Engine runs at the same time. No more than `workers` run in all."]
    dagger_permits: u32, "CODE_RUNNER_DAGGER_PERMITS", Number::<u32>::between(1, 1024), Value(4_u32);
    #[doc = "After how many submissions a session with a Dagger Engine is replaced by a new one, so that the engine can forget them."]
    dagger_session_jobs: u64, "CODE_RUNNER_DAGGER_SESSION_JOBS", Number::<u64>::between(1, 1_000_000), Value(500_u64);
    #[doc = "After which time it is, in milliseconds."]
    dagger_session_ms: u64, "CODE_RUNNER_DAGGER_SESSION_MS", Number::<u64>::between(1000, 24 * HOUR_MS), Value(600_000_u64);
    #[doc = "How long opening a session with a Dagger Engine may take, in milliseconds."]
    dagger_connect_ms: u64, "CODE_RUNNER_DAGGER_CONNECT_MS", Number::<u64>::between(100, HOUR_MS), Value(60_000_u64);
    #[doc = "How long a Dagger Engine may take for a submission beyond what its programs may, and how long a submission waits for one to come back, in milliseconds; then it is tried again."]
    dagger_grace_ms: u64, "CODE_RUNNER_DAGGER_GRACE_MS", Number::<u64>::between(100, HOUR_MS), Value(60_000_u64);
    #[doc = "How long `/health/ready` answers 503 and the server goes on when it was told to stop, so that whoever sends requests here can send them elsewhere first, in milliseconds."]
    drain_notice_ms: u64, "CODE_RUNNER_DRAIN_NOTICE_MS", Number::<u64>::between(0, HOUR_MS), Value(500);
}

impl Config {
    /// The operator's maximum.
    pub fn limits(&self) -> Limits {
        Limits {
            cpu_time: Duration::from_millis(self.max_cpu_time_ms),
            wall_time: Duration::from_millis(self.max_wall_time_ms),
            memory_kib: self.max_memory_kib,
            processes: self.max_processes,
            output_bytes: self.max_output_bytes,
            file_bytes: self.max_file_bytes,
            open_files: self.max_open_files,
        }
    }

    /// What a compiler may use.
    pub fn compile_limits(&self) -> Limits {
        Limits {
            cpu_time: Duration::from_millis(self.max_compile_cpu_time_ms),
            wall_time: Duration::from_millis(self.max_compile_wall_time_ms),
            memory_kib: self.max_compile_memory_kib,
            processes: self.max_compile_processes,
            output_bytes: self.max_compile_output_bytes,
            file_bytes: self.max_compile_file_bytes,
            open_files: Limits::for_compiling().open_files,
        }
    }

    /// What is kept of compilations.
    pub fn compile_cache(&self) -> CompileCacheSettings {
        CompileCacheSettings { bytes: self.compile_cache_bytes, scope: self.compile_cache_scope }
    }

    /// How long a result is kept.
    pub fn results_kept(&self) -> Duration {
        Duration::from_secs(u64::from(self.result_days) * 24 * 60 * 60)
    }

    /// How fast the body of a request has to come.
    pub fn pace(&self) -> Pace {
        Pace {
            whole: Duration::from_millis(self.body_timeout_ms),
            stall: Duration::from_millis(self.stall_timeout_ms),
            least_rate: self.min_rate,
        }
    }

    /// How long a claim and a node that say nothing last.
    pub fn lease(&self) -> Duration {
        Duration::from_millis(self.lease_ms)
    }

    /// How long a request waits for a database that nodes share.
    pub fn store_timeout(&self) -> Duration {
        Duration::from_millis(self.store_timeout_ms)
    }

    /// How many submissions run at the same time.
    pub fn workers(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.workers.unwrap_or_else(|| cores().min(MOST_WORKERS))
    }

    /// Is everything made anew for each run?
    pub fn is_strict(&self) -> bool {
        self.start == Start::Strict
    }

    /// How many boxes are made ahead.
    pub fn boxes_ahead(&self) -> Ahead {
        let ahead = Ahead::for_workers(self.workers());
        match self.ahead {
            Some(0) => Ahead::NONE,
            all => Ahead { all: all.unwrap_or(ahead.all).min(MOST_AHEAD), ..ahead },
        }
    }

    /// What no single setting can say: code and inputs have to fit into a body.
    fn checked(self) -> Result<Self, ConfigError> {
        for (key, value) in [("max_code_bytes", self.max_code_bytes), ("max_input_bytes", self.max_input_bytes)] {
            if value > self.max_body_bytes {
                return Err(ConfigError::Value {
                    place: key.to_owned(),
                    value: format!("`{value}`"),
                    allowed: format!("at most max_body_bytes, which is {}", self.max_body_bytes),
                });
            }
        }
        Ok(self)
    }
}

fn millis(time: Duration) -> u128 {
    time.as_millis()
}
