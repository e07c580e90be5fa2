identification division.
program-id. large.

environment division.
input-output section.
file-control.
    select lines-in assign to keyboard
        organization is line sequential.

data division.
file section.
fd lines-in.
01 line-read        pic x(1000).

working-storage section.
01 end-of-lines     pic 9 value 0.

procedure division.
    open input lines-in
    perform until end-of-lines = 1
        read lines-in
            at end
                move 1 to end-of-lines
            not at end
                display function trim(line-read trailing)
        end-read
    end-perform
    close lines-in
    stop run.
