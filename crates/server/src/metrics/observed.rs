//! What is counted in memory, and so since the start: how long things took, and what was answered.
//!
//! Every label takes its values from a closed list: patterns of addresses, classes of statuses, languages that are
//! installed, verdicts, phases, classes of urgency. Nothing that a client sends becomes one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use model::{Phases, Report, Submission};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::app::AppState;
use crate::history::Recorder;
use crate::prefer;
use crate::request_id::route;

/// Bounds of times in seconds: from less than a warm start takes to the longest compilation.
const SECONDS: [f64; 16] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// All of it.
#[derive(Debug)]
pub struct Observed {
    verdicts: Family<ByLanguageAndVerdict, Counter>,
    phases: Family<ByPhase, Histogram, fn() -> Histogram>,
    answers: Family<ByRouteAndStatus, Counter>,
    answer_times: Family<ByRoute, Histogram, fn() -> Histogram>,
    callbacks: Family<ByOutcome, Counter>,
    /// Counts the same for the history, by time.
    pub recorder: Arc<Recorder>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByOutcome {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByLanguageAndVerdict {
    language: String,
    verdict: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByPhase {
    phase: &'static str,
    class: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByRouteAndStatus {
    route: String,
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByRoute {
    route: String,
}

impl Default for Observed {
    fn default() -> Self {
        let times: fn() -> Histogram = || Histogram::new(SECONDS);
        Self {
            verdicts: Family::default(),
            phases: Family::new_with_constructor(times),
            answers: Family::default(),
            answer_times: Family::new_with_constructor(times),
            callbacks: Family::default(),
            recorder: Arc::default(),
        }
    }
}

impl Observed {
    /// Counts a submission that has just become final with this report.
    pub fn finished(&self, submission: &Submission, report: &Report) {
        self.recorder.finished(submission, report);
        let Submission { language, priority, .. } = submission;
        let verdict = report.verdict.name();
        self.verdicts.get_or_create(&ByLanguageAndVerdict { language: language.clone(), verdict }).inc();
        if report.inputs.is_empty() {
            // It never waited, and nothing was run.
            return;
        }
        let Phases { queue, provision, compile, run } = report.phases;
        let took = |phase, time: Duration| {
            let labels = ByPhase { phase, class: priority.name() };
            self.phases.get_or_create(&labels).observe(time.as_secs_f64());
        };
        took("queue", queue);
        took("provision", provision);
        if report.compile.as_ref().is_some_and(|compile| !compile.cached) {
            took("compile", compile);
        }
        took("run", run);
    }

    /// Counts a try of a callback, by what came of it.
    pub fn callback(&self, outcome: &'static str) {
        self.callbacks.get_or_create(&ByOutcome { outcome }).inc();
    }

    /// Counts an answer that took so long to begin; none if it was to wait for something.
    fn answered(&self, route: String, status: u16, time: Option<Duration>) {
        let class = match status / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        self.answers.get_or_create(&ByRouteAndStatus { route: route.clone(), status: class }).inc();
        if let Some(time) = time {
            self.answer_times.get_or_create(&ByRoute { route }).observe(time.as_secs_f64());
        }
    }

    /// Lists them, each with its sentence.
    pub(super) fn register(&self, registry: &mut Registry) {
        let Self { verdicts, phases, answers, answer_times, callbacks, recorder: _ } = self;
        registry.register(
            "verdicts",
            "Finished submissions by language and verdict, since the start",
            verdicts.clone(),
        );
        registry.register_with_unit(
            "phase",
            "How long finished submissions of each class waited in the queue, and for boxes, and were compiled and run, since the start",
            Unit::Seconds,
            phases.clone(),
        );
        registry.register(
            "http_answers",
            "Answers by pattern of address and class of status, since the start",
            answers.clone(),
        );
        registry.register_with_unit(
            "http_answer",
            "How long it took until an answer began that was not asked to wait for a result, by pattern of address, since the start",
            Unit::Seconds,
            answer_times.clone(),
        );
        registry.register(
            "callback_tries",
            "Tries to send a callback, by what came of it: delivered, failed and to be tried again, or dead, since the start",
            callbacks.clone(),
        );
    }
}

/// Counts the answer of each request.
pub async fn count(State(state): State<Arc<AppState>>, request: Request, next: Next) -> Response {
    let (route, is_to_wait, begin) = (route(&request), is_to_wait(&request), Instant::now());
    let answer = next.run(request).await;
    state.observed.answered(route, answer.status().as_u16(), (!is_to_wait).then(|| begin.elapsed()));
    answer
}

/// Does the client want the answer only when there is a result? How long that takes says nothing of the server.
fn is_to_wait(request: &Request) -> bool {
    let query = request.uri().query().unwrap_or_default();
    query.split('&').any(|field| field.starts_with("wait=")) || prefer::wait(request.headers()).is_some()
}
