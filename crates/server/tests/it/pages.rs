//! Everything that is not the API itself: pages, wrong addresses, headers, panics.

use axum::http::{Method, StatusCode};
use executor::Executor;
use executor::fake::FakeExecutor;

use crate::support::{KEY, TestApp, problem};

/// B-065
#[tokio::test]
async fn swagger_ui_is_served_from_the_program_alone() {
    let app = TestApp::echoing().await;
    let page = app.http.get("/swagger/index.html").await;
    page.assert_status_ok();
    assert!(page.header("content-type").to_str().unwrap().starts_with("text/html"));
    let html = page.text();
    assert!(!html.contains("//"), "a foreign address in {html}");
    assert!(!html.contains("<script>"), "an inline script, which the policy forbids");
    let policy = page.header("content-security-policy");
    let policy = policy.to_str().unwrap();
    for part in ["default-src 'none'", "script-src 'self';", "connect-src 'self'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{policy}");
    }
    // Every script and style the page asks for is there.
    let files: Vec<&str> =
        html.split(['"', '\'']).filter(|text| text.ends_with(".js") || text.ends_with(".css")).collect();
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        app.http.get(&format!("/swagger/{}", file.trim_start_matches("./"))).await.assert_status_ok();
    }
    let start = app.http.get("/swagger/swagger-initializer.js").await.text();
    assert!(start.contains(r#""url": "/openapi.json""#), "{start}");
    assert!(start.contains(r#""validatorUrl": "none""#), "{start}");
    assert!(start.contains(r#""queryConfigEnabled": false"#), "{start}");
}

/// What the pages load, as their HTML names it.
fn loaded(html: &str) -> Vec<String> {
    let addresses = html.split('"').filter_map(|text| text.strip_prefix("./assets/"));
    addresses.map(|name| format!("/assets/{name}")).collect()
}

/// B-065
#[tokio::test]
async fn playground_and_dashboard_are_served_from_the_program_alone() {
    let app = TestApp::echoing().await;
    for path in ["/", "/dashboard"] {
        let page = app.http.get(path).await;
        assert_eq!(
            page.status_code(),
            StatusCode::OK,
            "{path}: scripts/build-web makes the pages that this test asks for"
        );
        let html = page.text();
        assert!(!html.contains("//"), "a foreign address in {html}");
        assert!(!html.contains("<style") && !html.contains("style="), "a style that the policy forbids");
        assert!(
            html.split("<script").skip(1).all(|script| script.contains("src=")),
            "a script that it forbids: {html}"
        );
        let policy = page.header("content-security-policy").to_str().unwrap().to_owned();
        for part in ["default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        let files = loaded(&html);
        assert!(files.len() >= 4, "{files:?}");
        for file in files {
            let answer = app.http.get(&file).await;
            answer.assert_status_ok();
            let has_digest = file.split('.').count() == 3;
            let kept = if has_digest { "public, max-age=31536000, immutable" } else { "no-cache" };
            assert_eq!(answer.header("cache-control"), kept, "{file}");
        }
    }
    for (path, kind) in [("/favicon.ico", "image/svg+xml"), ("/assets/platform.css", "text/css; charset=utf-8")] {
        let answer = app.http.get(path).await;
        answer.assert_status_ok();
        assert_eq!(answer.header("content-type"), kind, "{path}");
    }
}

#[tokio::test]
async fn a_page_comes_in_the_coding_and_the_state_that_the_browser_lacks() {
    let app = TestApp::echoing().await;
    let plain = app.http.get("/").await;
    assert!(plain.maybe_header("content-encoding").is_none());
    let mut lengths = vec![plain.as_bytes().len()];
    let mut tags = vec![plain.header("etag")];
    for (accepted, coding) in [("gzip, deflate", "gzip"), ("gzip, deflate, br, zstd", "br")] {
        let page = app.http.get("/").add_header("accept-encoding", accepted).await;
        page.assert_status_ok();
        assert_eq!(page.header("content-encoding"), coding);
        assert_eq!(page.header("vary"), "accept-encoding");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        lengths.push(page.as_bytes().len());
        tags.push(page.header("etag"));
        // The same again is told to be the same, and of another coding's tag nothing is concluded.
        let known = format!("\"other\", W/{}", page.header("etag").to_str().unwrap());
        let again = app.http.get("/").add_header("accept-encoding", accepted).add_header("if-none-match", &known).await;
        again.assert_status(StatusCode::NOT_MODIFIED);
        assert_eq!(again.header("etag"), page.header("etag"));
        assert_eq!(again.as_bytes().len(), 0);
        app.http.get("/").add_header("if-none-match", &known).await.assert_status_ok();
    }
    assert!(lengths.is_sorted_by(|longer, shorter| longer > shorter), "{lengths:?}");
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 3);
}

/// B-065
#[tokio::test]
async fn pages_can_be_switched_off() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[("pages", "off")]).await;
    let addresses = [
        "/",
        "/dashboard",
        "/favicon.ico",
        "/assets/theme.js",
        "/openapi.json",
        "/swagger",
        "/swagger/index.html",
        "/swagger/swagger-ui.css",
    ];
    for path in addresses {
        assert_eq!(problem(&app.http.get(path).await, 404)["code"], "not_found", "{path}");
    }
    app.http.get("/health").await.assert_status_ok();
    app.get("/languages").await.assert_status_ok();
}

/// B-065, B-069: nothing of this host is in what everybody can read.
#[tokio::test]
async fn the_document_names_no_path_of_a_host() {
    let app = TestApp::echoing().await;
    let document = app.http.get("/openapi.json").await.text();
    for path in ["/usr/", "/opt/", "/root", "/home/", "/var/", "/tmp/", "/etc/", env!("CARGO_MANIFEST_DIR")] {
        assert!(!document.contains(path), "{path}");
    }
}

#[tokio::test]
async fn short_addresses_lead_to_the_page() {
    let app = TestApp::echoing().await;
    for path in ["/swagger", "/swagger/"] {
        let response = app.http.get(path).await;
        response.assert_status(StatusCode::SEE_OTHER);
        assert_eq!(response.header("location"), "/swagger/index.html");
    }
}

/// B-048
#[tokio::test]
async fn unknown_addresses_are_404() {
    let app = TestApp::echoing().await;
    let unknown = [
        "/nothing",
        "//",
        "//run",
        "/run/",
        "/run//",
        "/Run",
        "/result",
        "/result/",
        "/result/a/b",
        "/metrics/",
        "/health/",
        "/dashboard/",
        "/index.html",
        "/assets/",
        "/assets/nothing.js",
        "/assets/theme.js.gz",
        "/assets/../index.html",
        "/assets/%2e%2e/index.html",
        "/assets/%ff",
        "/swagger/nothing.js",
        "/swagger/../Cargo.toml",
        "/swagger/%2e%2e/Cargo.toml",
        "/swagger/%ff",
        "/r%75n%2f",
        "/%72un/x",
    ];
    for path in unknown {
        let response = app.get(path).await;
        assert_eq!(problem(&response, 404)["code"], "not_found", "{path}");
    }
}

/// B-048
#[tokio::test]
async fn wrong_methods_are_405_and_say_what_is_allowed() {
    let app = TestApp::echoing().await;
    let id = "00000000-0000-4000-8000-000000000000";
    let addresses = [
        ("/run", "POST"),
        (&format!("/result/{id}"), "DELETE,GET,HEAD"),
        (&format!("/result/{id}/events"), "GET,HEAD"),
        ("/metrics", "GET,HEAD"),
        ("/health", "GET,HEAD"),
        ("/", "GET,HEAD"),
        ("/assets/theme.js", "GET,HEAD"),
        ("/openapi.json", "GET,HEAD"),
        ("/swagger/index.html", "GET,HEAD"),
    ];
    for (path, allowed) in addresses {
        let methods =
            [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::TRACE];
        for method in methods {
            if allowed.split(',').any(|name| name == method.as_str()) {
                continue;
            }
            let response = app.http.method(method.clone(), path).add_header("x-api-key", KEY).await;
            assert_eq!(problem(&response, 405)["code"], "method_not_allowed", "{method} {path}");
            assert_eq!(response.header("allow"), allowed, "{method} {path}");
        }
    }
}

/// B-063, B-066
#[tokio::test]
async fn every_answer_forbids_guessing_framing_and_keeping() {
    let app = TestApp::echoing().await;
    for path in ["/health", "/metrics", "/nothing", "/run", "/openapi.json", "/swagger/index.html", "/"] {
        for key in [KEY, "wrong"] {
            let foreign = app.http.get(path).add_header("x-api-key", key).add_header("origin", "https://evil.example");
            let response = foreign.await;
            let header = |name: &str| response.header(name).to_str().unwrap().to_owned();
            assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(header("x-frame-options"), "DENY", "{path}");
            // The page is everybody's, and is asked for again each time.
            assert_eq!(header("cache-control"), if path == "/" { "no-cache" } else { "no-store" }, "{path}");
            assert!(header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
            assert!(response.maybe_header("access-control-allow-origin").is_none(), "{path}");
        }
    }
    let preflight = app.http.method(Method::OPTIONS, "/run").add_header("origin", "null");
    let preflight = preflight.add_header("access-control-request-method", "POST").await;
    assert!(preflight.headers().keys().all(|name| !name.as_str().starts_with("access-control")));
}

/// An executor whose health check panics.
struct Panicking;

#[async_trait::async_trait]
impl Executor for Panicking {
    async fn run(
        &self,
        _: &model::Submission,
        _: &executor::Cancel,
        _: &executor::Observer,
    ) -> Result<model::Report, executor::ExecutorError> {
        unreachable!("this test submits nothing")
    }

    fn ready(&self) -> Result<(), String> {
        panic!("secret detail")
    }

    fn wall(&self) -> executor::WallStatus {
        unreachable!("this test does not get that far")
    }

    fn compile_cache(&self) -> executor::CompileCacheStatus {
        unreachable!("this test asks for no metrics")
    }

    fn boxes_ahead(&self) -> executor::AheadStatus {
        unreachable!("this test does not get that far")
    }

    fn language(&self, _: &str) -> executor::LanguageStatus {
        unreachable!("this test asks for no language")
    }
}

/// B-069
#[tokio::test]
async fn a_panic_is_500_without_details_and_the_next_request_works() {
    let app = TestApp::with_executor(std::sync::Arc::new(Panicking), FakeExecutor::echoing()).await;
    let response = app.http.get("/health").await;
    assert_eq!(problem(&response, 500)["code"], "internal_error");
    assert!(!response.text().contains("secret"));
    assert_eq!(response.header("x-content-type-options"), "nosniff");
    app.get("/metrics").await.assert_status_ok();
}
