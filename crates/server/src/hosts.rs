//! Whom a request is for.
//!
//! A page of the web can give its own name our address ("DNS rebinding"), and the browser then sends its requests to
//! us, with that name in `Host`. So a server that is for its own host alone answers to the names of that host and no
//! others; one that others reach answers to any name, until it is told which are its.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::AppState;
use crate::error::ApiError;

/// The names this server answers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hosts {
    /// All of them.
    Any,
    /// These, without ports and in lower case.
    Only(Vec<String>),
}

impl Hosts {
    /// The names that were set; without any, those of this host if nobody else can reach `address`.
    pub fn new(set: Option<&[String]>, address: IpAddr) -> Self {
        match set {
            Some(names) if names.iter().any(|name| name == "*") => Self::Any,
            Some(names) => Self::Only(names.to_vec()),
            None if address.to_canonical().is_loopback() => {
                let own = match address {
                    IpAddr::V4(own) => own.to_string(),
                    IpAddr::V6(own) => format!("[{own}]"),
                };
                Self::Only(["localhost", "127.0.0.1", "[::1]"].map(str::to_owned).into_iter().chain([own]).collect())
            }
            None => Self::Any,
        }
    }

    /// Is a request for `authority`, which may have a port, for this server?
    fn has(&self, authority: &Authority) -> bool {
        let Self::Only(names) = self else { return true };
        let host = authority.host().to_ascii_lowercase();
        let host = host.strip_suffix('.').unwrap_or(&host);
        names.iter().any(|name| name == host)
    }
}

/// Refuses requests that say twice or not at all whom they are for, and those that are for somebody else.
pub async fn check(State(state): State<Arc<AppState>>, request: Request, next: Next) -> Response {
    match refusal(&state.hosts, &request) {
        None => next.run(request).await,
        Some(error) => error.into_response(),
    }
}

fn refusal(hosts: &Hosts, request: &Request) -> Option<ApiError> {
    let mut given = request.headers().get_all(header::HOST).iter();
    let header = match (given.next(), given.next()) {
        (None, _) => None,
        // What has a user's name in front of it is no host (RFC 9110, 7.2).
        (Some(only), None) => match Authority::try_from(only.as_bytes()) {
            Ok(authority) if !authority.as_str().contains('@') => Some(authority),
            _ => return Some(ApiError::bad_host()),
        },
        (Some(_), Some(_)) => return Some(ApiError::bad_host()),
    };
    // An address in the request line counts for more (RFC 9112, 3.2.2).
    match request.uri().authority().or(header.as_ref()) {
        Some(authority) => (!hosts.has(authority)).then(ApiError::wrong_host),
        None if request.version() == Version::HTTP_10 && *hosts == Hosts::Any => None,
        None => Some(ApiError::bad_host()),
    }
}
