//! `code-runner platform check`: are the exercises what they should be?

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use uuid::Uuid;

use super::CodeRunnerArgs;
use crate::code_runner::wire::{self, Sent};
use crate::code_runner::{Asked, CodeRunner, CodeRunnerError};
use crate::exercises::{Exercise, Language, load};
use crate::feedback::{Feedback, in_words};

/// How often a busy Code Runner is asked again.
const TRIES: u32 = 20;

/// What to check.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The folder of the exercises.
    #[arg(value_name = "EXERCISES", default_value = "./exercises")]
    exercises: PathBuf,
    #[command(flatten)]
    code_runner: CodeRunnerArgs,
}

/// Prints what is wrong; fails if something is.
pub fn run(args: &CheckArgs) -> ExitCode {
    super::finish(false, check(args))
}

async fn check(args: &CheckArgs) -> Result<ExitCode, String> {
    let found = load::folder(&args.exercises).map_err(|error| error.to_string())?;
    let client = match args.code_runner.key()? {
        Some(key) => Some(args.code_runner.client(&key)?),
        None => None,
    };
    let (mut exercises, mut wrong) = (0, 0);
    for (id, read) in &found {
        match read {
            Err(error) => {
                println!("{error}");
                wrong += 1;
            }
            Ok(exercise) => {
                exercises += 1;
                println!("{id}: {} tests, {} points", exercise.tests.len(), exercise.points());
                if let Some(client) = &client {
                    wrong += solutions(client, exercise).await?;
                }
            }
        }
    }
    if client.is_none() {
        println!("no solution was run: set PLATFORM_API_KEY or PLATFORM_API_KEY_FILE for that");
    }
    println!("{exercises} exercises can be used, {wrong} mistakes");
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs every solution; gives how many do not pass.
async fn solutions(client: &CodeRunner, exercise: &Exercise) -> Result<usize, String> {
    let mut wrong = 0;
    for language in &exercise.languages {
        let Some(code) = &language.solution else {
            println!("  {}: there is no solution", language.id);
            continue;
        };
        match solution(client, exercise, language, code).await? {
            Ok(()) => println!("  {}: passes every test", language.id),
            Err(what) => {
                println!("  {}: {what}", language.id);
                wrong += 1;
            }
        }
    }
    Ok(wrong)
}

async fn solution(
    client: &CodeRunner,
    exercise: &Exercise,
    language: &Language,
    code: &str,
) -> Result<Result<(), String>, String> {
    let request = wire::submission(exercise, &language.id, code, None);
    let sent: Sent = serde_json::from_value(request.clone()).map_err(|error| error.to_string())?;
    let once = Uuid::new_v4().to_string();
    let mut tries = 0;
    let exec_id = loop {
        match client.run(&once, request.to_string()).await {
            Ok(exec_id) => break exec_id,
            Err(CodeRunnerError::Refused { detail, .. }) => return Ok(Err(format!("is refused: {detail}"))),
            Err(error @ CodeRunnerError::Later { .. }) if tries < TRIES => {
                tries += 1;
                tokio::time::sleep(error.retry_after().unwrap_or(Duration::from_secs(1))).await;
            }
            Err(error) => return Err(error.to_string()),
        }
    };
    let done = loop {
        match client.result(&exec_id).await.map_err(|error| error.to_string())? {
            Asked::Done(done) => break done,
            Asked::Pending => {}
        }
    };
    let seen = match Feedback::new(&sent, *done) {
        Ok(feedback) => feedback.for_teacher(),
        Err(spoilt) => return Ok(Err(format!("can not be judged: {spoilt}"))),
    };
    let failed: Vec<String> = seen
        .tests()
        .iter()
        .filter(|test| !test.passed)
        .map(|test| {
            let said = test.detail.as_ref().and_then(|detail| detail.error.clone().or_else(|| detail.message.clone()));
            format!("“{}”: {} ({})", test.name, in_words(&test.verdict), said.unwrap_or_default())
        })
        .collect();
    Ok(if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) })
}
