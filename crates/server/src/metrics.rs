//! Every metric, with its sentence.
//!
//! The values come from the store's totals, so that they survive a restart and agree with the results; those of the
//! compile cache, of warm starts and of what is [`observed`], which do not survive one, count from the start and stand in
//! the text alone.
//! Labels take values from closed lists only (verdicts, languages), never anything a client chose.

pub mod observed;

use std::collections::BTreeMap;
use std::fmt;

use executor::{AheadStatus, CompileCacheStatus};
use model::Verdict;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::{Registry, Unit};
use serde::Serialize;
use store::Totals;
use time::format_description::well_known::Rfc3339;
use utoipa::ToSchema;

use crate::wire::seconds;
use observed::Observed;

/// The counters as JSON.
#[derive(Debug, Serialize, ToSchema)]
pub struct Metrics {
    /// Submissions that were accepted and are not finished, waiting ones included.
    #[schema(example = 2)]
    pub in_progress: u64,
    /// Finished submissions.
    #[schema(example = 1000)]
    pub total_executions: u64,
    /// Finished submissions with the verdict `ok`.
    #[schema(example = 940)]
    pub successful_executions: u64,
    /// Finished submissions with any other verdict.
    #[schema(example = 60)]
    pub failed_executions: u64,
    /// Finished submissions by language id.
    pub executions_by_language: BTreeMap<String, u64>,
    /// Finished submissions by verdict, without `ok`; verdicts that never occurred are absent.
    pub errors: BTreeMap<&'static str, u64>,
    /// When the last submission finished (RFC 3339, UTC); null before the first.
    #[schema(required, format = DateTime, example = "2026-01-31T12:00:00Z")]
    pub last_execution: Option<String>,
    /// The longest execution time of a submission, in seconds.
    #[schema(example = 3.2)]
    pub max_execution_time: f64,
    /// The mean execution time of a submission, in seconds; 0 before the first.
    #[schema(example = 0.05)]
    pub avg_execution_time: f64,
}

impl From<Totals> for Metrics {
    fn from(totals: Totals) -> Self {
        let finished = finished(&totals);
        let successful = count_of(&totals, Verdict::Ok);
        let Totals {
            in_progress,
            queued: _,
            by_verdict,
            by_language,
            last_execution,
            max_execution_time,
            sum_execution_time,
        } = totals;
        let errors = by_verdict.into_iter().filter(|(verdict, _)| *verdict != Verdict::Ok);
        Self {
            in_progress,
            total_executions: finished,
            successful_executions: successful,
            failed_executions: finished - successful,
            executions_by_language: by_language.into_iter().collect(),
            errors: errors.map(|(verdict, count)| (verdict.name(), count)).collect(),
            last_execution: last_execution.and_then(|at| at.format(&Rfc3339).ok()),
            max_execution_time: seconds(max_execution_time),
            avg_execution_time: if finished == 0 { 0.0 } else { seconds(sum_execution_time) / finished as f64 },
        }
    }
}

fn finished(totals: &Totals) -> u64 {
    totals.by_verdict.iter().map(|(_, count)| count).sum()
}

fn count_of(totals: &Totals, wanted: Verdict) -> u64 {
    totals.by_verdict.iter().find(|(verdict, _)| *verdict == wanted).map_or(0, |(_, count)| *count)
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByVerdict {
    verdict: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByLanguage {
    language: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByState {
    state: &'static str,
}

/// Where the numbers of the text are from.
#[derive(Debug)]
pub struct Sources<'a> {
    /// The store's; none where they are not told, because other nodes tell the same.
    pub totals: Option<&'a Totals>,
    /// How many submissions all nodes that share the store run at the same time, if several can.
    pub fleet_workers: Option<usize>,
    /// The compile cache's.
    pub compile_cache: CompileCacheStatus,
    /// Those of boxes.
    pub boxes_ahead: AheadStatus,
    /// Lines of the execution log that are lost.
    pub lines_lost: u64,
    /// Is anything run?
    pub is_ready: bool,
    /// Those of requests and of what was run.
    pub observed: &'a Observed,
}

/// The counters as OpenMetrics text.
///
/// # Errors
/// Never in practice: a text can always be longer.
pub fn openmetrics(sources: &Sources<'_>) -> Result<String, fmt::Error> {
    let mut registry = Registry::with_prefix("code_runner");
    if let Some(totals) = sources.totals {
        register_totals(&mut registry, totals);
    }
    register_node(&mut registry, sources);
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

/// What the store counts: every node that shares it tells the same.
fn register_totals(registry: &mut Registry, totals: &Totals) {
    let Totals { in_progress, queued, by_verdict, by_language, last_execution, max_execution_time, sum_execution_time } =
        totals;
    let verdicts = Family::<ByVerdict, Counter>::default();
    for verdict in Verdict::ALL {
        // Verdicts that never occurred are there with 0, so that a rate of them can be asked for.
        verdicts.get_or_create(&ByVerdict { verdict: verdict.name() }).inc_by(count_of(totals, verdict));
    }
    debug_assert!(by_verdict.iter().all(|(verdict, _)| Verdict::ALL.contains(verdict)));
    let languages = Family::<ByLanguage, Counter>::default();
    for (language, count) in by_language {
        languages.get_or_create(&ByLanguage { language: language.clone() }).inc_by(*count);
    }
    let spent = Counter::<f64, std::sync::atomic::AtomicU64>::default();
    spent.inc_by(seconds(*sum_execution_time));

    registry.register("executions", "Finished submissions by verdict", verdicts);
    registry.register("language_executions", "Finished submissions by language", languages);
    registry.register_with_unit("execution", "Time spent on finished submissions", Unit::Seconds, spent);
    registry.register_with_unit(
        "longest_execution",
        "The longest time spent on a submission",
        Unit::Seconds,
        ConstGauge::new(seconds(*max_execution_time)),
    );
    registry.register(
        "in_progress",
        "Submissions that were accepted and are not finished, waiting ones included",
        gauge(*in_progress),
    );
    registry.register("queued", "Submissions that wait for a worker", gauge(*queued));
    let by_state = Family::<ByState, Gauge>::default();
    for (state, count) in [("queued", *queued), ("running", in_progress.saturating_sub(*queued))] {
        by_state.get_or_create(&ByState { state }).set(i64::try_from(count).unwrap_or(i64::MAX));
    }
    registry.register("submissions", "Submissions that are not finished, by state", by_state);
    if let Some(at) = last_execution {
        registry.register_with_unit(
            "last_execution_timestamp",
            "When the last submission finished, in seconds since 1970",
            Unit::Seconds,
            ConstGauge::new(at.unix_timestamp_nanos() as f64 / 1e9),
        );
    }
}

/// What this process counts.
fn register_node(registry: &mut Registry, sources: &Sources<'_>) {
    let Sources { totals: _, fleet_workers, compile_cache, boxes_ahead, lines_lost, is_ready, observed } = sources;
    if let Some(workers) = fleet_workers {
        registry.register(
            "fleet_workers",
            "How many submissions all nodes that share the store run at the same time",
            gauge(*workers),
        );
    }
    registry.register("ready", "1 while submissions are accepted and run, and else 0", gauge(u8::from(*is_ready)));
    registry.register(
        "log_lines_lost",
        "Lines of the execution log that are lost, since the start",
        counter(*lines_lost),
    );
    observed.register(registry);
    let CompileCacheStatus { hits, misses, bytes } = compile_cache;
    registry.register("compile_cache_hits", "Compilations that were found since the start", counter(*hits));
    registry.register("compile_cache_misses", "Compilations that had to be done since the start", counter(*misses));
    registry.register_with_unit("compile_cache", "What is kept of compilations", Unit::Bytes, gauge(*bytes));
    let AheadStatus { wanted, waiting, in_use, misses, warm, cold } = boxes_ahead;
    registry.register("boxes_in_use", "Boxes that are in use", gauge(*in_use));
    registry.register(
        "boxes_ahead_misses",
        "How often a box was needed and none of its kind waited, since the start",
        counter(*misses),
    );
    registry.register("boxes_ahead_wanted", "Boxes that are to wait for their use", gauge(*wanted));
    registry.register("boxes_ahead_waiting", "Boxes that wait for their use", gauge(*waiting));
    registry.register(
        "warm_starts",
        "Programs that were there before their files were, since the start",
        counter(*warm),
    );
    registry.register("cold_starts", "Programs that were started for their use alone, since the start", counter(*cold));
}

fn counter(value: u64) -> Counter {
    let counter = Counter::default();
    counter.inc_by(value);
    counter
}

fn gauge(value: impl TryInto<i64>) -> ConstGauge<i64> {
    ConstGauge::new(value.try_into().unwrap_or(i64::MAX))
}

/// The form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// [`Metrics`].
    Json,
    /// For Prometheus and everything that speaks its newer protocol.
    OpenMetrics,
    /// The same text, for readers of the older one.
    Plain,
}

impl Format {
    /// The value of the header.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Plain => "text/plain; version=0.0.4; charset=utf-8",
        }
    }
}

/// What an `Accept` header asks for: the form with the highest weight, the first of equals, and JSON
/// for a client that does not say.
pub fn preferred(accept: &str) -> Format {
    let mut best = (Format::Json, 0.0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let format = match parts.next().map(str::to_ascii_lowercase).as_deref() {
            Some("application/json" | "application/*" | "*/*") => Format::Json,
            Some("application/openmetrics-text") => Format::OpenMetrics,
            Some("text/plain" | "text/*") => Format::Plain,
            _ => continue,
        };
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
        if weight > best.1 {
            best = (format, weight);
        }
    }
    best.0
}
