//! `GET /result/{exec_id}/events`: a submission as it happens, as server-sent events.
//!
//! A task for each client reads the log of [`crate::events`] and hands over one event after the other. It waits for nobody
//! longer than [`STALL`]; a client that takes nothing for so long has its task, and with it the log, taken away. What runs on
//! another node is read from what that node publishes ([`crate::fleet`]), under the same ids.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::sse::{Event as Frame, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use model::ExecId;
use serde::Serialize;
use store::Status;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use super::result::outlook;
use super::view::{self, View, ViewQuery};
use crate::app::{AppState, Owner};
use crate::error::{ApiError, Problem};
use crate::events::{Event, Position, Watcher};
use crate::fleet::Elsewhere;
use crate::wire::{CompileBody, InputEvent, QueuedEvent};

/// The header with which a client goes on where it was cut off.
pub const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// The id of the last event.
const DONE: &str = "done";
/// How often a client hears of the connection, if of nothing else.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long an event may wait for its client.
const STALL: Duration = Duration::from_secs(30);
/// How often the store is asked for what happened in another process.
const POLL: Duration = Duration::from_secs(5);

/// Watch a submission
///
/// Server-sent events, each with JSON: `queued` (its place), `started`, `compiled`, `input` for each input as soon as it has
/// run, in whatever order they end, and at last `done` with the same as `GET /result/{exec_id}`, which has the last word.
/// After a failure of Code Runner itself it is `started` again. Of a submission that is done there is `done` alone.
///
/// Every event has an id. Who was cut off sends the last one as `Last-Event-ID` and misses nothing; that is what
/// `EventSource` does by itself. After `done` the answer is 204, upon which it stops. Every 15 seconds there is a comment,
/// so that nothing between takes the connection for dead. The stream ends when the server stops, and when a client takes
/// nothing for half a minute.
#[utoipa::path(
    get,
    path = "/result/{exec_id}/events",
    operation_id = "events",
    tag = "submissions",
    security(("api_key" = [])),
    params(
        ("exec_id" = uuid::Uuid, Path, description = "The `exec_id` that `POST /run` gave."),
        ("last-event-id" = Option<String>, Header, description = "The id of the last event that was read; one that makes no sense is ignored."),
        ViewQuery,
    ),
    responses(
        (status = 200, description = "The events.", content((String = "text/event-stream"))),
        (status = 204, description = "`Last-Event-ID` is that of `done`: there is nothing more to come."),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `read`.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such submission of this key.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`view` is no view.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn events(
    State(state): State<Arc<AppState>>,
    Extension(Owner(owner)): Extension<Owner>,
    exec_id: Result<Path<String>, PathRejection>,
    query: Result<Query<ViewQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Query(query) = query.map_err(|_| view::wrong())?;
    let view = query.view()?;
    let Path(exec_id) = exec_id.map_err(|_| ApiError::not_found())?;
    let id: ExecId = exec_id.parse().map_err(|_| ApiError::not_found())?;
    state.store.status(&owner, id).await?.ok_or_else(ApiError::not_found)?;
    let last = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    if last == DONE {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let (frames, taken) = mpsc::channel(1);
    let watcher = state.events.watch(id);
    tokio::spawn(feed(state, owner, id, view, watcher, position(last), frames));
    let frames = stream::unfold(taken, |mut taken| async { taken.recv().await.map(|frame| (frame, taken)) });
    Ok(Sse::new(frames).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response())
}

/// What a task hands over.
type Taken = Result<Frame, Infallible>;

/// Until it is done, the client is gone or too slow, or the server stops.
async fn feed(
    state: Arc<AppState>,
    owner: String,
    id: ExecId,
    view: View,
    watcher: Watcher,
    last: Option<Position>,
    frames: mpsc::Sender<Taken>,
) {
    let mut position = last.unwrap_or_default();
    let mut knows_its_place = last.is_some();
    let mut elsewhere = state.fleet.as_ref().map(|fleet| Elsewhere::new(fleet.store.clone(), id));
    loop {
        // Listening before looking: what comes in between is not missed.
        let mut changed = std::pin::pin!(watcher.changed());
        changed.as_mut().enable();
        let (new, runs) = watcher.since(position);
        for (behind, event) in new {
            (position, knows_its_place) = (behind, true);
            if !send(&frames, frame_of(&event, view).id(text(position)), STALL).await {
                return;
            }
        }
        if !runs {
            let status = state.store.status(&owner, id).await;
            if let (Ok(Some(Status::Pending)), Some(elsewhere)) = (&status, &mut elsewhere) {
                let new = elsewhere.since(position).await.unwrap_or_else(|error| {
                    tracing::warn!(exec_id = %id, error = %error, "what happens on another node is not known");
                    Vec::new()
                });
                for (behind, event) in new {
                    (position, knows_its_place) = (behind, true);
                    if !send(&frames, frame_of(&event, view).id(text(position)), STALL).await {
                        return;
                    }
                }
            }
            match status {
                Ok(Some(Status::Pending)) if knows_its_place => {}
                Ok(Some(Status::Pending)) => {
                    let (queue_position, eta_ms) = outlook(&state, &owner, id).await;
                    let queued = frame("queued", &QueuedEvent { queue_position, eta_ms });
                    knows_its_place = true;
                    if !send(&frames, queued.id(text(Position::default())), STALL).await {
                        return;
                    }
                }
                Ok(Some(Status::Done(report))) => {
                    send(&frames, frame(DONE, &view.of(*report)).id(DONE), STALL).await;
                    return;
                }
                // It was deleted, or the client may try again.
                Ok(None) => return,
                Err(error) => {
                    return tracing::warn!(exec_id = %id, error = %error, "events ended because the store failed");
                }
            }
        }
        if watcher.is_closed() {
            return;
        }
        tokio::select! {
            () = changed => {}
            () = sleep(POLL) => {}
            () = frames.closed() => return,
        }
    }
}

/// Hands an event over; false if the client is gone, or has not taken the one before in this time.
async fn send(frames: &mpsc::Sender<Taken>, frame: Frame, patience: Duration) -> bool {
    matches!(timeout(patience, frames.send(Ok(frame))).await, Ok(Ok(())))
}

fn frame_of(event: &Event, view: View) -> Frame {
    match event {
        Event::Started => Frame::default().event("started").data("{}"),
        Event::Compiled(report) => frame("compiled", &CompileBody::from(report.clone())),
        Event::Ran(index, report) => {
            let mut report = report.clone();
            if view == View::Student {
                report.hide();
            }
            frame("input", &InputEvent { index: *index, result: (*report).into() })
        }
    }
}

fn frame(kind: &str, body: &impl Serialize) -> Frame {
    // Our own types have no map with keys that are no text, which is all that could fail.
    Frame::default().event(kind).data(serde_json::to_string(body).unwrap_or_default())
}

fn text(Position { attempt, read }: Position) -> String {
    format!("{attempt}-{read}")
}

fn position(text: &str) -> Option<Position> {
    let (attempt, read) = text.split_once('-')?;
    Some(Position { attempt: attempt.parse().ok()?, read: read.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_was_written_and_nonsense_is_none() {
        for written in [Position::default(), Position { attempt: 3, read: 1000 }] {
            assert_eq!(position(&text(written)), Some(written));
        }
        for nonsense in ["", "-", "1", "x-1", "1-x", "1--1", "99999999999999999999-1", "done"] {
            assert_eq!(position(nonsense), None, "{nonsense}");
        }
    }

    #[tokio::test]
    async fn who_takes_nothing_is_given_up() {
        let (frames, mut taken) = mpsc::channel(1);
        let short = Duration::from_millis(20);
        assert!(send(&frames, Frame::default(), short).await);
        assert!(!send(&frames, Frame::default(), short).await, "the first was not taken");
        taken.recv().await;
        assert!(send(&frames, Frame::default(), short).await);
        drop(taken);
        assert!(!send(&frames, Frame::default(), short).await, "the client is gone");
    }
}
