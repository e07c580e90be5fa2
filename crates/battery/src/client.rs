//! The API as a client sees it: submit, and ask until it is done. Judges nothing.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::cases::Case;
use crate::header::Limits;

/// The longest answer that is read, in bytes; far above all that the server keeps.
const LONGEST_ANSWER: u64 = 256 << 20;

/// The shortest and longest time between two questions for a result. In between it is a part of the time that has
/// passed, so that short times are told exactly and long ones cost the server little.
const PAUSES: [Duration; 2] = [Duration::from_millis(2), Duration::from_millis(25)];

/// Somebody with a key. Threads share one.
pub struct Client {
    agent: ureq::Agent,
    address: String,
    key: String,
}

/// A body of `POST /run`.
#[derive(Debug, Serialize)]
pub struct Request<'a> {
    /// The language's id.
    pub language: &'a str,
    /// The program.
    pub code: &'a str,
    /// One run each.
    pub inputs: &'a [String],
    /// `program` or `function`.
    pub mode: &'a str,
    /// What may be used, where that is less than the maximum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<&'a Limits>,
    /// Words for the compiler.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub compile_options: &'a [String],
    /// May what was compiled before be used?
    pub compile_cache: bool,
}

/// A final result.
#[derive(Debug)]
pub struct Answer {
    /// The body as it came.
    pub text: String,
    /// The same, taken apart.
    pub done: Done,
    /// From the request to the answer.
    pub elapsed: Duration,
}

/// What of the result is looked at.
#[derive(Debug, Deserialize)]
pub struct Done {
    /// One for each input.
    pub results: Vec<RunResult>,
    /// Where the time went.
    pub phases: Phases,
}

/// How long each phase took, in milliseconds.
#[derive(Debug, Default, Deserialize)]
pub struct Phases {
    /// Waiting for a worker.
    pub queue: f64,
    /// Compiling.
    pub compile: f64,
}

/// One run.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct RunResult {
    /// Function mode: the returned value; program mode: standard output.
    pub output: String,
    /// What was written to standard error.
    pub stderr: Option<String>,
    /// One line for the student.
    pub error: Option<String>,
    /// How it went.
    pub verdict: String,
    /// The exit status, if it ended by itself.
    pub exit_code: Option<i32>,
    /// The signal, if one killed it.
    pub signal: Option<i32>,
    /// CPU time of all processes, in milliseconds.
    pub cpu_time_ms: f64,
    /// Time on the clock, in milliseconds.
    pub wall_time_ms: f64,
    /// The most memory, in KiB.
    pub memory_kib: u64,
}

/// One language of `GET /languages`.
#[derive(Debug, Deserialize)]
pub struct LanguageState {
    /// What a request calls it.
    pub id: String,
    /// Can it be used?
    pub available: bool,
    /// Why not.
    pub cause: Option<String>,
    /// The last time it was tried.
    pub self_test: Option<serde_json::Value>,
}

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The server did not take it.
    #[error("refused with {status}: {body}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The answer's body.
        body: String,
    },
    /// It is not done after all this time.
    #[error("no verdict after {:.1} s", .0.as_secs_f64())]
    Pending(Duration),
    /// The answer is not what the API promises.
    #[error("not an answer of the API: {0}")]
    NotUnderstood(String),
    /// There is no answer.
    #[error("no answer: {0}")]
    Connection(#[from] ureq::Error),
}

impl<'a> Request<'a> {
    /// A case as it is posted.
    pub fn of(case: &'a Case) -> Self {
        let header = &case.header;
        Self {
            language: &case.language,
            code: &case.code,
            inputs: &header.inputs,
            mode: header.mode,
            limits: Some(&header.limits),
            compile_options: &header.compile_options,
            compile_cache: header.compile_cache,
        }
    }
}

impl Client {
    /// A client of the server at this `host:port`.
    pub fn new(address: &str, key: &str) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        let agent = config.timeout_global(Some(Duration::from_secs(60))).build().into();
        Self { agent, address: address.to_owned(), key: key.to_owned() }
    }

    /// Submits and asks until it is done, for as long as `patience` lasts.
    pub fn run(&self, request: &Request<'_>, patience: Duration) -> Result<Answer, ClientError> {
        let started = Instant::now();
        let id = self.submit(request)?;
        loop {
            let (status, text) = self.get(&format!("/result/{id}"), "application/json")?;
            match status {
                200 => return Answer::new(text, started.elapsed()),
                202 if started.elapsed() < patience => {
                    std::thread::sleep((started.elapsed() / 16).clamp(PAUSES[0], PAUSES[1]));
                }
                202 => return Err(ClientError::Pending(started.elapsed())),
                status => return Err(ClientError::Refused { status, body: text }),
            }
        }
    }

    /// Any page: the status and the body.
    pub fn get(&self, path: &str, accept: &str) -> Result<(u16, String), ClientError> {
        let url = format!("http://{}{path}", self.address);
        let response = self.agent.get(url).header("x-api-key", &self.key).header("accept", accept).call()?;
        read(response)
    }

    /// The languages the server has.
    pub fn languages(&self) -> Result<Vec<LanguageState>, ClientError> {
        #[derive(Deserialize)]
        struct List {
            languages: Vec<LanguageState>,
        }
        let (_, text) = self.get("/languages", "application/json")?;
        let list: List = serde_json::from_str(&text).map_err(|error| ClientError::NotUnderstood(error.to_string()))?;
        Ok(list.languages)
    }

    fn submit(&self, request: &Request<'_>) -> Result<String, ClientError> {
        #[derive(Deserialize)]
        struct Started {
            exec_id: String,
        }
        let post = self.agent.post(format!("http://{}/run", self.address)).header("x-api-key", &self.key);
        let (status, body) = read(post.send_json(request)?)?;
        if status != 202 {
            return Err(ClientError::Refused { status, body });
        }
        let started: Started =
            serde_json::from_str(&body).map_err(|error| ClientError::NotUnderstood(error.to_string()))?;
        Ok(started.exec_id)
    }
}

impl Answer {
    fn new(text: String, elapsed: Duration) -> Result<Self, ClientError> {
        let done = serde_json::from_str(&text).map_err(|error| ClientError::NotUnderstood(error.to_string()))?;
        Ok(Self { text, done, elapsed })
    }
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> Result<(u16, String), ClientError> {
    let status = response.status().as_u16();
    let text = response.body_mut().with_config().limit(LONGEST_ANSWER).read_to_string()?;
    Ok((status, text))
}
