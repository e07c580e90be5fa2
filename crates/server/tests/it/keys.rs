//! Who may do what, and the key a server starts with.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::unix::fs::PermissionsExt;

use axum::http::{HeaderValue, Method};
use server::config::Config;
use server::keys::{self, FirstKey, first_key};
use tempfile::TempDir;

use crate::support::{KEY, OTHER_KEY, TestApp, config, problem};

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const ANYWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
const PROTECTED: [&str; 12] = [
    "/run",
    "/run/batch",
    "/batch/00000000-0000-4000-8000-000000000000",
    "/result/00000000-0000-4000-8000-000000000000",
    "/result/00000000-0000-4000-8000-000000000000/events",
    "/metrics",
    "/languages",
    "/usage",
    "/keys",
    "/keys/other",
    "/keys/other/rotate",
    "/keys/other/usage",
];

/// B-040, B-041
#[tokio::test]
async fn without_the_right_key_every_protected_address_answers_the_same_401() {
    let app = TestApp::echoing().await;
    let expected = problem(&app.http.post("/run").await, 401);
    assert_eq!(expected["code"], "unauthorized");

    let changed = KEY.to_uppercase();
    let padded = format!("{KEY} x");
    let cut = &KEY[..KEY.len() - 1];
    let long = "k".repeat(60_000);
    let keys = ["", "wrong", &changed, &padded, cut, &long, "k7Qz-first-school-9c4\u{e9}"];
    for path in PROTECTED {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH] {
            let none = app.http.method(method.clone(), path).await;
            assert_eq!(problem(&none, 401), expected, "{method} {path}");
            for key in keys {
                let value = HeaderValue::from_bytes(key.as_bytes()).expect("bytes a client can send");
                let wrong = app.http.method(method.clone(), path).add_header("x-api-key", value).await;
                assert_eq!(problem(&wrong, 401), expected, "{method} {path} {key}");
            }
        }
        let twice = app.http.get(path).add_header("x-api-key", KEY).add_header("x-api-key", KEY).await;
        assert_eq!(problem(&twice, 401), expected, "{path}");
        let both = app.http.get(path).add_header("x-api-key", KEY).add_header("x-api-key", OTHER_KEY).await;
        assert_eq!(problem(&both, 401), expected, "{path}");
        let query = app.http.get(&format!("{path}?x-api-key={KEY}")).await;
        assert_eq!(problem(&query, 401), expected, "{path}");
        let bearer = app.http.get(path).add_header("authorization", format!("Bearer {KEY}")).await;
        assert_eq!(problem(&bearer, 401), expected, "{path}");
    }
}

/// B-042
#[tokio::test]
async fn the_name_of_the_header_has_no_case() {
    let app = TestApp::echoing().await;
    for name in ["x-api-key", "X-API-Key", "X-API-KEY"] {
        app.http.get("/metrics").add_header(name, KEY).await.assert_status_ok();
    }
}

#[tokio::test]
async fn pages_and_health_need_no_key() {
    let app = TestApp::echoing().await;
    for path in ["/health", "/openapi.json", "/swagger/index.html"] {
        app.http.get(path).await.assert_status_ok();
    }
}

fn in_folder(folder: &TempDir) -> Config {
    config(&[("data_dir", folder.path().join("data").to_str().expect("text"))])
}

#[test]
fn on_loopback_a_key_is_made_once_and_kept_for_its_owner_only() {
    let folder = TempDir::new().unwrap();
    let config = in_folder(&folder);
    let FirstKey::Made(made) = first_key(&config, LOOPBACK).unwrap() else { panic!("a key should be made") };
    assert_eq!(made.expose().len(), 64);
    assert!(made.expose().bytes().all(|byte| byte.is_ascii_hexdigit()));
    let file = config.data_dir.join(keys::FILE);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(&config.data_dir).unwrap().permissions().mode() & 0o777, 0o700);

    let FirstKey::Kept(kept) = first_key(&config, IpAddr::V6(Ipv6Addr::LOCALHOST)).unwrap() else {
        panic!("the key should be kept")
    };
    assert_eq!(kept, made);

    let other = TempDir::new().unwrap();
    let FirstKey::Made(another) = first_key(&in_folder(&other), LOOPBACK).unwrap() else { panic!() };
    assert_ne!(another, made);
}

#[test]
fn a_key_that_others_can_read_is_refused_with_the_remedy() {
    let folder = TempDir::new().unwrap();
    let config = in_folder(&folder);
    first_key(&config, LOOPBACK).unwrap();
    fs::set_permissions(config.data_dir.join(keys::FILE), fs::Permissions::from_mode(0o644)).unwrap();
    let error = first_key(&config, LOOPBACK).unwrap_err().to_string();
    assert!(error.contains("chmod 600"), "{error}");
}

#[test]
fn a_start_that_was_interrupted_does_not_hinder_the_next() {
    let folder = TempDir::new().unwrap();
    let config = in_folder(&folder);
    fs::create_dir(&config.data_dir).unwrap();
    fs::write(config.data_dir.join("api-token.new"), "half").unwrap();
    assert!(matches!(first_key(&config, LOOPBACK), Ok(FirstKey::Made(_))));
}

/// B-043
#[test]
fn other_hosts_need_a_chosen_key() {
    let folder = TempDir::new().unwrap();
    let config = in_folder(&folder);
    let mapped = IpAddr::V6(Ipv4Addr::LOCALHOST.to_ipv6_mapped());
    assert!(first_key(&config, mapped).is_ok(), "127.0.0.1 written as IPv6 is loopback too");
    let public = ["192.168.1.10", "8.8.8.8", "::", "fe80::1"].map(|text| text.parse().unwrap());
    for address in public.into_iter().chain([ANYWHERE]) {
        let error = first_key(&config, address).unwrap_err().to_string();
        assert!(error.contains("API_TOKEN") && error.contains("openssl rand"), "{error}");
    }
    let chosen = Config { api_token: Some(server::config::Secret::new(KEY)), ..config };
    assert!(matches!(first_key(&chosen, ANYWHERE), Ok(FirstKey::Given(key)) if key.expose() == KEY));
}

/// B-043
#[test]
fn keys_that_are_no_secret_are_refused() {
    let bad = [
        ("", "empty"),
        ("tiny", "shorter"),
        ("123456789012345", "shorter"),
        ("your-api-key-goes-here", "example"),
        ("YOUR_API_TOKEN_0000", "example"),
        ("changeme-changeme", "example"),
        ("my-password-is-long", "example"),
        ("0123456789abcdef", "example"),
        ("aaaaaaaaaaaaaaaaaaaa", "repeats"),
        ("k7Qz first school 9c41", "visible ASCII"),
        ("k7Qz-first-school-9c41\n", "visible ASCII"),
        ("schlüssel-der-schule-1", "visible ASCII"),
    ];
    for (key, problem) in bad {
        let config = Config { api_token: Some(server::config::Secret::new(key)), ..config(&[]) };
        for address in [LOOPBACK, ANYWHERE] {
            let error = first_key(&config, address).unwrap_err().to_string();
            assert!(error.contains(problem), "{key}: {error}");
            assert!(key.is_empty() || !error.contains(key.trim()), "the key is shown: {error}");
        }
    }
}

#[test]
fn a_key_can_come_from_a_file_but_not_from_two_places() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, format!("{KEY}\r\n")).unwrap();
    let from_file = Config { api_token_file: Some(file.clone()), ..config(&[]) };
    assert!(matches!(first_key(&from_file, ANYWHERE), Ok(FirstKey::Given(key)) if key.expose() == KEY));

    let twice = Config { api_token: Some(server::config::Secret::new(KEY)), ..from_file.clone() };
    assert!(first_key(&twice, ANYWHERE).is_err());
    fs::write(&file, "").unwrap();
    assert!(first_key(&from_file, ANYWHERE).unwrap_err().to_string().contains("empty"));
    fs::remove_file(&file).unwrap();
    assert!(first_key(&from_file, ANYWHERE).unwrap_err().to_string().contains("token"));
}
