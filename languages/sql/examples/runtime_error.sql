CREATE TABLE pupils (name TEXT UNIQUE);
INSERT INTO pupils VALUES ('Ada');
INSERT INTO pupils VALUES ('Ada');
