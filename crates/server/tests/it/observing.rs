//! What `deploy/` has for Prometheus and Grafana asks for what the server has.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use executor::fake::FakeExecutor;
use serde_json::{Value, json};

use crate::support::TestApp;

/// Every series of a server that has done a little, with the names of its labels.
async fn series() -> BTreeMap<String, BTreeSet<String>> {
    let app = TestApp::with(FakeExecutor::echoing(), &[]).await;
    app.run(&json!({"code": "", "inputs": ["4"]})).await;
    let text = app.get("/metrics").add_header("accept", "application/openmetrics-text").await.text();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, rest) = line.split_at(line.find(['{', ' ']).expect("a value"));
        found.entry(name.to_owned()).or_default().extend(labels(rest));
    }
    found
}

/// The names of the labels between the braces that `text` begins with.
fn labels(text: &str) -> Vec<String> {
    let Some(inner) = text.strip_prefix('{') else { return Vec::new() };
    // Values stand between quotation marks, and so does a `}` that ends nothing.
    let mut names = Vec::new();
    for (index, part) in inner.split('"').enumerate() {
        if index % 2 == 0 {
            let before_end = part.split('}').next().unwrap_or_default();
            let name: String = before_end.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            names.extend(Some(name).filter(|name| !name.is_empty()));
            if part.contains('}') {
                break;
            }
        }
    }
    names
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// What an expression asks for: each metric of ours, and the labels it is narrowed by.
fn asked(expression: &str) -> Vec<(String, Vec<String>)> {
    let found = expression.match_indices("code_runner_").map(|(at, _)| {
        let rest = &expression[at..];
        let (name, rest) = rest.split_at(rest.find(|c| !is_of_name(c)).unwrap_or(rest.len()));
        (name.to_owned(), labels(rest))
    });
    found.collect()
}

fn deploy(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy").join(file);
    fs::read_to_string(path).expect("the file is there")
}

/// Every value of this name, however deep.
fn values<'a>(value: &'a Value, name: &str, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                if member == name {
                    found.extend(value.as_str());
                }
                values(value, name, found);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| values(element, name, found)),
        _ => {}
    }
}

/// Labels that Prometheus adds to everything.
const OF_PROMETHEUS: [&str; 2] = ["instance", "job"];

async fn assert_asked_for_is_there(expressions: &[&str]) {
    let there = series().await;
    let mut names = BTreeSet::new();
    for expression in expressions {
        for (name, narrowed_by) in asked(expression) {
            let has = there.get(&name).unwrap_or_else(|| panic!("no series {name}, which `{expression}` asks for"));
            for label in narrowed_by {
                let known = has.contains(&label) || OF_PROMETHEUS.contains(&label.as_str());
                assert!(known, "{name} has no label {label}, by which `{expression}` narrows it: {has:?}");
            }
            names.insert(name);
        }
    }
    assert!(names.len() >= 8, "{names:?}");
}

#[tokio::test]
async fn every_metric_of_the_dashboard_exists() {
    let dashboard: Value = serde_json::from_str(&deploy("grafana/dashboard.json")).expect("the dashboard is JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let mut expressions = Vec::new();
    values(&dashboard, "expr", &mut expressions);
    assert!(panels.len() >= 15 && expressions.len() >= panels.len(), "{} {}", panels.len(), expressions.len());
    assert!(expressions.iter().all(|expression| !asked(expression).is_empty()), "{expressions:?}");
    assert_asked_for_is_there(&expressions).await;
}

#[tokio::test]
async fn every_metric_of_the_alerts_exists_and_every_alert_is_explained() {
    let rules = deploy("prometheus/alerts.yml");
    let mut expressions = Vec::new();
    for rule in rules.split("- alert: ").skip(1) {
        let field = |name: &str| rule.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(": "));
        assert!(
            ["critical", "warning"].iter().any(|word| field("labels") == Some(&format!("{{severity: {word}}}"))),
            "{rule}"
        );
        assert!(field("summary").is_some_and(|summary| summary.contains("{{ $labels.")), "{rule}");
        expressions.push(field("expr").expect("an expression"));
    }
    assert!(expressions.len() >= 8, "{expressions:?}");
    assert_asked_for_is_there(&expressions).await;
}
