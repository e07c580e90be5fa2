//! The store of several nodes: a database of PostgreSQL, in which they meet.
//!
//! ```text
//!  submit, finish, claim, extend  --lane of each: what waits, together--> transaction --+
//!  cancel, erase, clean, ...      --------------------------------------> transaction --+--pool--> PostgreSQL
//!  status, totals, ...            --------------------------------------> statement   --+
//! ```
//!
//! - [`address`], [`connect`]: where the database is, the pool, and the migrations.
//! - [`database`]: transactions that end, whatever becomes of the connection.
//! - [`lanes`]: group commit.
//! - [`accept`], [`once`]: what is accepted, and requests that may be repeated.
//! - [`claim`], [`leases`], [`finish`]: from a claim to a report.
//! - [`cancel`]: cancelling and erasing; [`clean`]: deleting what has expired.
//! - [`reads`], [`place`]: what is read.
//! - [`callbacks`]: who is to be told of results.
//! - [`keys`], [`usage`]: API keys, and what their owners used.
//! - [`history`]: what happened when, for those who run the servers.
//! - [`fleet`]: what nodes share beside the queue: [`notices`], [`nodes`], [`requests`], [`live`], [`waits`].
//! - [`attempt`]: statements that need no transaction of several.
//! - [`rows`]: submissions and reports as columns.
//!
//! What follows from a change of a table is done by triggers, and whose turn it is is found in the database
//! (`migrations/postgres`). Time is the database's. No node knows of another here; what they tell each other is [`crate::Fleet`].

mod accept;
pub(crate) mod address;
mod attempt;
mod callbacks;
mod cancel;
mod claim;
mod clean;
pub(crate) mod connect;
mod database;
mod finish;
mod fleet;
mod history;
mod keys;
mod lanes;
mod leases;
mod live;
mod nodes;
mod notices;
mod once;
mod place;
mod reads;
mod requests;
mod rows;
mod usage;
mod waits;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use model::{ExecId, Report, Submission};

use self::accept::Accept;
use self::address::DatabaseAddress;
use self::attempt::ask;
use self::cancel::{Cancelling, Erasing};
use self::claim::Claiming;
use self::clean::{Clean, Fetched, TryToWrite};
use self::database::Database;
use self::finish::Finish;
use self::lanes::Lane;
use self::leases::{Extend, Recover, Release};
use self::notices::Notices;
use crate::{
    Accepted, BatchMember, Cancelled, Claim, Cleaned, Earlier, Erased, Extended, Lease, LeaseUse, Once, Status, Store,
    StoreError, Submissions, Totals, Waiting,
};

/// How long a request waits for the database, each time it asks it something, unless it is said otherwise: longer than a restart of
/// PostgreSQL mostly takes, shorter than clients and balancers wait.
pub const REQUEST_PATIENCE: Duration = Duration::from_secs(4);

/// A [`Store`] in a database of PostgreSQL, which other nodes use as well.
pub struct PostgresStore {
    database: Arc<Database>,
    /// The languages this node claims, as columns; all if there are none.
    languages: RwLock<Option<Vec<Vec<u8>>>>,
    accepts: Lane<Accept>,
    finishes: Lane<Finish>,
    claims: Lane<Claiming>,
    extends: Lane<Extend>,
    notices: Notices,
}

impl PostgresStore {
    /// Connects to `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, which may go on with `?sslmode=verify-full` and other parameters as
    /// libpq has them, and brings the schema up to date. What [`Store::claim`] gives then is in one of these languages, or in any, until
    /// [`Fleet::claim_only`] says otherwise.
    /// Must be called within a tokio runtime. A name is looked up for each connection, by the C library.
    ///
    /// # Errors
    /// [`StoreError`] if the database can not be reached in a minute, does not prove to be the one that is meant where the address
    /// asks for that, is older than PostgreSQL 13, or has a schema that needs a newer program.
    pub async fn connect(
        address: impl Into<DatabaseAddress>,
        languages: Option<Vec<String>>,
    ) -> Result<Self, StoreError> {
        Self::connect_with(address, languages, REQUEST_PATIENCE).await
    }

    /// The same, with another time than [`REQUEST_PATIENCE`] in which whatever is asked for in a request is answered, or fails. When
    /// it has failed for want of time it is not done, and will not be, unless the database was committing it in that moment.
    ///
    /// # Errors
    /// As [`PostgresStore::connect`].
    pub async fn connect_with(
        address: impl Into<DatabaseAddress>,
        languages: Option<Vec<String>>,
        request_patience: Duration,
    ) -> Result<Self, StoreError> {
        let pool =
            connect::connect(address.into()).await.map_err(|source| StoreError::new("opening the store", source))?;
        let options = (*pool.connect_options()).clone();
        let database = Arc::new(Database::new(pool, request_patience));
        Ok(Self {
            languages: RwLock::new(languages.map(columns)),
            accepts: Lane::for_requests(Arc::clone(&database)),
            finishes: Lane::start(Arc::clone(&database)),
            claims: Lane::start(Arc::clone(&database)),
            extends: Lane::start(Arc::clone(&database)),
            notices: Notices::new(options),
            database,
        })
    }

    fn set_languages(&self, languages: Vec<String>) {
        *self.languages.write().unwrap_or_else(PoisonError::into_inner) = Some(columns(languages));
    }

    /// Lets what has been asked for so far end, and closes the connections. Whatever is asked for later fails.
    pub async fn close(&self) {
        self.notices.stop();
        self.database.pool().close().await;
    }
}

fn columns(languages: Vec<String>) -> Vec<Vec<u8>> {
    languages.into_iter().map(String::into_bytes).collect()
}

#[async_trait]
impl Store for PostgresStore {
    async fn submit(&self, submission: &Submission) -> Result<(), StoreError> {
        self.accepts.write(Accept::single(submission, None)?).await.map(drop)
    }

    async fn submit_finished(&self, submission: &Submission, report: &Report) -> Result<(), StoreError> {
        self.accepts.write(Accept::single(submission, Some(report))?).await.map(drop)
    }

    async fn submit_batch(&self, batch: ExecId, members: &[(Submission, Option<Report>)]) -> Result<(), StoreError> {
        self.accepts.write(Accept::batch(batch, members)?).await.map(drop)
    }

    async fn submit_once(&self, once: &Once, submissions: Submissions<'_>) -> Result<Accepted, StoreError> {
        self.accepts.write(Accept::once(once, submissions)?).await
    }

    async fn submitted_once(&self, owner: &str, key: &str) -> Result<Option<Earlier>, StoreError> {
        ask!(self.database.for_request(), "looking for an idempotency key", connection => once::find(connection, owner, key))
    }

    async fn clean(&self, results_kept: Duration) -> Result<Cleaned, StoreError> {
        self.database.write(&Clean { results_kept }).await
    }

    async fn claim(&self, lease: Duration) -> Result<Option<Claim>, StoreError> {
        let languages = self.languages.read().unwrap_or_else(PoisonError::into_inner).clone();
        let claimed = self.claims.write(Claiming { lease, languages }).await?;
        if let Some(claim) = &claimed {
            self.notices.claimed(claim.submission.id);
        }
        Ok(claimed)
    }

    async fn extend(&self, lease: Lease, length: Duration) -> Result<Extended, StoreError> {
        self.extends.write(Extend { lease, length }).await
    }

    async fn finish(&self, lease: Lease, report: &Report) -> Result<LeaseUse, StoreError> {
        self.finishes.write(Finish::new(lease, report)?).await
    }

    async fn release(&self, lease: Lease) -> Result<LeaseUse, StoreError> {
        self.database.write(&Release { lease }).await
    }

    async fn cancel(&self, owner: &str, id: ExecId) -> Result<Option<Cancelled>, StoreError> {
        self.database.for_request().write(&Cancelling { owner: owner.to_owned(), id }).await
    }

    async fn erase(&self, owner: &str, student: &str) -> Result<Erased, StoreError> {
        self.database.for_request().write(&Erasing { owner: owner.to_owned(), student: student.to_owned() }).await
    }

    async fn recover(&self) -> Result<u64, StoreError> {
        self.database.write(&Recover).await
    }

    async fn status(&self, owner: &str, id: ExecId) -> Result<Option<Status>, StoreError> {
        let database = self.database.for_request();
        let (status, passing) =
            ask!(&database, "reading a result", connection => reads::status(connection, owner, id))?;
        if let Some(place) = passing {
            database.write(&Fetched { place }).await?;
        }
        Ok(status)
    }

    async fn place(&self, owner: &str, id: ExecId) -> Result<Option<u64>, StoreError> {
        ask!(self.database.for_request(), "reading a place", connection => place::of(connection, owner, id))
    }

    async fn batch(&self, owner: &str, batch: ExecId) -> Result<Vec<BatchMember>, StoreError> {
        ask!(self.database.for_request(), "reading a batch", connection => reads::batch(connection, owner, batch))
    }

    async fn waiting(&self, owner: &str) -> Result<Waiting, StoreError> {
        ask!(self.database.for_request(), "counting what waits", connection => reads::waiting(connection, owner))
    }

    async fn writable(&self) -> Result<(), StoreError> {
        if self.database.is_failing() { self.database.for_request().write(&TryToWrite).await } else { Ok(()) }
    }

    async fn totals(&self) -> Result<Totals, StoreError> {
        ask!(self.database.for_request(), "reading the totals", connection => reads::totals(connection))
    }
}
