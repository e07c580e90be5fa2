//! Several keys: what each may do, and for how long.

use std::time::Duration;

use axum::http::Method;
use axum_test::TestResponse;
use executor::fake::FakeExecutor;
use model::ExecId;
use serde_json::{Value, json};
use server::routes;
use store::Store;

use crate::support::{KEY, OTHER_KEY, TestApp, id_of, problem, retry_after, soon};

#[tokio::test]
async fn a_key_may_do_what_its_scopes_say_and_the_document_says_which() {
    let app = TestApp::echoing().await;
    let document = serde_json::to_value(routes::document()).unwrap();
    let mut seen = [0; 4];
    for scope in ["run", "read", "admin"] {
        let key = app.key(json!({"name": format!("only-{scope}"), "scopes": [scope]})).await;
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                if operation.get("security").is_none() {
                    continue;
                }
                let needs = operation["responses"].get("403").map(|answer| answer["description"].as_str().unwrap());
                let unknown = uuid::Uuid::new_v4().to_string();
                let address = path.replace("{exec_id}", &unknown).replace("{batch_id}", &unknown);
                let address = address.replace("{name}", "nobody").replace("{tag}", "nobody");
                let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
                let response = app.as_key(method, &address, &key).await;
                match needs {
                    Some(needs) if !needs.contains(&format!("`{scope}`")) => {
                        let body = problem(&response, 403);
                        assert_eq!(body["code"], "forbidden");
                        let named = needs.split('`').nth(1).unwrap();
                        assert!(body["detail"].as_str().unwrap().contains(&format!("`{named}`")), "{body}");
                        seen[0] += 1;
                    }
                    Some(_) => {
                        assert!(![401, 403].contains(&response.status_code().as_u16()), "{path} as {scope}");
                        seen[1] += 1;
                    }
                    None => {
                        response.assert_status_ok();
                        seen[2] += 1;
                    }
                }
                assert!(operation["responses"]["429"]["headers"]["retry-after"].is_object(), "{path} has no 429");
                seen[3] += 1;
            }
        }
    }
    // Twenty-three operations need a scope and one does not: for each of three keys.
    assert_eq!(seen, [46, 23, 3, 72]);
}

#[tokio::test]
async fn a_key_without_scopes_named_runs_and_reads_and_manages_nothing() {
    let app = TestApp::echoing().await;
    let key = app.key(json!({"name": "school-a"})).await;
    let id = id_of(&app.run_as(&key).await);
    app.store.finished(id).await;
    app.get_as(&format!("/result/{id}"), &key).await.assert_status_ok();
    problem(&app.get_as("/keys", &key).await, 403);
}

#[tokio::test]
async fn an_id_of_another_key_and_an_unknown_one_answer_alike_for_every_key() {
    let app = TestApp::echoing().await;
    let (a, b) = (app.key(json!({"name": "a"})).await, app.key(json!({"name": "b"})).await);
    let all = [a.as_str(), b.as_str(), KEY, OTHER_KEY];
    for owner in all {
        let id = id_of(&app.run_as(owner).await);
        app.store.finished(id).await;
        for key in all {
            for query in ["", "?wait=0"] {
                let theirs = app.get_as(&format!("/result/{id}{query}"), key).await;
                if key == owner {
                    theirs.assert_status_ok();
                    continue;
                }
                let unknown = app.get_as(&format!("/result/{}{query}", ExecId::new(uuid::Uuid::new_v4())), key).await;
                assert_eq!(problem(&theirs, 404), problem(&unknown, 404));
                let names = |response: &TestResponse| response.headers().keys().cloned().collect::<Vec<_>>();
                assert_eq!(names(&theirs), names(&unknown));
            }
        }
    }
}

#[tokio::test]
async fn unknown_expired_revoked_and_malformed_keys_get_the_same_answer() {
    let app = TestApp::echoing().await;
    let unknown = problem(&app.get_as("/usage", "cr_00000000_0").await, 401);
    let key = app.key(json!({"name": "a", "expires_at": "2999-01-01T00:00:00Z"})).await;
    app.get_as("/usage", &key).await.assert_status_ok();
    for wrong in [&key[..key.len() - 1], &key.to_uppercase(), &format!("{key} "), "cr_", &key[..11], &format!("{key}0")]
    {
        let wrong = wrong.trim_end_matches(' ');
        if wrong != key {
            assert_eq!(problem(&app.get_as("/usage", wrong).await, 401), unknown, "{wrong}");
        }
    }
    // It expired a second ago.
    app.tamper("UPDATE api_keys SET expires_at = unixepoch() * 1000000 - 1000000").await;
    app.ended(&key).await;
    assert_eq!(problem(&app.get_as("/usage", &key).await, 401), unknown);

    let revoked = app.key(json!({"name": "b"})).await;
    app.get_as("/usage", &revoked).await.assert_status_ok();
    app.as_key(Method::DELETE, "/keys/b", KEY).await.assert_status_ok();
    assert_eq!(problem(&app.get_as("/usage", &revoked).await, 401), unknown, "at once, on this server");
    for path in ["/run", "/result/x", "/metrics", "/languages", "/keys", "/keys/a", "/keys/a/usage", "/keys/a/rotate"] {
        assert_eq!(problem(&app.get_as(path, &revoked).await, 401), unknown, "{path}");
    }
}

#[tokio::test]
async fn what_a_revoked_key_submitted_is_run_and_nobodys_to_read() {
    let mut app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let key = app.key(json!({"name": "a"})).await;
    let id = id_of(&app.run_as(&key).await);
    app.as_key(Method::DELETE, "/keys/a", KEY).await.assert_status_ok();
    app.start_workers();
    app.store.finished(id).await;
    assert!(app.store.status("a", id).await.unwrap().is_some(), "it is still there");

    problem(&app.get_as(&format!("/result/{id}"), KEY).await, 404);
    let again = app.as_key(Method::POST, "/keys", KEY).json(&json!({"name": "a"})).await;
    assert_eq!(problem(&again, 409)["code"], "name_taken", "who had the name would have the submissions");
    let usage: Value = app.get_as("/keys/a/usage", KEY).await.json();
    assert_eq!(usage["total"]["submissions"], 1);
}

#[tokio::test]
async fn a_rotated_key_has_two_secrets_for_as_long_as_was_asked_for() {
    let app = TestApp::echoing().await;
    let first = app.key(json!({"name": "a"})).await;
    let rotate = async |body: Value| {
        let response = app.as_key(Method::POST, "/keys/a/rotate", KEY).json(&body).await;
        response.assert_status_ok();
        response.json::<Value>()
    };
    let rotated = rotate(json!({"overlap_seconds": 3600})).await;
    let second = rotated["secret"].as_str().unwrap().to_owned();
    assert_eq!(rotated["key"]["secrets"].as_array().unwrap().len(), 2);
    let id = id_of(&app.run_as(&first).await);
    app.store.finished(id).await;
    app.get_as(&format!("/result/{id}"), &second).await.assert_status_ok();

    app.tamper("UPDATE key_secrets SET valid_until = valid_until - 3601000000 WHERE valid_until IS NOT NULL").await;
    app.ended(&first).await;
    app.get_as("/usage", &second).await.assert_status_ok();

    let third = rotate(json!({})).await["secret"].as_str().unwrap().to_owned();
    problem(&app.get_as("/usage", &second).await, 401);
    app.get_as(&format!("/result/{id}"), &third).await.assert_status_ok();
}

#[tokio::test]
async fn without_the_store_no_key_is_known_but_that_of_the_settings() {
    let app = TestApp::echoing().await;
    let key = app.key(json!({"name": "a", "scopes": ["read"]})).await;
    app.get_as("/languages", &key).await.assert_status_ok();
    app.store.close().await;
    soon(async { while app.get_as("/languages", &key).await.status_code() == 200 {} }).await;
    for key in [key.as_str(), "cr_00000000_0"] {
        let refused = app.get_as("/languages", key).await;
        assert_eq!(problem(&refused, 503)["code"], "store_unavailable");
        assert!(retry_after(&refused) >= 1);
    }
    app.get_as("/languages", KEY).await.assert_status_ok();
    problem(&app.http.get("/languages").await, 401);
}

#[tokio::test]
async fn a_bad_request_for_a_key_is_told_what_is_allowed() {
    let app = TestApp::echoing().await;
    let long = "a".repeat(65);
    let cases = [
        (json!({}), "missing_field", "name"),
        (json!({"name": 1}), "wrong_type", "name"),
        (json!({"name": ""}), "invalid_value", "name"),
        (json!({"name": "A"}), "invalid_value", "name"),
        (json!({"name": "../x"}), "invalid_value", "name"),
        (json!({"name": long}), "invalid_value", "name"),
        (json!({"name": "a", "scopes": []}), "invalid_value", "scopes"),
        (json!({"name": "a", "scopes": ["run", "root"]}), "invalid_value", "scopes[1]"),
        (json!({"name": "a", "scopes": "run"}), "wrong_type", "scopes"),
        (json!({"name": "a", "limits": {"requests_per_minute": 0}}), "out_of_range", "limits.requests_per_minute"),
        (json!({"name": "a", "limits": {"cpu_seconds_per_day": 1e12}}), "out_of_range", "limits.cpu_seconds_per_day"),
        (json!({"name": "a", "limits": {"running": -1}}), "out_of_range", "limits.running"),
        (json!({"name": "a", "limits": {"result_days": 36_501}}), "out_of_range", "limits.result_days"),
        (json!({"name": "a", "limits": {"tea": 1}}), "unknown_field", "limits.tea"),
        (json!({"name": "a", "expires_at": "tomorrow"}), "invalid_value", "expires_at"),
        (json!({"name": "a", "expires_at": "2001-01-01T00:00:00Z"}), "invalid_value", "expires_at"),
        (json!({"name": "a", "owner": "b"}), "unknown_field", "owner"),
    ];
    for (body, code, field) in cases {
        let refused = app.as_key(Method::POST, "/keys", KEY).json(&body).await;
        let said = problem(&refused, 422);
        assert_eq!((&said["code"], &said["field"]), (&code.into(), &field.into()), "{body}");
    }
    for seconds in [json!(2_592_001), json!(-1), json!(-0.5), json!(-1e300)] {
        let body = json!({"overlap_seconds": seconds});
        let overlap = app.as_key(Method::POST, "/keys/a/rotate", KEY).json(&body).await;
        let said = problem(&overlap, 422);
        assert_eq!((&said["field"], &said["code"]), (&"overlap_seconds".into(), &"out_of_range".into()), "{body}");
    }
    assert_eq!(app.get_as("/keys", KEY).await.json::<Value>()["keys"].as_array().unwrap().len(), 2, "none was made");
}

#[tokio::test]
async fn the_key_of_the_settings_is_listed_first_and_can_not_be_changed() {
    let app = TestApp::echoing().await;
    app.key(json!({"name": "a"})).await;
    let list: Value = app.get_as("/keys", KEY).await.json();
    let names: Vec<_> = list["keys"].as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["default", "a", "other"]);
    for (method, path) in [(Method::DELETE, "/keys/default"), (Method::POST, "/keys/default/rotate")] {
        let refused = app.as_key(method, path, KEY).json(&json!({})).await;
        assert_eq!(problem(&refused, 409)["code"], "fixed_key");
    }
    let taken = app.as_key(Method::POST, "/keys", KEY).json(&json!({"name": "default"})).await;
    assert_eq!(problem(&taken, 409)["code"], "name_taken");
    app.get_as("/usage", KEY).await.assert_status_ok();
}

#[tokio::test]
async fn no_secret_is_in_a_file_a_metric_or_an_error() {
    let app = TestApp::echoing().await;
    let first = app.key(json!({"name": "a", "limits": {"requests_per_minute": 20}})).await;
    let rotated = app.as_key(Method::POST, "/keys/a/rotate", KEY).json(&json!({"overlap_seconds": 60})).await;
    let second = rotated.json::<Value>()["secret"].as_str().unwrap().to_owned();
    let mut said = String::new();
    for key in [&first, &second, &format!("{second}x")] {
        let id = app.run_as(key).await.text();
        said += &id;
        for path in ["/metrics", "/usage", "/keys", "/result/x", "/languages", "/nowhere", "/keys/a/usage"] {
            said += &app.get_as(path, key).await.text();
        }
    }
    app.store.offered(2).await;
    said += &app.get_as("/keys", KEY).await.text();
    said += &app.get_as("/keys/a/usage", KEY).await.text();
    said += &app.as_key(Method::GET, "/metrics", KEY).add_header("accept", "text/plain").await.text();
    said += &app.as_key(Method::POST, "/keys", KEY).json(&json!({"name": &first})).await.text();
    let public = first.rsplit_once('_').unwrap().0.to_owned();
    assert!(said.contains(&public), "lists show the public part");
    app.as_key(Method::DELETE, "/keys/a", KEY).await.assert_status_ok();

    let folder = app.end().await;
    let mut files = 0;
    let mut places = vec![("an answer".to_owned(), said.into_bytes())];
    for entry in std::fs::read_dir(folder.path()).unwrap().chain(std::fs::read_dir(folder.path().join("logs")).unwrap())
    {
        let path = entry.unwrap().path();
        if path.is_file() {
            files += 1;
            places.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    assert!(files >= 2, "the database and the log are looked at");
    for key in [KEY, OTHER_KEY, &first, &second] {
        let secret = key.rsplit('_').next().unwrap().as_bytes();
        for (place, bytes) in &places {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret), "{place} has a secret");
        }
    }
}

#[test]
fn a_change_beside_the_server_is_known_within_a_second() {
    assert!(server::keyring::MOST_AGE <= Duration::from_millis(500), "which leaves time for the request itself");
}
