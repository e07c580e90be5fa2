//! What `POST /run` refuses: each case with its status, its code and the field it names. The numbers (`B-001`) are those of
//! `docs/bad-input.md`.

use executor::fake::FakeExecutor;
use serde_json::{Value, json};

use crate::support::{TestApp, problem};

/// A body, and the status, code and field of its refusal.
type Case = (&'static str, Vec<u8>, u16, &'static str, Option<&'static str>);

const NOT_JSON: &str = "malformed_body";

fn case(name: &'static str, body: impl Into<Vec<u8>>, status: u16, code: &'static str, field: &'static str) -> Case {
    (name, body.into(), status, code, Some(field).filter(|field| !field.is_empty()))
}

/// Bodies that are not one well-formed JSON object.
fn malformed() -> Vec<Case> {
    let with_bad_byte = [br#"{"code":""#.as_slice(), b"\xff", br#"","inputs":[]}"#].concat();
    let utf16: Vec<u8> = r#"{"code":"","inputs":[]}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let deep_lists = format!(r#"{{"code":"","inputs":[{}{}]}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let deep_objects = format!(r#"{{"code":{}1{}}}"#, r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
    let many_names: String = (0..1000).map(|i| format!(r#""n{i}":0,"#)).collect();
    [
        ("B-001 empty", Vec::new()),
        ("B-001 blank", b" \n".to_vec()),
        ("B-002 not JSON", b"code=1".to_vec()),
        ("B-004 garbage behind", br#"{"code":"","inputs":[]} x"#.to_vec()),
        ("B-004 a second document", br#"{"code":"","inputs":[]}{"code":"","inputs":[]}"#.to_vec()),
        ("B-005 a list", b"[]".to_vec()),
        ("B-005 a text", br#""code""#.to_vec()),
        ("B-005 a number", b"1".to_vec()),
        ("B-005 null", b"null".to_vec()),
        ("B-014 NaN", br#"{"code":"","inputs":[],"limits":{"cpu_time_ms":NaN}}"#.to_vec()),
        ("B-014 Infinity", br#"{"code":"","inputs":[],"limits":{"cpu_time_ms":-Infinity}}"#.to_vec()),
        ("B-014 a leading zero", br#"{"code":"","inputs":[],"limits":{"cpu_time_ms":01}}"#.to_vec()),
        ("B-002 a trailing comma", br#"{"code":"","inputs":[],}"#.to_vec()),
        ("B-002 a comment", br#"{"code":"","inputs":[]/**/}"#.to_vec()),
        ("B-002 single quotes", br#"{'code':'','inputs':[]}"#.to_vec()),
        ("B-012 code twice", br#"{"code":"a","inputs":[],"code":"b"}"#.to_vec()),
        ("B-012 code twice, once escaped", br#"{"code":"a","inputs":[],"cod\u0065":"b"}"#.to_vec()),
        ("B-012 a limit twice", br#"{"code":"","inputs":[],"limits":{"processes":1,"processes":2}}"#.to_vec()),
        ("B-012 a name twice, deeper", br#"{"code":"","inputs":[],"x":[{"a":1,"a":1}]}"#.to_vec()),
        ("B-013 open brackets", "[".repeat(100_000).into_bytes()),
        ("B-013 deep lists", deep_lists.into_bytes()),
        ("B-013 deep objects", deep_objects.into_bytes()),
        ("B-011 a thousand names", format!(r#"{{{many_names}"code":"","inputs":[]}}"#).into_bytes()),
        ("B-023 invalid UTF-8", with_bad_byte),
        ("B-023 overlong UTF-8", [br#"{"code":""#.as_slice(), b"\xc0\xaf", br#"","inputs":[]}"#].concat()),
        ("B-022 a byte order mark", [b"\xef\xbb\xbf".as_slice(), br#"{"code":"","inputs":[]}"#].concat()),
        ("B-022 UTF-16", utf16),
        ("B-022 UTF-16 with a byte order mark", [b"\xff\xfe".as_slice(), br#"{\0"\0"#].concat()),
        ("B-022 UTF-32", "{}".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect()),
        ("B-024 a lone surrogate in code", br#"{"code":"\ud800","inputs":[]}"#.to_vec()),
        ("B-024 a lone surrogate in an input", br#"{"code":"","inputs":["\udc00"]}"#.to_vec()),
        ("B-024 a lone surrogate in a name", br#"{"code":"","inputs":[],"\ud800":1}"#.to_vec()),
        ("B-024 a lone surrogate in an unknown field", br#"{"code":"","inputs":[],"x":[["\udbff"]]}"#.to_vec()),
        ("B-002 a raw newline in a text", b"{\"code\":\"\n\",\"inputs\":[]}".to_vec()),
        ("B-005 true", b"true".to_vec()),
        ("B-002 a raw NUL", b"{\"code\":\"\0\",\"inputs\":[]}".to_vec()),
        ("B-024 a lone surrogate in a language", br#"{"code":"","inputs":[],"language":"\udfff"}"#.to_vec()),
        ("B-024 surrogates in the wrong order", br#"{"code":"\ude00\ud83d","inputs":[]}"#.to_vec()),
        ("B-002 a bad escape", br#"{"code":"\x41","inputs":[]}"#.to_vec()),
    ]
    .map(|(name, body)| case(name, body, 400, NOT_JSON, ""))
    .into()
}

/// JSON objects whose fields are wrong.
fn invalid() -> Vec<Case> {
    let mut cases = vec![
        case("B-006 no code", r#"{"inputs":[]}"#, 422, "missing_field", "code"),
        case("B-007 no inputs", r#"{"code":""}"#, 422, "missing_field", "inputs"),
        case("B-006 an empty object", "{}", 422, "missing_field", "code"),
        case("B-011 an unknown field", r#"{"code":"","inputs":[],"cdoe":""}"#, 422, "unknown_field", "cdoe"),
        case("B-011 __proto__", r#"{"code":"","inputs":[],"__proto__":{}}"#, 422, "unknown_field", "__proto__"),
        case("B-011 constructor", r#"{"code":"","inputs":[],"constructor":1}"#, 422, "unknown_field", "constructor"),
        case("B-011 another case", r#"{"Code":"","inputs":[]}"#, 422, "unknown_field", "Code"),
        case("B-011 an unknown limit", r#"{"code":"","inputs":[],"limits":{"a":1}}"#, 422, "unknown_field", "limits.a"),
        case(
            "B-011 open_files",
            r#"{"code":"","inputs":[],"limits":{"open_files":1}}"#,
            422,
            "unknown_field",
            "limits.open_files",
        ),
        case("B-028 code too long", json_with(&"x".repeat(1001), &[]), 422, "too_long", "code"),
        case("B-032 an input too long", json_with("", &["", &"x".repeat(101)]), 422, "too_long", "inputs[1]"),
        case("B-031 one input too many", json_with("", &["x"; 11]), 422, "too_long", "inputs"),
        case("B-031 100,000 inputs", json_with("", &["x"; 100_000]), 422, "too_long", "inputs"),
        case("B-035 a missing mode", r#"{"code":"","inputs":[],"language":"shell"}"#, 422, "unsupported_mode", "mode"),
        case(
            "an unknown priority",
            r#"{"code":"","inputs":[],"priority":"Exam"}"#,
            422,
            "unknown_priority",
            "priority",
        ),
        case("a number as priority", r#"{"code":"","inputs":[],"priority":1}"#, 422, "wrong_type", "priority"),
        case("B-035 an unknown mode", r#"{"code":"","inputs":[],"mode":"Function"}"#, 422, "unsupported_mode", "mode"),
    ];
    for value in ["null", "1", "{}", "[]", "true"] {
        cases.push(case("B-008 code", format!(r#"{{"code":{value},"inputs":[]}}"#), 422, "wrong_type", "code"));
    }
    for value in ["null", "1", "{}", "\"\"", "true"] {
        cases.push(case("B-009 inputs", format!(r#"{{"code":"","inputs":{value}}}"#), 422, "wrong_type", "inputs"));
    }
    for value in ["null", "1", "{}", "[]", "[\"x\"]", "true", "1e400"] {
        let body = format!(r#"{{"code":"","inputs":["a","b","c",{value}]}}"#);
        cases.push(case("B-010 an element", body, 422, "wrong_type", "inputs[3]"));
    }
    for field in ["language", "mode"] {
        for value in ["1", "{}", "[]", "true"] {
            cases.push(case(
                "B-035 a name",
                format!(r#"{{"code":"","inputs":[],"{field}":{value}}}"#),
                422,
                "wrong_type",
                field,
            ));
        }
    }
    for value in ["1", "\"\"", "[]", "true"] {
        cases.push(case(
            "B-036 limits",
            format!(r#"{{"code":"","inputs":[],"limits":{value}}}"#),
            422,
            "wrong_type",
            "limits",
        ));
    }
    let names = ["Python", "python ", "", "python\u{0}", "../python", "library/python:3", "PY", "ру"];
    for name in names {
        let body = json!({"code": "", "inputs": [], "language": name}).to_string();
        cases.push(case("B-035 a language", body, 422, "unknown_language", "language"));
    }
    cases.extend(limits());
    cases
}

fn limits() -> Vec<Case> {
    let mut cases = Vec::new();
    let fields = [
        "limits.cpu_time_ms",
        "limits.wall_time_ms",
        "limits.memory_kib",
        "limits.processes",
        "limits.output_bytes",
        "limits.file_bytes",
    ];
    for field in fields {
        let name = field.strip_prefix("limits.").expect("a limit");
        let body = |value: &str| format!(r#"{{"code":"","inputs":["x"],"limits":{{"{name}":{value}}}}}"#);
        for value in ["-1", "0", "-0", "1.5", "1e400", "-1e400", "1e-400", "18446744073709551616", "99999999999", "0.0"]
        {
            cases.push(case("B-014 B-036 B-037 a limit", body(value), 422, "out_of_range", field));
        }
        for value in ["\"1\"", "{}", "[1]", "true"] {
            cases.push(case("B-036 a limit", body(value), 422, "wrong_type", field));
        }
    }
    cases
}

fn json_with(code: &str, inputs: &[&str]) -> String {
    json!({"code": code, "inputs": inputs}).to_string()
}

async fn app() -> TestApp {
    let flags = [("max_code_bytes", "1000"), ("max_input_bytes", "100"), ("max_inputs", "10")];
    TestApp::idle(FakeExecutor::echoing(), &flags).await
}

#[tokio::test]
async fn each_bad_body_gets_its_status_its_code_and_its_field() {
    let app = app().await;
    let mut cases = 0;
    for (name, body, status, code, field) in malformed().into_iter().chain(invalid()) {
        cases += 1;
        let response = app.post_bytes("application/json", body.clone()).await;
        let shown = String::from_utf8_lossy(&body[..body.len().min(120)]).into_owned();
        assert_eq!(response.status_code(), status, "{name}: {shown}: {}", response.text());
        let problem = problem(&response, status);
        assert_eq!(problem["code"], code, "{name}: {shown}: {problem}");
        assert_eq!(problem.get("field").and_then(Value::as_str), field, "{name}: {shown}: {problem}");
        let detail = problem["detail"].as_str().expect("a sentence");
        assert!(detail.len() < 700 && !detail.contains(char::is_control), "{name}: {detail}");
        if let Some(field) = field {
            let named = detail.contains(field) || code == "unsupported_mode";
            assert!(named, "{name}: {detail}");
        }
    }
    println!("{cases} bad bodies");
    let totals: Value = app.get("/metrics").await.json();
    assert_eq!((&totals["in_progress"], &totals["total_executions"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn a_refusal_says_what_is_allowed() {
    let app = app().await;
    let said = async |body: Value| problem(&app.post(&body).await, 422)["detail"].as_str().unwrap().to_owned();

    let language = said(json!({"code": "", "inputs": [], "language": "cobol"})).await;
    assert_eq!(language, "`language` must be one of `python`, `shell`, `toy`");
    let mode = said(json!({"code": "", "inputs": [], "language": "shell", "mode": "function"})).await;
    assert_eq!(mode, "`shell` has no mode `function`; it has `program`");
    let limit = said(json!({"code": "", "inputs": ["x"], "limits": {"cpu_time_ms": 10_001}})).await;
    assert_eq!(limit, "`limits.cpu_time_ms` must be a whole number from 1 to 10000");
}

/// B-003
#[tokio::test]
async fn json_that_is_cut_anywhere_is_refused() {
    let app = app().await;
    let whole = r#"{"code":"é\n","inputs":["4","x"],"limits":{"processes":1},"mode":"program"}"#.as_bytes();
    app.post_bytes("application/json", whole).await.assert_status(axum::http::StatusCode::ACCEPTED);
    for length in 0..whole.len() {
        let response = app.post_bytes("application/json", &whole[..length]).await;
        assert_eq!(problem(&response, 400)["code"], NOT_JSON, "cut at {length}");
    }
}

/// B-027, B-028: what it means is for the language to say.
#[tokio::test]
async fn code_of_any_form_is_accepted_up_to_the_bound() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let most = 1024 * 1024;
    let long_line = "x".repeat(most);
    let many_lines = "\n".repeat(1_000_000);
    for code in ["", " \t\n", "# nothing", &long_line, &many_lines] {
        let response = app.post(&json!({"code": code, "inputs": ["x"]})).await;
        assert_eq!(response.status_code(), 202, "{} bytes: {}", code.len(), response.text());
    }
    for code in [long_line + "x", "\u{e9}".repeat(most / 2) + "x"] {
        let body = problem(&app.post(&json!({"code": code, "inputs": ["x"]})).await, 422);
        assert_eq!((&body["code"], &body["field"]), (&json!("too_long"), &json!("code")));
    }
}

/// B-017
#[tokio::test]
async fn a_body_that_is_too_long_is_413() {
    let app = TestApp::idle(
        FakeExecutor::echoing(),
        &[("max_body_bytes", "1024"), ("max_code_bytes", "1024"), ("max_input_bytes", "1024")],
    )
    .await;
    let mut body = json_with("", &[]).into_bytes();
    body.resize(1025, b' ');
    let response = app.post_bytes("application/json", body).await;
    assert_eq!(problem(&response, 413)["code"], "body_too_large");
}

/// B-020, B-021
#[tokio::test]
async fn only_plain_json_is_taken() {
    let app = app().await;
    let body = json_with("", &[]);
    let kinds = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json5",
        "application/json; charset=utf-16",
        "application/json; charset=latin1",
        "",
    ];
    for kind in kinds {
        let response = app.post_bytes(kind, body.clone()).await;
        assert_eq!(problem(&response, 415)["code"], "unsupported_media_type", "{kind}");
    }
    let none = app.http.post("/run").add_header("x-api-key", crate::support::KEY).bytes(body.clone().into()).await;
    problem(&none, 415);
    // Not even looked at, be it a bomb or not.
    for encoding in ["gzip", "br", "deflate", "zstd", "x-unknown"] {
        let compressed = app.post(&json!({"code": "", "inputs": []})).add_header("content-encoding", encoding).await;
        problem(&compressed, 415);
    }
}
