-- Its report is to be deleted soon after it was fetched, and an hour after it came if it never is.
ALTER TABLE submissions ADD COLUMN no_store INTEGER NOT NULL DEFAULT 0 CHECK (no_store IN (0, 1));

-- The reports of those. A row comes with the report and goes with it.
CREATE TABLE passing_reports (
    place INTEGER PRIMARY KEY REFERENCES submissions (place),
    -- Microseconds since 1970-01-01T00:00:00Z.
    delete_at INTEGER NOT NULL
) STRICT;
CREATE INDEX passing_reports_ending ON passing_reports (delete_at);

CREATE TRIGGER report_does_not_stay AFTER INSERT ON reports
WHEN (SELECT no_store FROM submissions WHERE place = NEW.place) = 1
BEGIN
    INSERT INTO passing_reports VALUES (NEW.place, NEW.finished_at + 3600 * 1000000);
END;

CREATE TRIGGER report_that_did_not_stay_is_gone BEFORE DELETE ON reports
BEGIN
    DELETE FROM passing_reports WHERE place = OLD.place;
END;
