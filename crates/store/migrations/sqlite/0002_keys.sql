-- API keys beside the first, which is a setting. A name is the owner of submissions, so that a key that was
-- revoked keeps its row: a name that could be used again would hand over what was submitted under it.
CREATE TABLE api_keys (
    name TEXT PRIMARY KEY,
    can_run INTEGER NOT NULL CHECK (can_run IN (0, 1)),
    can_read INTEGER NOT NULL CHECK (can_read IN (0, 1)),
    can_admin INTEGER NOT NULL CHECK (can_admin IN (0, 1)),
    -- Without a number there is no limit.
    requests_per_minute INTEGER CHECK (requests_per_minute > 0),
    cpu_seconds_per_day INTEGER CHECK (cpu_seconds_per_day > 0),
    running INTEGER CHECK (running > 0),
    -- Microseconds since 1970-01-01T00:00:00Z, like all that ends in `_at` or `_until`.
    made_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

-- What opens a key: SHA-256 of 256 random bits, so that nothing here can be sent as a key. One is current; the one
-- before it may be valid for a while. A key that was revoked has none.
CREATE TABLE key_secrets (
    digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
    name TEXT NOT NULL REFERENCES api_keys (name),
    -- Tells secrets apart in lists; random, and no part of what is secret.
    public_part TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    -- None for the current one.
    valid_until INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX key_secrets_current ON key_secrets (name) WHERE valid_until IS NULL;
CREATE UNIQUE INDEX key_secrets_replaced ON key_secrets (name) WHERE valid_until IS NOT NULL;

-- Exactly one row. A number that was seen before means that the keys are those seen then, whoever changed them.
CREATE TABLE key_changes (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO key_changes VALUES (1, 0);
CREATE TRIGGER key_made AFTER INSERT ON api_keys BEGIN UPDATE key_changes SET number = number + 1; END;
CREATE TRIGGER key_changed AFTER UPDATE ON api_keys BEGIN UPDATE key_changes SET number = number + 1; END;
CREATE TRIGGER key_gone AFTER DELETE ON api_keys BEGIN UPDATE key_changes SET number = number + 1; END;
CREATE TRIGGER secret_made AFTER INSERT ON key_secrets BEGIN UPDATE key_changes SET number = number + 1; END;
CREATE TRIGGER secret_changed AFTER UPDATE ON key_secrets BEGIN UPDATE key_changes SET number = number + 1; END;
CREATE TRIGGER secret_gone AFTER DELETE ON key_secrets BEGIN UPDATE key_changes SET number = number + 1; END;

-- What finished submissions used, by owner, UTC day (counted from 1970-01-01) and verdict. At most a row for each
-- verdict an owner had on a day.
CREATE TABLE usage_by_day (
    owner TEXT NOT NULL,
    day INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    submissions INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    -- Microseconds.
    cpu_time INTEGER NOT NULL,
    PRIMARY KEY (owner, day, verdict)
) STRICT, WITHOUT ROWID;
