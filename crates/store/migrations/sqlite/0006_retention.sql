-- When a report was written, in microseconds since 1970-01-01T00:00:00Z: results are kept for so long from then. The index
-- has all that is asked, so that nobody reads through a report to get to what stands behind it.
ALTER TABLE reports ADD COLUMN finished_at INTEGER NOT NULL DEFAULT 0;
UPDATE reports SET finished_at = (SELECT submitted_at FROM submissions WHERE submissions.place = reports.place);
CREATE INDEX reports_finished ON reports (finished_at);
