//! Where settings come from, what is allowed, and that the page about them is true.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::Duration;

use executor::{CacheScope, CompileCacheSettings};
use model::Limits;
use server::config::{Config, ConfigError, Given, markdown, settings};
use tempfile::TempDir;

/// Resolves these flags, these variables and this file.
fn resolve(
    flags: &[(&'static str, &str)],
    variables: &[(&str, &str)],
    file: Option<&str>,
) -> Result<Config, ConfigError> {
    let folder = TempDir::new().unwrap();
    let mut flags: BTreeMap<_, _> = flags.iter().map(|(key, value)| (*key, OsString::from(value))).collect();
    if let Some(text) = file {
        let path = folder.path().join("settings.toml");
        fs::write(&path, text).unwrap();
        flags.insert("config", path.into_os_string());
    }
    let variables: BTreeMap<_, _> = variables.iter().copied().collect();
    let environment = |name: &str| variables.get(name).map(OsString::from);
    Config::resolve(Given { flags, environment: &environment, file: None })
}

#[test]
fn docs_settings_md_is_up_to_date() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/settings.md");
    let page = fs::read_to_string(page).expect("docs/settings.md is there");
    assert!(page == markdown(), "run `code-runner settings > docs/settings.md`");
}

#[test]
fn docs_languages_md_is_up_to_date() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(repository.join("docs/languages.md")).expect("docs/languages.md is there");
    let made =
        server::commands::languages::page::markdown(&repository.join("languages")).expect("the languages are right");
    assert!(page == made, "run `code-runner languages page > docs/languages.md`");
}

#[test]
fn the_page_that_adds_a_language_shows_what_is_there() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(repository.join("docs/adding-a-language.md")).expect("the page is there");
    for file in ["language.toml", "harness.raku"] {
        let text = fs::read_to_string(repository.join("languages/raku").join(file)).expect("the example is there");
        assert!(page.contains(&text), "{file} of languages/raku is not as the page has it");
    }
}

#[test]
fn the_defaults() {
    let config = resolve(&[], &[], None).unwrap();
    assert_eq!(config.language, "python");
    assert_eq!(config.listen.to_string(), "127.0.0.1:5000");
    let folders = [&config.data_dir, &config.log_dir, &config.languages_dir].map(|path| path.display().to_string());
    assert_eq!(folders, ["./data", "./logs", "./languages"]);
    assert_eq!(config.limits(), Limits::default());
    assert_eq!(config.max_body_bytes, 8 * 1024 * 1024);
    assert_eq!(config.compile_cache(), CompileCacheSettings { bytes: 256 * 1024 * 1024, scope: CacheScope::Key });
    assert!(config.workers() >= 1);
    assert!(config.api_token.is_none() && config.service_user.is_none());
}

#[test]
fn a_flag_wins_over_the_environment_over_the_file_over_the_default() {
    let file = Some("max_cpu_time_ms = 1000\nlanguage = \"file\"\nworkers = 3\napi_token = \"from-the-file\"\n");
    let variables = [("CODE_RUNNER_MAX_CPU_TIME_MS", "2000"), ("CODE_LANGUAGE", "environment")];
    let config = resolve(&[("max_cpu_time_ms", "3000")], &variables, file).unwrap();
    assert_eq!(config.limits().cpu_time, Duration::from_secs(3));
    assert_eq!(config.language, "environment");
    assert_eq!(config.workers(), 3);
    assert_eq!(config.api_token.unwrap().expose(), "from-the-file");
    assert_eq!(config.max_inputs, 1000);
}

#[test]
fn every_setting_can_be_given_in_every_documented_place() {
    let values = |setting: &server::config::Setting| match setting.key {
        "listen" => "127.0.0.1:1".to_owned(),
        "log" => "warn".to_owned(),
        "max_body_bytes" => "9000000".to_owned(),
        key if key.starts_with("max_") || key.ends_with("_ms") => "5000".to_owned(),
        "workers" | "ahead" | "service_user" | "compile_cache_bytes" | "result_days" | "callback_tries" => {
            "7".to_owned()
        }
        "dagger_languages" => "python".to_owned(),
        "dagger_engines" => "unix:///run/dagger.sock".to_owned(),
        "dagger_user" => "user".to_owned(),
        "dagger_first_uid" | "dagger_permits" | "dagger_session_jobs" => "1007".to_owned(),
        "start" => "strict".to_owned(),
        "compile_cache_scope" => "shared".to_owned(),
        "hosts" => "run.school.example".to_owned(),
        "cors_origins" => "https://lms.school.example".to_owned(),
        "min_rate" => "7".to_owned(),
        "pages" => "off".to_owned(),
        "otlp_endpoint" => "http://127.0.0.1:4318".to_owned(),
        "store" => "postgres://ada:secret@127.0.0.1/runs".to_owned(),
        key => format!("value-of-{key}"),
    };
    for setting in settings().iter().filter(|setting| setting.key != "config") {
        let value = values(setting);
        let shown = |config: Config| {
            // A secret is hidden even here; that it is there is what counts.
            let all = format!("{config:#?}");
            let expected = match setting.key {
                _ if setting.secret => "Secret(hidden)",
                "compile_cache_scope" => "Shared",
                "dagger_user" => "User",
                "start" => "Strict",
                "pages" => "false",
                "otlp_endpoint" => "127.0.0.1:4318",
                _ => &value,
            };
            let field = format!("\n    {}: ", setting.key);
            let (_, rest) = all.split_once(&field).expect("a field of each name");
            // A field ends with a comma at the end of a line that is no deeper than the field.
            let value = rest
                .split_once(",\n    ")
                .map_or(rest, |(value, next)| if next.starts_with(' ') { rest } else { value });
            assert!(value.contains(expected), "{}: {all}", setting.key);
        };
        shown(resolve(&[], &[(setting.env, &value)], None).unwrap());
        let file = format!("{} = {value:?}", setting.key);
        shown(resolve(&[], &[], Some(&file)).unwrap());
        if setting.flag().is_some() {
            shown(resolve(&[(setting.key, &value)], &[], None).unwrap());
        }
    }
}

#[test]
fn a_bad_value_is_refused_with_its_place_its_value_and_what_is_allowed() {
    let cases = [
        (
            resolve(&[], &[("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector:4318")], None),
            "OTEL_EXPORTER_OTLP_ENDPOINT is `https://collector:4318`; allowed is `http://`, an address or `localhost`, and \
             a port, such as http://127.0.0.1:4318 or http://[::1]:4318/otlp",
        ),
        (resolve(&[("workers", "0")], &[], None), "--workers is `0`; allowed is a whole number from 1 to 64"),
        (
            resolve(&[], &[("CODE_RUNNER_MAX_INPUTS", "many")], None),
            "CODE_RUNNER_MAX_INPUTS is `many`; allowed is a whole number from 1 to 1000000",
        ),
        (
            resolve(&[("compile_cache_scope", "Key")], &[], None),
            "--compile-cache-scope is `Key`; allowed is key or shared",
        ),
        (
            resolve(&[], &[("CODE_RUNNER_LISTEN", "localhost")], None),
            "CODE_RUNNER_LISTEN is `localhost`; allowed is an IP address and a port, such as 127.0.0.1:5000 or [::1]:5000",
        ),
        (
            resolve(&[("max_code_bytes", "9000000")], &[], None),
            "max_code_bytes is `9000000`; allowed is at most max_body_bytes, which is 8388608",
        ),
        (
            resolve(&[("service_user", "0")], &[], None),
            "--service-user is `0`; allowed is a whole number from 1 to 4294967294",
        ),
        (resolve(&[("data_dir", "")], &[], None), "--data-dir is ``; allowed is a path"),
        (
            resolve(&[("hosts", "a.example,https://b.example")], &[], None),
            "--hosts is `a.example,https://b.example`; allowed is names and addresses without ports, with commas between \
             them, such as run.school.example,[::1], or `*` for any",
        ),
    ];
    for (result, message) in cases {
        assert_eq!(result.unwrap_err().to_string(), message);
    }
    for origin in
        ["*", "null", "", "a.example", "https://a.example/", "https://A.example", "https://*.a.example", "ftp://a"]
    {
        let refused = resolve(&[("cors_origins", origin)], &[], None).unwrap_err().to_string();
        assert!(refused.contains("there is no `*`"), "{origin}: {refused}");
    }
    for host in ["", "a..example", "a.example:80", "::1", "[::x]", "a b", "*.example"] {
        assert!(resolve(&[("hosts", host)], &[], None).is_err(), "{host}");
    }
    let lists = [("hosts", "A.example, [::1],127.0.0.1"), ("cors_origins", "https://a.example:8443,http://[::1]:3000")];
    let config = resolve(&lists, &[], None).unwrap();
    assert_eq!(config.hosts.unwrap(), ["a.example", "[::1]", "127.0.0.1"]);
    assert_eq!(config.cors_origins.unwrap(), ["https://a.example:8443", "http://[::1]:3000"]);
    let in_file = resolve(&[], &[], Some("max_processes = 0")).unwrap_err().to_string();
    assert!(in_file.starts_with("`max_processes` in /") && in_file.contains("is `0`; allowed"), "{in_file}");
}

#[test]
fn a_bad_file_is_refused() {
    let unknown = resolve(&[], &[], Some("worker = 1")).unwrap_err().to_string();
    assert!(unknown.contains("sets `worker`, which is no setting; the settings are api_token, "), "{unknown}");
    let recursive = resolve(&[], &[], Some("config = \"x\"")).unwrap_err().to_string();
    assert!(recursive.contains("`config`, which is no setting"), "{recursive}");
    let kind = resolve(&[], &[], Some("workers = [1]")).unwrap_err().to_string();
    assert!(kind.contains("`workers` must be a text or a whole number"), "{kind}");
    let missing = resolve(&[("config", "/nonexistent/settings.toml")], &[], None).unwrap_err().to_string();
    assert!(missing.contains("/nonexistent/settings.toml"), "{missing}");
    // The line that is wrong may hold the key and is not quoted.
    let syntax =
        resolve(&[], &[], Some("workers = 1\napi_token = \"secret-secret-secret\" x")).unwrap_err().to_string();
    assert!(syntax.contains("line 2") && !syntax.contains("secret"), "{syntax}");
}

#[test]
fn the_key_is_never_shown() {
    let config = resolve(&[], &[("API_TOKEN", "secret-secret-secret")], None).unwrap();
    assert!(!format!("{config:?}").contains("secret-secret"));
    assert_eq!(config.api_token.unwrap().expose(), "secret-secret-secret");
}
