//! The executor for Dagger Engines, started from the settings beside the one for boxes.
//!
//! There are two moments. While the process still sees the host, before anything else, [`prepare`] checks the settings and starts
//! the usher, who will open sessions when the server can not any more. When the languages are read, [`Prepared::beside`] makes the
//! executor and puts it beside the other. Without the cargo feature `dagger` the only thing here is a refusal.

#[cfg(feature = "dagger")]
pub use with::{Prepared, Running, prepare};
#[cfg(not(feature = "dagger"))]
pub use without::{Prepared, Running, prepare};

/// The hidden command that makes this program the usher.
pub const USHER_COMMAND: &str = "dagger-usher";

#[cfg(not(feature = "dagger"))]
mod without {
    use std::sync::Arc;

    use executor::Executor;

    use crate::config::Config;

    /// Never there.
    pub enum Prepared {}

    /// Never there.
    pub enum Running {}

    impl Prepared {
        /// Never called.
        ///
        /// # Errors
        /// Never.
        pub fn beside(self, _: &Config, _: Arc<dyn Executor>) -> Result<(Arc<dyn Executor>, Running), String> {
            match self {}
        }
    }

    impl Running {
        /// Never called.
        pub async fn keep(self) {
            match self {}
        }

        /// Never called.
        pub async fn connect(&self) {
            match *self {}
        }

        /// Never called.
        pub async fn try_all(&self) {
            match *self {}
        }
    }

    /// Nothing, if nothing is asked for.
    ///
    /// # Errors
    /// When something is.
    pub fn prepare(config: &Config) -> Result<Option<Prepared>, String> {
        match config.dagger_languages {
            None => Ok(None),
            Some(_) => Err("dagger_languages is set, but this build has not the feature `dagger`".to_owned()),
        }
    }
}

#[cfg(feature = "dagger")]
mod with {
    use std::collections::BTreeSet;
    use std::path::PathBuf;
    use std::sync::Arc;
    use std::time::Duration;

    use executor::dagger::usher::Usher;
    use executor::dagger::{DaggerExecutor, DaggerSettings, Opener, RunAs, SessionRules};
    use executor::{Ceilings, Executor, LoadedLanguage, PerLanguage, load_languages};

    use super::USHER_COMMAND;
    use crate::backend;
    use crate::config::{Config, DaggerLanguages, DaggerUser};

    /// From the end of one round of version commands to the start of the next.
    const LANGUAGES_PAUSE: Duration = Duration::from_secs(600);

    /// The same where one failed.
    const BROKEN_LANGUAGE_PAUSE: Duration = Duration::from_secs(30);

    /// The largest body of a request, so that the job of any submission fits: base64 makes it a third larger.
    const MOST_BODY: usize = 64 << 20;

    /// What was done while the host could be seen.
    pub struct Prepared {
        usher: Arc<Usher>,
        engines: Vec<String>,
        runner: PathBuf,
        languages: Vec<LoadedLanguage>,
    }

    /// What has to go on for as long as there are submissions.
    pub struct Running {
        executor: Arc<DaggerExecutor>,
    }

    /// Checks the settings and starts the usher, if any language is to be run in containers.
    ///
    /// # Errors
    /// The text for the operator: the setting, and what is allowed.
    pub fn prepare(config: &Config) -> Result<Option<Prepared>, String> {
        let Some(wanted) = &config.dagger_languages else { return Ok(None) };
        let engines = config.dagger_engines.clone().ok_or("dagger_languages is set, but dagger_engines is not")?;
        let cli = &config.dagger_cli;
        if !cli.is_file() {
            return Err(format!("dagger_cli: there is no {}; it is never downloaded", cli.display()));
        }
        if config.max_body_bytes > MOST_BODY {
            return Err(format!(
                "max_body_bytes is {}; allowed is at most {MOST_BODY} where there are dagger_languages",
                config.max_body_bytes
            ));
        }
        let runner = backend::runner(config);
        let runner = std::fs::canonicalize(&runner).map_err(|error| format!("{}: {error}", runner.display()))?;
        let languages = chosen(load_languages(&config.languages_dir).map_err(|error| error.to_string())?, wanted)?;
        let program = std::env::current_exe().map_err(|error| format!("this program's own path: {error}"))?;
        let patience = Duration::from_millis(config.dagger_connect_ms);
        let usher = Usher::start(&program, USHER_COMMAND, cli, patience, &engines)
            .map_err(|error| format!("the usher of Dagger sessions can not be started: {error}"))?;
        Ok(Some(Prepared { usher: Arc::new(usher), engines, runner, languages }))
    }

    /// Those of the languages that are wanted.
    fn chosen(all: Vec<LoadedLanguage>, wanted: &DaggerLanguages) -> Result<Vec<LoadedLanguage>, String> {
        let DaggerLanguages::These(names) = wanted else {
            return Ok(all.into_iter().filter(|loaded| loaded.language.dagger.is_some()).collect());
        };
        for name in names {
            let found = all.iter().find(|loaded| loaded.language.answers_to(name));
            match found.map(|loaded| &loaded.language) {
                None => return Err(format!("dagger_languages: there is no language `{name}`")),
                Some(language) if language.dagger.is_none() => {
                    let id = &language.id;
                    return Err(format!("dagger_languages: languages/{id}/language.toml has no table [dagger]"));
                }
                Some(_) => {}
            }
        }
        let is_wanted = |loaded: &LoadedLanguage| names.iter().any(|name| loaded.language.answers_to(name));
        Ok(all.into_iter().filter(is_wanted).collect())
    }

    impl Prepared {
        /// The executor of all languages: `rest` for those that are run in boxes.
        ///
        /// # Errors
        /// When it can not be made of these settings.
        pub fn beside(self, config: &Config, rest: Arc<dyn Executor>) -> Result<(Arc<dyn Executor>, Running), String> {
            let Self { usher, engines, runner, languages } = self;
            let ids: BTreeSet<String> = languages.iter().map(|loaded| loaded.language.id.clone()).collect();
            let settings = DaggerSettings {
                engines,
                permits: config.dagger_permits,
                sessions: SessionRules {
                    opener: Opener::Usher(usher),
                    patience: Duration::from_millis(config.dagger_connect_ms),
                    jobs: config.dagger_session_jobs,
                    age: Duration::from_millis(config.dagger_session_ms),
                },
                runner,
                run_as: match config.dagger_user {
                    DaggerUser::Root => RunAs::Root,
                    DaggerUser::User => RunAs::User,
                },
                first_uid: config.dagger_first_uid,
                grace: Duration::from_millis(config.dagger_grace_ms),
                ceilings: Ceilings { run: config.limits(), compile: config.compile_limits() },
            };
            let executor = Arc::new(DaggerExecutor::new(settings, languages)?);
            let all: Arc<dyn Executor> = Arc::new(PerLanguage::new(rest, executor.clone(), ids));
            Ok((all, Running { executor }))
        }
    }

    impl Running {
        /// Keeps sessions open and tries the languages, until it is dropped.
        pub async fn keep(self) {
            tokio::join!(self.executor.maintain(), self.try_languages());
        }

        /// Opens a session with each engine.
        pub async fn connect(&self) {
            self.executor.connect().await;
        }

        /// The same, and tries every language once.
        pub async fn try_all(&self) {
            self.connect().await;
            for id in self.executor.languages() {
                // Said by its status.
                let _ = self.executor.self_test(id).await;
            }
        }

        async fn try_languages(&self) {
            loop {
                self.executor.connect().await;
                let mut all_work = self.executor.ready().is_ok();
                for id in self.executor.languages() {
                    let before = self.executor.language(id).unavailable();
                    let result = self.executor.self_test(id).await;
                    let after = self.executor.language(id).unavailable();
                    match (&before, &after) {
                        (_, Some(reason)) if before != after => {
                            tracing::warn!(language = id, reason, "can not be used")
                        }
                        (Some(_), None) => tracing::info!(language = id, "can be used again"),
                        _ => {}
                    }
                    all_work &= result.is_ok() && after.is_none();
                }
                tokio::time::sleep(if all_work { LANGUAGES_PAUSE } else { BROKEN_LANGUAGE_PAUSE }).await;
            }
        }
    }
}
