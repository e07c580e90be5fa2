//! GraphQL over HTTP to one session: a document out, one value back, with a bound on everything.
//!
//! Each query has a connection of its own. That is what makes cancelling simple: whoever drops the future closes the connection,
//! and the session ends what it was asked for. Nothing is followed anywhere else.

use std::net::{Ipv4Addr, SocketAddr};

use base64::Engine as _;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{AUTHORIZATION, CONNECTION, CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use super::documents::Document;
use super::failure::Failure;

/// The most that an answer other than a submission's may have, in bytes.
pub const SMALL: usize = 1 << 20;

/// One session's address and token.
#[derive(Clone)]
pub struct Client {
    port: u16,
    authorization: String,
}

impl Client {
    /// To the session on this port of this host.
    pub fn new(port: u16, token: &str) -> Self {
        let credentials = base64::engine::general_purpose::STANDARD.encode(format!("{token}:"));
        Self { port, authorization: format!("Basic {credentials}") }
    }

    /// The one value that a document asks for. `most` bounds the answer, in bytes. Dropping this cancels.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn ask(&self, document: &Document, most: usize) -> Result<String, Failure> {
        let Document { query, variables } = document;
        let body = json!({ "query": query, "variables": variables }).to_string();
        let (status, answer) = self.post(body, most).await?;
        let parsed: Result<Value, _> = serde_json::from_slice(&answer);
        // Errors come with any status.
        if let Ok(errors) = parsed.as_ref().map(|answer| &answer["errors"])
            && errors.as_array().is_some_and(|errors| !errors.is_empty())
            && ![401, 403].contains(&status)
        {
            return Err(Failure::of_errors(errors));
        }
        if status != 200 {
            return Err(Failure::of_status(status, &answer));
        }
        let parsed = parsed.map_err(|error| Failure::Answer(error.to_string()))?;
        leaf(&parsed["data"]).ok_or_else(|| Failure::Answer("it has not the one value that was asked for".to_owned()))
    }

    async fn post(&self, body: String, most: usize) -> Result<(u16, Bytes), Failure> {
        let lost = |error: &dyn std::fmt::Display| Failure::Lost(error.to_string());
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let stream = TcpStream::connect(address).await.map_err(|error| lost(&error))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| lost(&error))?;
        let request = Request::builder()
            .method(Method::POST)
            .uri("/query")
            .header(HOST, address.to_string())
            .header(AUTHORIZATION, &self.authorization)
            .header(CONTENT_TYPE, "application/json")
            .header(CONNECTION, "close")
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| lost(&error))?;
        let exchange = async move {
            let answer = sender.send_request(request).await.map_err(|error| lost(&error))?;
            let status = answer.status().as_u16();
            let read = Limited::new(answer.into_body(), most).collect().await;
            let body = read.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
                Some(_) => Failure::Answer(format!("it has more than {most} bytes")),
                None => Failure::Lost(error.to_string()),
            })?;
            Ok((status, body.to_bytes()))
        };
        // The connection lives in this very future, so that it dies with it.
        tokio::pin!(exchange, connection);
        tokio::select! {
            result = &mut exchange => result,
            ended = &mut connection => match ended {
                Ok(()) => exchange.await,
                Err(error) => Err(lost(&error)),
            },
        }
    }
}

/// What stands at the end of a chain of objects with one field each.
fn leaf(data: &Value) -> Option<String> {
    match data {
        Value::String(text) => Some(text.clone()),
        Value::Object(fields) if fields.len() == 1 => leaf(fields.values().next()?),
        _ => None,
    }
}
