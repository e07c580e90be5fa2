//! Runs submissions in this program, without a server: through the same checks as a request, and with the same answer.

use async_trait::async_trait;
use executor::{Cancel, Executor};

use super::grader::{Grader, Reply};
use crate::validate::Rules;
use crate::wire::{Done, RunRequest};

/// The name under which the executor counts what this command runs.
const OWNER: &str = "command line";

/// This program's own executor.
pub struct Local<'a> {
    /// What a submission has to fulfil.
    pub rules: &'a Rules,
    /// Runs it.
    pub executor: &'a dyn Executor,
}

#[async_trait]
impl Grader for Local<'_> {
    fn place(&self) -> String {
        "here".to_owned()
    }

    async fn run(&self, body: &[u8], cancel: &Cancel) -> Reply {
        let request = RunRequest::from_json(body, self.rules.sizes.inputs);
        let submission = match request.and_then(|request| self.rules.submission(request, OWNER)) {
            Ok(submission) => submission,
            Err(error) => {
                let field = error.field().map(str::to_owned);
                return Reply::Refused { field, detail: error.detail().to_owned() };
            }
        };
        let report = match self.executor.execute(&submission, cancel).await {
            Ok(report) => report,
            Err(error) => return Reply::Failed(error.to_string()),
        };
        match serde_json::to_value(Done::from(report)) {
            Ok(result) => Reply::Done(result),
            Err(error) => Reply::Failed(format!("the result is not JSON: {error}")),
        }
    }
}
