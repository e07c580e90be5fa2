-- What was accepted under an idempotency key, so that a copy of the request is answered like the first. Written with the
-- submissions it names, in one transaction; it may outlast them, when they are deleted.
CREATE TABLE idempotency_keys (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    -- SHA-256 of the request.
    request BLOB NOT NULL CHECK (length(request) = 32),
    -- The batch, if it was one, and the ids of the submissions, one behind the other.
    batch BLOB CHECK (length(batch) = 16),
    submissions BLOB NOT NULL CHECK (length(submissions) > 0 AND length(submissions) % 16 = 0),
    -- Microseconds since 1970-01-01T00:00:00Z. From then on the row means nothing, and the key may be used again.
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_expiring ON idempotency_keys (expires_at);
