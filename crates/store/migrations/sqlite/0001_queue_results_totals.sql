-- One row per accepted submission. Bodies live in tables of their own, so that a heartbeat rewrites
-- a hundred bytes and not the student's inputs.
CREATE TABLE submissions (
    -- The order of acceptance; a released submission keeps it.
    place INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    owner TEXT NOT NULL,
    language TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done')),
    -- Grows by one with each claim, so it is also the number of claims.
    fence INTEGER NOT NULL DEFAULT 0,
    -- Microseconds on the monotonic clock of the process that has the store open.
    lease_until INTEGER,
    -- Microseconds since 1970-01-01T00:00:00Z.
    submitted_at INTEGER NOT NULL,
    CHECK ((state = 'running') = (lease_until IS NOT NULL))
) STRICT;

-- Finished rows stay, so both indexes hold only the rows that a claim or a count may look at.
CREATE INDEX submissions_queued ON submissions (place) WHERE state = 'queued';
CREATE INDEX submissions_running ON submissions (lease_until) WHERE state = 'running';

-- The submission as JSON, until it is finished: a blob, because text may hold NUL.
CREATE TABLE payloads (
    place INTEGER PRIMARY KEY REFERENCES submissions (place),
    body BLOB NOT NULL
) STRICT;

-- The report as JSON. The primary key makes a second report of one submission an error.
CREATE TABLE reports (
    place INTEGER PRIMARY KEY REFERENCES submissions (place),
    body BLOB NOT NULL
) STRICT;

CREATE TABLE verdict_totals (
    verdict TEXT PRIMARY KEY,
    finished INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE language_totals (
    language TEXT PRIMARY KEY,
    finished INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Exactly one row. Times in microseconds.
CREATE TABLE time_totals (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    last_execution INTEGER,
    max_execution_time INTEGER NOT NULL,
    sum_execution_time INTEGER NOT NULL
) STRICT;
INSERT INTO time_totals VALUES (1, NULL, 0, 0);
