//! Swagger UI and the OpenAPI document, both embedded in the program: no file is read and no foreign
//! script is loaded.

use std::sync::{Arc, LazyLock};

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use utoipa_swagger_ui::Config;

use crate::error::ApiError;
use crate::routes;

/// Swagger UI sets styles from its script; everything else comes from this server.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

static DOCUMENT: LazyLock<Result<String, serde_json::Error>> = LazyLock::new(|| routes::document().to_pretty_json());

/// `GET /openapi.json`
pub async fn document() -> Result<Response, ApiError> {
    match &*DOCUMENT {
        Ok(text) => Ok(([(header::CONTENT_TYPE, "application/json")], text.as_str()).into_response()),
        Err(error) => {
            tracing::error!(error = %error, "writing the OpenAPI document failed");
            Err(ApiError::internal())
        }
    }
}

/// `GET /swagger/{file}`
pub async fn file(path: Result<Path<String>, PathRejection>) -> Result<Response, ApiError> {
    let Path(path) = path.map_err(|_| ApiError::not_found())?;
    let file = utoipa_swagger_ui::serve(&path, Arc::new(config())).map_err(|error| {
        tracing::error!(error = %error, "serving a page of Swagger UI failed");
        ApiError::internal()
    })?;
    let file = file.ok_or_else(ApiError::not_found)?;
    let kind = HeaderValue::from_str(&file.content_type).map_err(|_| ApiError::internal())?;
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY)];
    Ok((headers, file.bytes.into_owned()).into_response())
}

/// The page asks nobody else to validate the document, and takes no settings from its own address.
fn config() -> Config<'static> {
    Config::from("/openapi.json")
        .validator_url("none")
        .query_config_enabled(false)
        .try_it_out_enabled(true)
        .display_request_duration(true)
}
