//! Stands before every page: finds out who is there, and takes forms from our own pages alone.
//!
//! A browser has one random token in a cookie, before and after signing in (another one then). Each form repeats a digest of it,
//! which no other site can know; besides, `Origin`, which browsers send with every form, has to be ours. Forms are read
//! here and nowhere else, so that none can be read unchecked.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use subtle::ConstantTimeEq;
use url::form_urlencoded;

use super::App;
use super::error::PageError;
use crate::database::people::{Person, Role};
use crate::secrets;

/// Bytes of a form: code of [`super::student::MOST_CODE`] bytes of which each may take three.
const MOST_FORM: usize = 256 * 1024;
/// Fields of a form.
const MOST_FIELDS: usize = 20;

/// Who asks, and what they sent.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// What is in the cookie; made for this answer if there was none.
    pub token: String,
    /// Was it made just now?
    is_new: bool,
    /// Who is signed in.
    pub person: Option<Person>,
    /// Where the request comes from.
    pub address: IpAddr,
    fields: Arc<Vec<(String, String)>>,
}

impl Visitor {
    /// What a form on a page for this visitor has to have.
    pub fn form_token(&self) -> String {
        secrets::form_token(&self.token)
    }

    /// A field of the form that was sent; empty if it has none.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Whoever is signed in.
    pub fn someone(&self) -> Result<&Person, PageError> {
        self.person.as_ref().ok_or(PageError::NotFound)
    }
}

/// The layer for all addresses.
pub async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match admitted(&app, request).await {
        Ok((visitor, request)) => {
            let mut answer = next.run(request).await;
            // An answer may have set another one, such as that of signing in.
            if visitor.is_new && !answer.headers().contains_key(header::SET_COOKIE) && is_page(&answer) {
                answer.headers_mut().insert(header::SET_COOKIE, cookie(&app, &visitor.token));
            }
            answer
        }
        Err(error) => error.into_response(),
    }
}

fn is_page(answer: &Response) -> bool {
    answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

async fn admitted(app: &App, request: Request) -> Result<(Visitor, Request), PageError> {
    if app.demo.is_some() && !is_for_this_host(request.headers()) {
        return Err(PageError::NotFound);
    }
    let sent = token_of(app, request.headers());
    let is_new = sent.is_none();
    let person = match &sent {
        Some(token) => app.database.session(&secrets::digest(token)).await?,
        None => None,
    };
    let token = sent.unwrap_or_else(secrets::token);
    let address = address_of(app, &request);
    let mut visitor = Visitor { token, is_new, person, address, fields: Arc::default() };
    let (mut head, mut body) = request.into_parts();
    if head.method == Method::POST {
        let bytes = to_bytes(body, MOST_FORM).await.map_err(|_| PageError::TooLarge)?;
        let fields: Vec<_> = form_urlencoded::parse(&bytes).into_owned().take(MOST_FIELDS).collect();
        visitor.fields = Arc::new(fields);
        let given = visitor.field("form_token").as_bytes().ct_eq(visitor.form_token().as_bytes());
        if is_new || !bool::from(given) || !is_from_here(&head.headers) {
            return Err(PageError::Form);
        }
        body = Body::empty();
    }
    head.extensions.insert(visitor.clone());
    Ok((visitor, Request::from_parts(head, body)))
}

/// Browsers say from which site a form is sent.
fn is_from_here(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let (Ok(origin), Some(Ok(host))) = (origin.to_str(), headers.get(header::HOST).map(HeaderValue::to_str)) else {
        return false;
    };
    origin.split_once("://").is_some_and(|(_, site)| site.eq_ignore_ascii_case(host))
}

/// A page of the web can give its own name our address; the demonstration shows its passwords to this host alone.
fn is_for_this_host(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').filter(|(_, port)| !port.contains(']')).map_or(host, |(name, _)| name);
    ["localhost", "127.0.0.1", "[::1]"].contains(&name)
}

/// Behind a proxy it is the last address that the proxy has added; the others anybody can write.
fn address_of(app: &App, request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let peer = peer.unwrap_or(IpAddr::from([0, 0, 0, 0]));
    if !app.behind_https {
        return peer;
    }
    let forwarded = request.headers().get_all("x-forwarded-for").iter().next_back();
    let last = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    last.unwrap_or(peer)
}

fn cookie_name(app: &App) -> &'static str {
    if app.behind_https { "__Host-platform" } else { "platform" }
}

fn token_of(app: &App, headers: &HeaderMap) -> Option<String> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = pairs.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, token) = pairs.find(|(name, _)| *name == cookie_name(app))?;
    (token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| token.to_owned())
}

/// The header that gives the browser this token.
pub fn cookie(app: &App, token: &str) -> HeaderValue {
    let secure = if app.behind_https { "; Secure" } else { "" };
    let text = format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}", cookie_name(app));
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

fn visitor(request: &Request) -> Option<&Person> {
    request.extensions().get::<Visitor>()?.person.as_ref()
}

/// Who is not signed in is asked to.
pub async fn signed_in(request: Request, next: Next) -> Response {
    match visitor(&request) {
        Some(_) => next.run(request).await,
        None => Redirect::to("/sign-in").into_response(),
    }
}

/// Who has a password that somebody else has made needs one of their own first.
pub async fn own_password(request: Request, next: Next) -> Response {
    match visitor(&request) {
        Some(person) if person.one_time => Redirect::to("/password").into_response(),
        _ => next.run(request).await,
    }
}

/// For teachers alone.
pub async fn teacher(request: Request, next: Next) -> Response {
    match visitor(&request) {
        Some(person) if person.role == Role::Teacher => next.run(request).await,
        _ => PageError::Forbidden.into_response(),
    }
}
