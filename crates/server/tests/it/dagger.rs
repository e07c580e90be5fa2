//! Settings of the executor for Dagger that do not fit together are refused before anything is started.

use std::collections::BTreeMap;
use std::ffi::OsString;

use server::config::{Config, Given};
use server::dagger::prepare;

/// What is said of these settings.
fn refused(settings: &[(&'static str, &str)]) -> String {
    let flags: BTreeMap<_, _> = settings.iter().map(|(key, value)| (*key, OsString::from(value))).collect();
    let config = Config::resolve(Given { flags, environment: &|_| None, file: None }).expect("each is allowed alone");
    match prepare(&config) {
        Ok(_) => panic!("is not refused: {settings:?}"),
        Err(reason) => reason,
    }
}

#[cfg(not(feature = "dagger"))]
#[test]
fn a_build_without_it_says_so() {
    let reason = refused(&[("dagger_languages", "python")]);
    assert_eq!(reason, "dagger_languages is set, but this build has not the feature `dagger`");
}

#[cfg(feature = "dagger")]
#[test]
fn settings_that_do_not_fit_together_are_refused() {
    let languages = concat!(env!("CARGO_MANIFEST_DIR"), "/../../languages");
    let program = std::env::current_exe().expect("has a path");
    let program = program.to_str().expect("is text");
    let (engines, runner) = (("dagger_engines", "unix:///run/dagger.sock"), ("runner", program));
    let (cli, languages) = (("dagger_cli", program), ("languages_dir", languages));
    let python = ("dagger_languages", "python");
    let cases: [(&[(&'static str, &str)], &str); 6] = [
        (&[python], "dagger_languages is set, but dagger_engines is not"),
        (
            &[python, engines, ("dagger_cli", "/nowhere/dagger")],
            "dagger_cli: there is no /nowhere/dagger; it is never downloaded",
        ),
        (
            &[python, engines, cli, languages, runner, ("max_body_bytes", "100000000")],
            "max_body_bytes is 100000000; allowed is at most 67108864 where there are dagger_languages",
        ),
        (
            &[python, engines, cli, languages, ("runner", "/nowhere/runner")],
            "/nowhere/runner: No such file or directory",
        ),
        (
            &[("dagger_languages", "python,klingon"), engines, cli, languages, runner],
            "dagger_languages: there is no language `klingon`",
        ),
        (
            &[("dagger_languages", "prolog"), engines, cli, languages, runner],
            "dagger_languages: languages/prolog/language.toml has no table [dagger]",
        ),
    ];
    for (settings, reason) in cases {
        assert!(refused(settings).starts_with(reason), "{settings:?}: {}", refused(settings));
    }
}

#[test]
fn nothing_is_prepared_where_nothing_is_asked_for() {
    let config = Config::resolve(Given { flags: BTreeMap::new(), environment: &|_| None, file: None });
    assert!(prepare(&config.expect("the defaults are allowed")).is_ok_and(|prepared| prepared.is_none()));
}
