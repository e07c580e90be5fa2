//! The OpenAPI document says what the server does, all of it.

use axum::http::Method;
use serde_json::{Map, Value};
use server::routes;

use crate::support::{TestApp, problem};

const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";

fn document() -> Value {
    serde_json::to_value(routes::document()).expect("the document is JSON")
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("an object")
}

#[test]
fn the_document_is_the_one_that_was_reviewed() {
    let mut document = document();
    document["info"]["version"] = "of the program".into();
    insta::assert_json_snapshot!("openapi", document);
}

#[test]
fn every_field_of_every_schema_is_described() {
    let document = document();
    let mut fields = 0;
    for (name, schema) in object(&document["components"]["schemas"]) {
        let described = |value: &Value| value["description"].as_str().is_some_and(|text| text.len() >= 5);
        assert!(described(schema), "{name} has no description");
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            // A reference is described where it leads, and an option of one inside.
            let optional = property["oneOf"].as_array().is_some_and(|options| options.iter().any(described));
            let reference = property.get("$ref").is_some();
            assert!(described(property) || optional || reference, "{name}.{field} has no description: {property}");
            fields += 1;
        }
    }
    assert!(fields > 40, "{fields}");
}

#[test]
fn every_operation_describes_its_parameters_and_answers() {
    let document = document();
    for (path, item) in object(&document["paths"]) {
        for (method, operation) in object(item) {
            for part in ["summary", "description", "operationId"] {
                assert!(operation[part].is_string(), "{method} {path} has no {part}");
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].is_string(), "{method} {path}: {parameter}");
            }
            for (status, answer) in object(&operation["responses"]) {
                assert!(answer["description"].is_string(), "{method} {path} {status}");
                // Some answers have no body.
                let kinds = answer["content"].as_object();
                let is_problem = kinds.is_some_and(|kinds| kinds.contains_key("application/problem+json"));
                assert_eq!(is_problem, !status.starts_with('2'), "{method} {path} {status}");
            }
        }
    }
}

#[tokio::test]
async fn the_server_has_what_the_document_has_and_no_other_method() {
    let app = TestApp::echoing().await;
    let served: Value = app.http.get("/openapi.json").await.json();
    assert_eq!(served, document());
    let paths: Vec<&str> = object(&served["paths"]).keys().map(String::as_str).collect();
    assert_eq!(paths.len(), 22, "{paths:?}");

    for (path, item) in object(&served["paths"]) {
        let address = path.replace("{exec_id}", UNKNOWN).replace("{batch_id}", UNKNOWN).replace("{name}", "nobody");
        let address = address.replace("{tag}", "nobody");
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let documented = item.get(method.as_str().to_ascii_lowercase());
            let response = app.http.method(method.clone(), &address).add_header("x-api-key", crate::support::KEY).await;
            let exists = response.status_code() != 405;
            assert_eq!(exists, documented.is_some(), "{method} {path}: {}", response.status_code());
            let Some(operation) = documented else { continue };
            let status = response.status_code().as_u16().to_string();
            assert!(operation["responses"].get(&status).is_some(), "{method} {path} answers {status}");
            // The document says which operations need a key.
            let without = app.http.method(method.clone(), &address).await;
            if operation.get("security").is_some() {
                problem(&without, 401);
            } else {
                without.assert_status_ok();
            }
        }
    }
}

#[test]
fn the_key_can_be_entered_in_swagger_ui() {
    let document = document();
    let scheme = &document["components"]["securitySchemes"]["api_key"];
    let said = (&scheme["type"], &scheme["in"], &scheme["name"]);
    assert_eq!(said, (&"apiKey".into(), &"header".into(), &"x-api-key".into()));
}
