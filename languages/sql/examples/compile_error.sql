CREATE TABLE pupils (name TEXT);

SELECT name FORM pupils WHERE name;
