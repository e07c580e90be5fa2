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
    let answer = run(client, &code, std::slice::from_ref(&canaries.input)).map_err(|error| error.to_string())?;
    let kept = answer.done.results.iter().all(|result| result.output == "kept");
    if kept { Ok(answer) } else { Err(answer.text) }
}

/// A small task in some language, and its answers.
pub struct Exercise {
    /// The language's id.
    pub language: &'static str,
    code: &'static str,
    inputs: [&'static str; 2],
    answers: [&'static str; 2],
}

/// One in each of several languages, interpreted and compiled.
pub fn exercises() -> impl Iterator<Item = Exercise> {
    let square = |language, code| Exercise { language, code, inputs: ["4", "-7"], answers: ["16", "49"] };
    let sources = [
        ("python", "return str(int(input_str) ** 2)"),
        ("javascript", "return String(Number(input_str) ** 2)"),
        ("c", "static char answer[32];\nint n = atoi(input_str);\nsprintf(answer, \"%d\", n * n);\nreturn answer;"),
        ("bash", "echo $(( $1 * $1 ))"),
    ];
    sources.into_iter().map(move |(language, code)| square(language, code))
}

impl Exercise {
    /// Submits it; every answer must be right.
    pub fn run(&self, client: &Client) -> Result<(), String> {
        let Self { language, code, inputs, answers } = self;
        let inputs = inputs.map(str::to_owned);
        let request = request(language, code, &inputs);
        let answer = client.run(&request, PATIENCE).map_err(|error| format!("{language}: {error}"))?;
        let outputs: Vec<&str> = answer.done.results.iter().map(|result| result.output.trim()).collect();
        if outputs == *answers { Ok(()) } else { Err(format!("{language}: {}", answer.text)) }
    }
}

fn run(client: &Client, code: &str, inputs: &[String]) -> Result<Answer, ClientError> {
    client.run(&request(LANGUAGE, code, inputs), PATIENCE)
}

/// As most people send it, but always with a box for the compiler.
fn request<'a>(language: &'a str, code: &'a str, inputs: &'a [String]) -> Request<'a> {
    let compile_options = &[];
    Request { language, code, inputs, mode: "function", limits: None, compile_options, compile_cache: false }
}
