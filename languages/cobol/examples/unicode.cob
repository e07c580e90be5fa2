identification division.
program-id. unicode.

data division.
working-storage section.
01 line-read    pic x(1000).

procedure division.
    accept line-read
    display "«" function trim(line-read) "»"
    stop run.
