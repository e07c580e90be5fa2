//! Keys of a test, and requests with them.

use axum::http::Method;
use axum_test::{TestRequest, TestResponse};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor};

use super::{KEY, TestApp, soon};

impl TestApp {
    /// Makes a key and returns its secret.
    pub async fn key(&self, body: Value) -> String {
        let made = self.as_key(Method::POST, "/keys", KEY).json(&body).await;
        assert_eq!(made.status_code(), 201, "{}", made.text());
        let made: Value = made.json();
        made["secret"].as_str().expect("a secret").to_owned()
    }

    /// Ends the key of this name.
    pub async fn revoke(&self, name: &str) {
        self.as_key(Method::DELETE, &format!("/keys/{name}"), KEY).await.assert_status_ok();
    }

    /// A request with this key.
    pub fn as_key(&self, method: Method, path: &str, key: &str) -> TestRequest {
        self.http.method(method, path).add_header("x-api-key", key)
    }

    /// `GET` with this key.
    pub async fn get_as(&self, path: &str, key: &str) -> TestResponse {
        self.as_key(Method::GET, path, key).await
    }

    /// Submits two inputs with this key.
    pub async fn run_as(&self, key: &str) -> TestResponse {
        self.as_key(Method::POST, "/run", key).json(&json!({"code": "return input_str", "inputs": ["a", "b"]})).await
    }

    /// Changes the store behind the server's back.
    pub async fn tamper(&self, sql: &'static str) {
        let path = self.folder.path().join(server::commands::serve::DATABASE);
        let mut connection = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
        connection.execute(sql).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Returns when this key has become unknown.
    pub async fn ended(&self, key: &str) {
        soon(async { while self.get_as("/usage", key).await.status_code() != 401 {} }).await;
    }
}

/// The seconds of `Retry-After`.
pub fn retry_after(response: &TestResponse) -> u64 {
    response.header("retry-after").to_str().unwrap().parse().expect("whole seconds")
}
