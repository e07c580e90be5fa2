//! Spans as OTLP over HTTP. See [`super`] for what they say.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use executor::{Observer, Step};
use model::ExecId;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{
    FutureExt, Span, SpanBuilder, SpanContext, SpanKind, Status, TraceContextExt, TraceState, Tracer, TracerProvider,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use store::Claim;

use super::AttemptEnd;
use super::post::Post;
use crate::app::AppState;
use crate::config::Collector;
use crate::request_id;

/// Submissions whose requests are remembered.
const MOST_REMEMBERED: usize = 65_536;
/// How long what is left may take to be sent when the server ends.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// The header with the caller's span.
const TRACEPARENT: &str = "traceparent";

/// Makes spans, if there is somebody to send them to.
#[derive(Debug, Default)]
pub struct Traces(Option<Sending>);

#[derive(Debug)]
struct Sending {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    callers: Mutex<Callers>,
}

/// The spans of the requests that brought submissions, the latest of them.
#[derive(Debug, Default)]
struct Callers {
    spans: HashMap<ExecId, SpanContext>,
    order: VecDeque<ExecId>,
}

impl Traces {
    /// Sends spans to this collector; to nobody if there is none. Its address is the only thing of the standard's settings that
    /// is ours: `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER` and those of the
    /// queue (`OTEL_BSP_…`) are read from the environment by the library.
    ///
    /// # Errors
    /// Why it can not be done, in words.
    pub fn start(collector: Option<&Collector>) -> Result<Self, String> {
        let Some(Collector { address, path }) = collector else { return Ok(Self::default()) };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Post::new())
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("http://{address}{path}/v1/traces"))
            .build()
            .map_err(|error| format!("spans can not be sent: {error}"))?;
        let provider = SdkTracerProvider::builder().with_resource(resource()).with_batch_exporter(exporter).build();
        let tracer = provider.tracer("code-runner");
        tracing::info!(%address, "spans are sent to a collector");
        Ok(Self(Some(Sending { provider, tracer, callers: Mutex::default() })))
    }

    /// Sends what is left, which takes no longer than [`LAST_WORDS`]. Waits on the thread it is called on.
    pub fn stop(&self) {
        let Some(sending) = &self.0 else { return };
        if let Err(error) = sending.provider.shutdown_with_timeout(LAST_WORDS) {
            tracing::warn!(%error, "the last spans were not sent");
        }
    }

    /// These submissions are about to be handed to the store by the request that is being answered: their spans belong to its
    /// trace.
    pub fn accepting(&self, ids: &[ExecId]) {
        let Some(sending) = &self.0 else { return };
        let context = Context::current();
        if let [only] = ids {
            context.span().set_attribute(KeyValue::new("code_runner.exec_id", only.to_string()));
        }
        let span = bare(context.span().span_context());
        let mut callers = sending.callers();
        for id in ids {
            callers.remember(*id, span.clone());
        }
    }

    /// An attempt with a submission begins. If it is the first, the time it has waited is a span of its own.
    pub fn attempt(&self, claim: &Claim) -> Attempt {
        let Some(sending) = &self.0 else { return Attempt(None) };
        let caller = sending.callers().spans.get(&claim.lease.id).cloned();
        let parent = caller.map_or_else(Context::new, |span| Context::new().with_remote_span_context(span));
        let submission = &claim.submission;
        let attributes = vec![
            KeyValue::new("code_runner.exec_id", submission.id.to_string()),
            KeyValue::new("code_runner.language", submission.language.clone()),
            KeyValue::new("code_runner.class", submission.priority.name()),
            KeyValue::new("code_runner.inputs", submission.inputs.len() as i64),
            KeyValue::new("code_runner.attempt", i64::from(claim.attempt)),
        ];
        if claim.attempt == 1 {
            let queue = SpanBuilder::from_name("queue")
                .with_start_time(SystemTime::from(claim.submitted_at))
                .with_attributes(attributes.clone());
            sending.tracer.build_with_context(queue, &parent).end();
        }
        let span = SpanBuilder::from_name("submission").with_kind(SpanKind::Consumer).with_attributes(attributes);
        let span = sending.tracer.build_with_context(span, &parent);
        Attempt(Some((sending.tracer.clone(), parent.with_span(span))))
    }
}

impl Sending {
    fn callers(&self) -> MutexGuard<'_, Callers> {
        // Nothing that holds this lock can leave it half changed.
        self.callers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Callers {
    fn remember(&mut self, id: ExecId, span: SpanContext) {
        if self.order.len() == MOST_REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.spans.remove(&oldest);
        }
        self.order.push_back(id);
        self.spans.insert(id, span);
    }
}

/// An attempt with a submission. Its span ends when this is dropped.
#[derive(Debug)]
pub struct Attempt(Option<(SdkTracer, Context)>);

impl Attempt {
    /// Makes spans of what `observer` is told, too. A step is told when it has ended; it began as long before as it says.
    pub fn observed(&self, observer: Observer) -> Observer {
        let Some((tracer, parent)) = self.0.clone() else { return observer };
        Observer::new(move |step| {
            let (name, took, attributes) = match step {
                Step::Compiled(report) => {
                    ("compile", report.wall_time, vec![KeyValue::new("code_runner.cached", report.cached)])
                }
                Step::Ran { index, report } => {
                    let attributes = vec![
                        KeyValue::new("code_runner.input", index as i64),
                        KeyValue::new("code_runner.verdict", report.verdict.name()),
                        KeyValue::new("code_runner.cpu_time_us", report.cpu_time.as_micros() as i64),
                        KeyValue::new("code_runner.memory_kib", report.memory_kib as i64),
                    ];
                    ("run", report.wall_time, attributes)
                }
            };
            let now = SystemTime::now();
            let begin = now.checked_sub(took).unwrap_or(now);
            let span = SpanBuilder::from_name(name).with_start_time(begin).with_attributes(attributes);
            tracer.build_with_context(span, &parent).end_with_timestamp(now);
            observer.tell(step);
        })
    }

    /// Says how it ended. A program that fails is no error of ours.
    pub fn ended(&self, end: AttemptEnd) {
        let Some((_, context)) = &self.0 else { return };
        let span = context.span();
        span.set_attribute(KeyValue::new("code_runner.verdict", end.name()));
        if matches!(end, AttemptEnd::Failed | AttemptEnd::Reported(model::Verdict::InternalError)) {
            span.set_status(Status::error("Code Runner failed"));
        }
    }
}

impl Drop for Attempt {
    /// Whoever ran it may hold the observer for longer.
    fn drop(&mut self) {
        if let Some((_, context)) = &self.0 {
            context.span().end();
        }
    }
}

/// The span of a request, within the trace of its caller if that says so.
pub async fn request(State(state): State<Arc<AppState>>, request: Request, next: Next) -> Response {
    let Some(sending) = &state.traces.0 else { return next.run(request).await };
    let (method, route) = (request_id::method(&request), request_id::route(&request));
    let span = SpanBuilder::from_name(format!("{method} {route}"))
        .with_kind(SpanKind::Server)
        .with_attributes([KeyValue::new("http.request.method", method), KeyValue::new("http.route", route)]);
    let caller = caller(request.headers());
    let context = Context::new().with_span(sending.tracer.build_with_context(span, &caller));
    let answer = next.run(request).with_context(context.clone()).await;
    let status = answer.status();
    let span = context.span();
    span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
    if status.is_server_error() {
        span.set_status(Status::error(status.canonical_reason().unwrap_or_default()));
    }
    answer
}

/// The span of whoever sent the request (W3C Trace Context), if it names one, and once. What else it says of itself
/// (`tracestate`) is as long as it likes, and nobody here asks for it.
fn caller(headers: &HeaderMap) -> Context {
    if headers.get_all(TRACEPARENT).iter().count() != 1 {
        return Context::new();
    }
    let given = TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(headers));
    let span = given.span().span_context().clone();
    if span.is_valid() { Context::new().with_remote_span_context(bare(&span)) } else { Context::new() }
}

/// Which span it is, and nothing that a caller has added.
fn bare(span: &SpanContext) -> SpanContext {
    SpanContext::new(span.trace_id(), span.span_id(), span.trace_flags(), true, TraceState::NONE)
}

/// Who sends: this program, unless the environment has a name for it.
fn resource() -> Resource {
    let named = Resource::builder().build();
    let name = named.get(&"service.name".into()).map(|name| name.to_string()).unwrap_or_default();
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let builder = Resource::builder().with_attribute(version);
    if name.starts_with("unknown_service") { builder.with_service_name("code-runner").build() } else { builder.build() }
}
