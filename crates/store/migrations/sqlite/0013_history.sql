-- What finished, and how full the server was, by stretches of time; nothing of any submission. Added in batches by whoever
-- finishes submissions, and not in the transaction of a result. `width` is how long a stretch is, in seconds; `start` when it
-- began, in seconds since 1970-01-01T00:00:00Z, and a multiple of that.

CREATE TABLE history_finished (
    width INTEGER NOT NULL,
    start INTEGER NOT NULL,
    language TEXT NOT NULL,
    verdict TEXT NOT NULL,
    submissions INTEGER NOT NULL,
    PRIMARY KEY (width, start, language, verdict)
) STRICT, WITHOUT ROWID;

-- How often a time of a kind was in a bucket. What bucket is what time, whoever counts knows.
CREATE TABLE history_times (
    width INTEGER NOT NULL,
    start INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('queue', 'execution')),
    bucket INTEGER NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (width, start, kind, bucket)
) STRICT, WITHOUT ROWID;

-- The most that was seen of each; null where nobody looked. Memory in bytes.
CREATE TABLE history_levels (
    width INTEGER NOT NULL,
    start INTEGER NOT NULL,
    queued INTEGER,
    running INTEGER,
    server_memory INTEGER,
    box_memory INTEGER,
    PRIMARY KEY (width, start)
) STRICT, WITHOUT ROWID;

-- The submissions that finished last, a few hundred: what is known of each beside its code, inputs and outputs.
CREATE TABLE recent_submissions (
    place INTEGER PRIMARY KEY REFERENCES submissions (place),
    id BLOB NOT NULL CHECK (length(id) = 16),
    owner TEXT NOT NULL,
    language TEXT NOT NULL,
    mode TEXT NOT NULL,
    inputs INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    -- Microseconds.
    queue_time INTEGER NOT NULL,
    execution_time INTEGER NOT NULL,
    -- Microseconds since 1970-01-01T00:00:00Z.
    finished_at INTEGER NOT NULL
) STRICT;
CREATE INDEX recent_submissions_finished ON recent_submissions (finished_at);

-- A trigger, so that no way of deleting a result can forget it.
CREATE TRIGGER deleted_report_is_not_recent BEFORE DELETE ON reports
BEGIN
    DELETE FROM recent_submissions WHERE place = OLD.place;
END;
