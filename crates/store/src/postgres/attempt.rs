//! One statement, or a few that read, against the database: tried again where the database says that it may be.
//!
//! The connection is given back when the answer is whole. Who stops waiting before that, for whatever reason, has it closed: one
//! on which an answer may still come, or never, is nothing for others, and the pool would keep its place until it knows.

use super::database::{Database, is_conflict};
use crate::StoreError;
use crate::columns::Failure;

/// How often a statement is tried that stood in another's way.
const TRIES: u32 = 5;

/// Asks this database a question for which there is a connection: `ask!(database, "reading a", connection => read(connection))`.
macro_rules! ask {
    ($database:expr, $context:expr, $connection:ident => $question:expr) => {{
        let database = $database;
        let question = || async {
            let mut held = database.acquire().await?;
            let $connection = held.connection();
            let answer = $question.await?;
            held.give_back();
            Ok::<_, $crate::columns::Failure>(answer)
        };
        database.attempt_question($context, question).await
    }};
}
pub(super) use ask;

impl Database {
    /// Asks, and asks again if the database has undone it because of what others did at the same moment. What failed in another
    /// way is not tried again: it may have been done.
    pub(super) async fn attempt_question<T, F>(
        &self,
        context: &'static str,
        question: impl Fn() -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let mut tries = 1;
        loop {
            match self.within(question()).await {
                Err(error) if tries < TRIES && is_conflict(&error) => tries += 1,
                outcome => return outcome.map_err(|source| StoreError::new(context, source)),
            }
        }
    }
}
