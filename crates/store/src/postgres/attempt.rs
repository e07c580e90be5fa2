//! One statement against the database, tried again where the database says that it may be.

use super::database::{bounded, is_conflict};
use crate::StoreError;
use crate::columns::Failure;

/// How often a statement is tried that stood in another's way.
const TRIES: u32 = 5;

/// Runs this, and again if the database has undone it because of what others did at the same moment. What failed in another
/// way is not tried again: it may have been done.
pub(super) async fn attempt<T, F>(context: &'static str, run: impl Fn() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, Failure>>,
{
    let mut tries = 1;
    loop {
        match bounded(context, run()).await {
            Err(error) if tries < TRIES && is_conflict(&error.source) => tries += 1,
            outcome => return outcome,
        }
    }
}
