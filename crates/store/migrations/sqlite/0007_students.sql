-- Whose code it is, by a name that only the owner can read; none if the owner did not say.
ALTER TABLE submissions ADD COLUMN student TEXT;
CREATE INDEX submissions_student ON submissions (owner, student, place) WHERE student IS NOT NULL;
