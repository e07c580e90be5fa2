//! Ordinary submissions: the neighbours that must not notice anything, and one that keeps a secret.

use std::time::Duration;

use crate::canaries::Canaries;
use crate::client::{Answer, Client, ClientError, Request};

/// The language of all of them.
pub const LANGUAGE: &str = "python";

/// How long an answer may take on a machine that is kept busy.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Submits the example of the README; its answer must be right.
pub fn neighbour(client: &Client) -> Result<Answer, String> {
    let code = "return str(int(input_str) * int(input_str))";
    let answer = run(client, code, &["4".to_owned(), "x".to_owned()]).map_err(|error| error.to_string())?;
    let [four, x] = answer.done.results.as_slice() else { return Err(answer.text) };
    let failed = x.error.as_deref().is_some_and(|error| error.starts_with("ValueError"));
    if four.output == "16" && four.verdict == "ok" && failed { Ok(answer) } else { Err(answer.text) }
}

/// Runs beside an attack with a canary in its code and one in its input, and must get to its end. Its own answer
/// names its input, so nobody looks for canaries in it.
pub fn keeper(client: &Client, canaries: &Canaries) -> Result<Answer, String> {
    let code = format!("secret = '{}'\nimport time\ntime.sleep(0.2)\nreturn 'kept'", canaries.code);
    let answer = run(client, &code, &[canaries.input.clone()]).map_err(|error| error.to_string())?;
    let kept = answer.done.results.iter().all(|result| result.output == "kept");
    if kept { Ok(answer) } else { Err(answer.text) }
}

fn run(client: &Client, code: &str, inputs: &[String]) -> Result<Answer, ClientError> {
    let request = Request { language: LANGUAGE, code, inputs, mode: "function", limits: None, compile_options: &[] };
    client.run(&request, PATIENCE)
}
