//! Every URL.
//!
//! The API's addresses come with their documentation: what is not documented is not served, because
//! both are made from the same line. The pages at the end are for people.

mod common;

use std::sync::Arc;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use store::Scope;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, OpenApi as Document};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::{api, pages, swagger};

/// What needs a key, by the scope it must have; none where every key will do.
pub fn protected() -> [(Option<Scope>, OpenApiRouter<Arc<AppState>>); 4] {
    let run = OpenApiRouter::new()
        .routes(routes!(api::run::run)) // POST /run
        .routes(routes!(api::batch::run_batch)) // POST /run/batch
        .routes(routes!(api::cancel::cancel)) // DELETE /result/{exec_id}
        .routes(routes!(api::students::erase_student)) // DELETE /students/{tag}
        .routes(routes!(api::callbacks::redeliver)) // POST /result/{exec_id}/callback
        .routes(routes!(api::callbacks::secret, api::callbacks::rotate_secret)); // GET, POST /callbacks/secret
    let read = OpenApiRouter::new()
        .routes(routes!(api::result::result)) // GET /result/{exec_id}
        .routes(routes!(api::events::events)) // GET /result/{exec_id}/events
        .routes(routes!(api::callbacks::callback)) // GET /result/{exec_id}/callback
        .routes(routes!(api::batch::batch)) // GET /batch/{batch_id}
        .routes(routes!(api::languages::languages)) // GET /languages
        .routes(routes!(api::metrics::metrics)); // GET /metrics
    let admin = OpenApiRouter::new()
        .routes(routes!(api::keys::make, api::keys::list)) // POST, GET /keys
        .routes(routes!(api::keys::change, api::keys::revoke)) // PATCH, DELETE /keys/{name}
        .routes(routes!(api::keys::rotate)) // POST /keys/{name}/rotate
        .routes(routes!(api::usage::of_key)) // GET /keys/{name}/usage
        .routes(routes!(api::stats::stats)) // GET /stats
        .routes(routes!(api::stats::history)) // GET /stats/history
        .routes(routes!(api::stats::submissions)) // GET /stats/submissions
        .routes(routes!(api::stats::keys)); // GET /stats/keys
    let any = OpenApiRouter::new().routes(routes!(api::usage::own)); // GET /usage
    [(Some(Scope::Run), run), (Some(Scope::Read), read), (Some(Scope::Admin), admin), (None, any)]
}

/// What needs none.
pub fn open() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(api::health::health)) // GET /health
        .routes(routes!(api::health::live)) // GET /health/live
        .routes(routes!(api::health::ready)) // GET /health/ready
}

/// Pages for people.
pub fn pages() -> Router<Arc<AppState>> {
    Router::new()
        .route("/", get(pages::playground))
        .route("/dashboard", get(pages::dashboard))
        .route("/assets/{*file}", get(pages::asset))
        .route("/favicon.ico", get(pages::icon))
        .route("/openapi.json", get(swagger::document))
        .route("/swagger", get(to_swagger))
        .route("/swagger/", get(to_swagger))
        .route("/swagger/{*file}", get(swagger::file))
}

async fn to_swagger() -> Redirect {
    Redirect::to("/swagger/index.html")
}

/// The OpenAPI document of the addresses above.
pub fn document() -> Document {
    let mut document = About::openapi();
    for (_, routes) in protected() {
        document.merge(routes.into_openapi());
    }
    document.merge(open().into_openapi());
    common::add(&mut document);
    document
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Code Runner",
        description = "Runs students' code safely, on one input after the other, and reports per input. \
            Every error answer is a problem document (RFC 9457) with a stable `code` and, where one is meant, a `field`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "submissions", description = "Run code and fetch results."),
        (name = "keys", description = "API keys, and what they used."),
        (name = "operation", description = "For those who run the server."),
    ),
    modifiers(&KeyHeader),
)]
struct About;

struct KeyHeader;

impl Modify for KeyHeader {
    fn modify(&self, document: &mut Document) {
        let key = ApiKeyValue::with_description("x-api-key", "The key of the school or platform.");
        let scheme = SecurityScheme::ApiKey(ApiKey::Header(key));
        document.components = Some(ComponentsBuilder::new().security_scheme("api_key", scheme).build());
    }
}
