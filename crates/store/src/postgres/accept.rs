//! Accepting: whatever comes in one request is accepted as a whole, in a transaction with what came at the same time.
//!
//! A submission whose id is taken is not written, and a request that is to be accepted as a whole, as a batch or under an idempotency
//! key, then not at all: the transaction is undone, and made again without it.
//!
//! Of copies under a key that come to different nodes at once, the database has the second wait for the first to be decided, and
//! then finds its row.

use std::collections::HashSet;

use async_trait::async_trait;
use model::{ExecId, Report, Submission};
use sqlx::PgConnection;
use uuid::Uuid;

use super::database::{Change, Database};
use super::finish::record;
use super::lanes::{Grouped, after_failure};
use super::once::{self, Name};
use super::rows::{Final, Member};
use crate::columns::Failure;
use crate::{Accepted, Earlier, Once, StoreError, Submissions};

/// Adds those whose ids are not taken, in their order, and gives their ids.
const ACCEPT: &str = concat!(
    "WITH given AS MATERIALIZED (
        SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::smallint[], $5::bytea[], $6::bytea[], $7::boolean[],
            $8::uuid[], $9::integer[], $10::bytea[], $11::bytea[], $12::text[], $13::bigint[], $14::bigint[], $15::bigint[])
        WITH ORDINALITY AS given (id, owner, language, class, student, callback_url, no_store,
            batch, batch_index, payload, body, verdict, execution_time, runs, cpu_time, number)),
    accepted AS (
        INSERT INTO submissions
            (id, owner, language, class, student, callback_url, no_store, batch, batch_index, submitted_at)
        SELECT id, owner, language, class, student, callback_url, no_store, batch, batch_index, micros()
        FROM given ORDER BY number
        ON CONFLICT (id) DO NOTHING RETURNING place, id),
    known AS MATERIALIZED (SELECT place, given.* FROM accepted JOIN given USING (id)),
    bodies AS (INSERT INTO payloads (place, body) SELECT place, payload FROM known WHERE payload IS NOT NULL),
    waits AS (
        INSERT INTO queue (place, id, owner, language, class)
        SELECT place, id, owner, language, class FROM known WHERE payload IS NOT NULL ORDER BY place),
    finished AS (SELECT * FROM known WHERE body IS NOT NULL),",
    record!(),
    " SELECT id FROM accepted"
);

/// A request: what is to be accepted as a whole.
pub(super) struct Accept {
    once: Option<Name>,
    batch: Option<Uuid>,
    members: Vec<Member>,
}

impl Accept {
    pub(super) fn single(submission: &Submission, report: Option<&Report>) -> Result<Self, StoreError> {
        Self::new(None, Submissions::Single(submission, report))
    }

    pub(super) fn batch(batch: ExecId, members: &[(Submission, Option<Report>)]) -> Result<Self, StoreError> {
        Self::new(None, Submissions::Batch(batch, members))
    }

    pub(super) fn once(once: &Once, submissions: Submissions<'_>) -> Result<Self, StoreError> {
        Self::new(Some(once), submissions)
    }

    fn new(once: Option<&Once>, submissions: Submissions<'_>) -> Result<Self, StoreError> {
        let failed = |source| StoreError::new(<Self as Grouped>::CONTEXT, source);
        let (batch, members) = match submissions {
            Submissions::Single(submission, report) => (None, Member::new(submission, report).map(|one| vec![one])),
            Submissions::Batch(batch, members) => (
                Some(Uuid::from_bytes(*batch.as_bytes())),
                members.iter().map(|(submission, report)| Member::new(submission, report.as_ref())).collect(),
            ),
        };
        let members: Vec<Member> = members.map_err(failed)?;
        let once = once.map(|once| Name::new(once, batch, members.iter().map(|member| member.id)));
        Ok(Self { once, batch, members })
    }

    /// Is there something that would have to be undone if one of its members can not be accepted?
    fn is_whole(&self) -> bool {
        self.once.is_some() || self.members.len() > 1
    }
}

#[async_trait]
impl Grouped for Accept {
    type Output = Accepted;
    const CONTEXT: &'static str = "accepting a submission";

    fn length(&self) -> usize {
        self.members.iter().map(Member::length).sum()
    }

    async fn together(database: &Database, group: Vec<Self>) -> Vec<Result<Accepted, StoreError>> {
        let mut answers: Vec<_> = group.iter().map(|_| None).collect();
        let mut waiting: Vec<(usize, Self)> = group.into_iter().enumerate().collect();
        while !waiting.is_empty() {
            let (places, now, later) = apart(waiting);
            waiting = later;
            for (place, answer) in places.into_iter().zip(accept(database, now).await) {
                answers[place] = Some(answer);
            }
        }
        answers.into_iter().map(|answer| answer.expect("each was accepted or refused")).collect()
    }
}

/// Those that have nothing in common, neither a name nor an id, and those that come after them.
fn apart(all: Vec<(usize, Accept)>) -> (Vec<usize>, Vec<Accept>, Vec<(usize, Accept)>) {
    let (mut names, mut ids) = (HashSet::new(), HashSet::new());
    let (mut places, mut now, mut later) = (Vec::new(), Vec::new(), Vec::new());
    for (place, accept) in all {
        let name = accept.once.as_ref().map(|name| (name.owner.clone(), name.key.clone()));
        let is_apart = accept.members.iter().all(|member| !ids.contains(&member.id))
            && name.as_ref().is_none_or(|name| !names.contains(name));
        if is_apart {
            ids.extend(accept.members.iter().map(|member| member.id));
            names.extend(name);
            places.push(place);
            now.push(accept);
        } else {
            later.push((place, accept));
        }
    }
    (places, now, later)
}

/// Accepts requests that have nothing in common.
async fn accept(database: &Database, group: Vec<Accept>) -> Vec<Result<Accepted, StoreError>> {
    // Those that turned out to have an id that is taken.
    let mut refused = vec![false; group.len()];
    loop {
        let all = AcceptAll { group: &group, refused: &refused };
        match database.write(&all).await {
            Ok(outcomes) => return outcomes.into_iter().map(answer).collect(),
            Err(error) => match error.source.downcast_ref::<Taken>() {
                Some(Taken(which)) => refused[*which] = true,
                None => return after_failure(database, group, error).await,
            },
        }
    }
}

fn answer(outcome: Outcome) -> Result<Accepted, StoreError> {
    match outcome {
        Outcome::Now => Ok(Accepted::Now),
        Outcome::Before(earlier) => Ok(Accepted::Before(earlier)),
        Outcome::Refused => Err(StoreError::new(<Accept as Grouped>::CONTEXT, "the id of a submission is taken")),
    }
}

enum Outcome {
    Now,
    Before(Earlier),
    Refused,
}

/// A request of the group is to be accepted as a whole, and can not: an id is taken.
#[derive(Debug, thiserror::Error)]
#[error("the id of a submission is taken")]
struct Taken(usize);

/// The requests of a group, but those that are refused.
struct AcceptAll<'a> {
    group: &'a [Accept],
    refused: &'a [bool],
}

#[async_trait]
impl Change for AcceptAll<'_> {
    type Output = Vec<Outcome>;
    const CONTEXT: &'static str = <Accept as Grouped>::CONTEXT;

    async fn apply(&self, connection: &mut PgConnection) -> Result<Vec<Outcome>, Failure> {
        let mut outcomes: Vec<Outcome> =
            self.refused.iter().map(|refused| if *refused { Outcome::Refused } else { Outcome::Now }).collect();
        let is_asked = |(accept, refused): &(&Accept, &bool)| accept.once.is_some() && !**refused;
        let names = self.group.iter().zip(self.refused).filter(is_asked).filter_map(|(accept, _)| accept.once.as_ref());
        let earlier = once::take(&mut *connection, names.collect()).await?;
        for (accept, outcome) in self.group.iter().zip(&mut outcomes) {
            let name = accept.once.as_ref().map(|name| (name.owner.clone(), name.key.clone()));
            if let (Some(name), Outcome::Now) = (name, &outcome)
                && let Some(earlier) = earlier.get(&name)
            {
                *outcome = Outcome::Before(earlier.clone());
            }
        }
        let fresh = self.group.iter().zip(&outcomes).filter(|(_, outcome)| matches!(outcome, Outcome::Now));
        let accepted = insert(connection, fresh.map(|(accept, _)| accept)).await?;
        for (index, (accept, outcome)) in self.group.iter().zip(&mut outcomes).enumerate() {
            let is_complete = accept.members.iter().all(|member| accepted.contains(&member.id));
            if matches!(outcome, Outcome::Now) && !is_complete {
                if accept.is_whole() {
                    return Err(Box::new(Taken(index)));
                }
                *outcome = Outcome::Refused;
            }
        }
        Ok(outcomes)
    }

    async fn is_there(&self, connection: &mut PgConnection, outcomes: &Vec<Outcome>) -> Result<bool, Failure> {
        let accepted = self.group.iter().zip(outcomes).filter(|(_, outcome)| matches!(outcome, Outcome::Now));
        let ids: Vec<Uuid> = accepted.flat_map(|(accept, _)| accept.members.iter().map(|member| member.id)).collect();
        let (count,): (i64,) = sqlx::query_as("SELECT count(*) FROM submissions WHERE id = ANY ($1)")
            .bind(&ids)
            .fetch_one(connection)
            .await?;
        Ok(usize::try_from(count)? == ids.len())
    }
}

/// Adds the members of these requests, and gives the ids of those that were added.
async fn insert(
    connection: &mut PgConnection,
    requests: impl Iterator<Item = &Accept>,
) -> Result<HashSet<Uuid>, Failure> {
    let mut all: Vec<(Option<Uuid>, Option<i32>, &Member)> = Vec::new();
    for Accept { batch, members, .. } in requests {
        for (index, member) in members.iter().enumerate() {
            all.push((*batch, batch.map(|_| i32::try_from(index)).transpose()?, member));
        }
    }
    if all.is_empty() {
        return Ok(HashSet::new());
    }
    let members = || all.iter().map(|(_, _, member)| *member);
    let reports: Vec<Option<&Final>> = members().map(Member::report).collect();
    let of = |column: fn(&Final) -> i64| reports.iter().map(|report| report.map(column)).collect::<Vec<_>>();
    let accepted: Vec<(Uuid,)> = sqlx::query_as(ACCEPT)
        .bind(members().map(|member| member.id).collect::<Vec<_>>())
        .bind(members().map(|member| member.owner.as_slice()).collect::<Vec<_>>())
        .bind(members().map(|member| member.language.as_slice()).collect::<Vec<_>>())
        .bind(members().map(|member| member.class).collect::<Vec<_>>())
        .bind(members().map(|member| member.student.as_deref()).collect::<Vec<_>>())
        .bind(members().map(|member| member.callback_url.as_deref()).collect::<Vec<_>>())
        .bind(members().map(|member| member.no_store).collect::<Vec<_>>())
        .bind(all.iter().map(|(batch, _, _)| *batch).collect::<Vec<_>>())
        .bind(all.iter().map(|(_, index, _)| *index).collect::<Vec<_>>())
        .bind(members().map(Member::payload).collect::<Vec<_>>())
        .bind(reports.iter().map(|report| report.map(|report| report.body.as_slice())).collect::<Vec<_>>())
        .bind(reports.iter().map(|report| report.map(|report| report.verdict)).collect::<Vec<_>>())
        .bind(of(|report| report.execution_time))
        .bind(of(|report| report.runs))
        .bind(of(|report| report.cpu_time))
        .fetch_all(connection)
        .await?;
    Ok(accepted.into_iter().map(|(id,)| id).collect())
}
