-- Where the owner wants to be told of the result; none if it asks by itself.
ALTER TABLE submissions ADD COLUMN callback_url TEXT;

-- What is to be told, or was. A row comes with the report, in its transaction, and goes with it.
CREATE TABLE callbacks (
    place INTEGER PRIMARY KEY REFERENCES submissions (place),
    owner TEXT NOT NULL,
    url TEXT NOT NULL,
    -- `dead`: it was tried as often as it is.
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
    -- Since the report came, or since its owner asked for it again.
    tries INTEGER NOT NULL DEFAULT 0,
    -- Grows by one with each try, whatever was asked for.
    fence INTEGER NOT NULL DEFAULT 0,
    -- The next try is then at the earliest: microseconds since 1970-01-01T00:00:00Z.
    next_at INTEGER,
    -- What the last try came to, unless it was delivered.
    last_error TEXT,
    CHECK ((state = 'waiting') = (next_at IS NOT NULL))
) STRICT;
CREATE INDEX callbacks_waiting ON callbacks (owner, next_at) WHERE state = 'waiting';

-- Triggers, so that no statement that ends or deletes a submission can forget it.
CREATE TRIGGER report_is_to_be_told AFTER INSERT ON reports
WHEN (SELECT callback_url FROM submissions WHERE place = NEW.place) IS NOT NULL
BEGIN
    INSERT INTO callbacks (place, owner, url, state, next_at)
    SELECT place, owner, callback_url, 'waiting', NEW.finished_at FROM submissions WHERE place = NEW.place;
END;

CREATE TRIGGER deleted_report_is_not_told BEFORE DELETE ON reports
BEGIN
    DELETE FROM callbacks WHERE place = OLD.place;
END;

-- What callbacks to an owner are signed with: random, and as secret as the file. The one before may be in use for a while.
CREATE TABLE callback_secrets (
    owner TEXT PRIMARY KEY,
    secret BLOB NOT NULL CHECK (length(secret) = 32),
    previous BLOB CHECK (length(previous) = 32),
    previous_until INTEGER,
    CHECK ((previous IS NULL) = (previous_until IS NULL))
) STRICT, WITHOUT ROWID;
