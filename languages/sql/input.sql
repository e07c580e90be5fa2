-- The lines of the standard input, which was kept in a file, as a table. The text becomes a JSON list
-- of lines: with its backslashes spelled otherwise, each "\n" in the JSON text is the end of a line.
CREATE TABLE input (line_number INTEGER PRIMARY KEY, line TEXT NOT NULL);
INSERT INTO input
SELECT key + 1, value
FROM (
    SELECT replace(CAST(readfile('/tmp/input') AS TEXT), char(13, 10), char(10)) AS text
), json_each(
    '[' || replace(replace(json_quote(
        CASE WHEN substr(text, -1) = char(10) THEN substr(text, 1, length(text) - 1) ELSE text END
    ), '\\', '\u005c'), '\n', '","') || ']'
)
WHERE text <> '';
